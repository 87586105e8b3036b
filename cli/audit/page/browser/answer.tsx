import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { notLookedAtText } from "../../render/not-looked-at";
import { STANDINGS, totals } from "../../render/order";
import { counted, countedByKind, numeral, placeText } from "../../render/words";
import type { Report, Standing, Subject } from "../../report";
import { type Entry, type Filter, isNew, isOpen } from "../entry";
import { First } from "./first";
import { StandingIcon } from "./icons";
import { day, moment, STANDING } from "./words";

interface Given {
  readonly report: Report;
  readonly entries: readonly Entry[];
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  /** Shows a subject in the list. */
  readonly onSeek: (id: string) => void;
}

const MEANING: Record<Standing, string> = {
  open: "a request without MFA gets in",
  "anyone-with-mfa": "anyone in the world gets in with MFA",
  unknown: "something that decides it is not known",
  exempt: "MFA is not required here",
  protected: "nobody gets in without MFA",
};

/** The question, the answer, what to start with, and the totals, which are filters, too. */
export function Answer({ report, entries, filter, onFilter, onSeek }: Given) {
  const total = useMemo(() => totals(entries.map(({ subject }) => subject)), [entries]);
  const toggle = (standing: Standing) => {
    const standings = new Set(filter.standings);
    if (!standings.delete(standing)) standings.add(standing);
    onFilter({ ...filter, standings });
  };
  return (
    <>
      <Verdict report={report} entries={entries} />
      <News report={report} entries={entries}>
        <button
          type="button"
          class="plain"
          aria-pressed={filter.isNew}
          onClick={() => onFilter({ ...filter, isNew: !filter.isNew })}
        >
          Show new only
        </button>
      </News>
      <First entries={entries} onSeek={onSeek} />
      <fieldset class="totals">
        <legend class="unseen">Show only</legend>
        {STANDINGS.map((standing) => (
          <button
            type="button"
            key={standing}
            class={`total ${standing}`}
            aria-pressed={filter.standings.has(standing)}
            onClick={() => toggle(standing)}
          >
            <span class="number">{numeral(total[standing])}</span>
            <span class="standing">
              <StandingIcon standing={standing} />
              {STANDING(standing)}
            </span>
            <span class="meaning">{MEANING[standing]}</span>
          </button>
        ))}
      </fieldset>
    </>
  );
}

type ReportGiven = Pick<Given, "report" | "entries">;

export function Verdict({ report, entries }: ReportGiven) {
  const answer = useMemo(
    () =>
      verdict(
        report,
        entries.map(({ subject }) => subject),
      ),
    [report, entries],
  );
  const unseen = useMemo(() => notLookedAtText(report), [report]);
  return (
    <>
      <p class="when">
        Audit of <time dateTime={report.madeAt}>{moment(report.madeAt)} UTC</time>
      </p>
      <h1>Can anyone get in without MFA?</h1>
      <p class="verdict">{answer}</p>
      {unseen && <p class="not-looked-at">{unseen}</p>}
    </>
  );
}

/** How many subjects have findings that the baseline does not have. */
export function News({
  report: { baseline },
  entries,
  children,
}: ReportGiven & { readonly children?: ComponentChildren }) {
  const news = useMemo(() => entries.map(({ subject }) => subject).filter(isNew), [entries]);
  if (baseline === undefined) return null;
  const { madeAt } = baseline;
  const since = madeAt === undefined ? "since the baseline" : `since the baseline of ${day(madeAt)}`;
  if (news.length === 0) return <p class="news">Nothing is new {since}.</p>;
  return (
    <p class="news">
      <span>
        <strong>{countedByKind(news)}</strong> {news.length === 1 ? "has" : "have"} new findings {since}.
      </span>
      {children}
    </p>
  );
}

function verdict({ places }: Report, subjects: readonly Subject[]) {
  const { unknown, exempt, "anyone-with-mfa": anyone } = totals(subjects);
  const all = subjects.length;
  const open = subjects.filter(isOpen);
  const [only] = places;
  const where = `in ${only === undefined || places.length > 1 ? counted(places.length, "place") : placeText(only)}`;
  if (all === 0) return `Nothing was found ${where} that could be evaluated.`;
  if (open.length > 0) {
    return (
      <>
        <strong class="open">Yes.</strong> {countedByKind(open)} of {numeral(all)}{" "}
        {open.length === 1 ? "is" : "are"} bypassable, {where}.
      </>
    );
  }
  if (anyone > 0) {
    return (
      <>
        <strong class="anyone-with-mfa">Not without MFA,</strong> but {numeral(anyone)} of {numeral(all)}{" "}
        {where} {anyone === 1 ? "is" : "are"} open to anyone in the world with MFA.
      </>
    );
  }
  if (unknown > 0 || places.some(({ trouble }) => trouble !== undefined)) {
    return (
      <>
        <strong class="unknown">Perhaps.</strong> None of {numeral(all)} {where} was found bypassable, but not
        everything could be decided.
      </>
    );
  }
  if (exempt > 0) {
    return (
      <>
        <strong class="exempt">No,</strong> but {numeral(exempt)} of {numeral(all)} {where}{" "}
        {exempt === 1 ? "is" : "are"} exempt.
      </>
    );
  }
  return (
    <>
      <strong class="protected">No.</strong> None of {numeral(all)} {where} is bypassable.
    </>
  );
}
