import { STANDINGS, totals } from "../../render/order";
import type { Report, Standing } from "../../report";
import type { Filter } from "../entry";
import { StandingIcon } from "./icons";
import { count, moment, numeral, STANDING } from "./words";

interface Given {
  readonly report: Report;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

const MEANING: Record<Standing, string> = {
  open: "a request without MFA gets in",
  "anyone-with-mfa": "anyone in the world gets in, with MFA",
  unknown: "part of what decides it is not known",
  exempt: "no MFA is asked for here",
  protected: "nobody gets in without MFA",
};

/** The question, its answer, and the totals: each of them also filters. */
export function Answer({ report, filter, onFilter }: Given) {
  const subjects = report.places.flatMap((place) => place.subjects);
  const total = totals(subjects);
  const toggle = (standing: Standing) => {
    const standings = new Set(filter.standings);
    if (!standings.delete(standing)) standings.add(standing);
    onFilter({ ...filter, standings });
  };
  return (
    <>
      <p class="when">
        Audit of <time dateTime={report.madeAt}>{moment(report.madeAt)} UTC</time>
      </p>
      <h1>Can anyone get in without MFA?</h1>
      <p class="verdict">{verdict(report, total, subjects.length)}</p>
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

function verdict({ places }: Report, total: Record<Standing, number>, all: number) {
  const { open, unknown, exempt, "anyone-with-mfa": anyone } = total;
  const where = `in ${count(places.length, "place")}`;
  if (all === 0) return `Nothing was found ${where} that could be judged.`;
  if (open > 0) {
    return (
      <>
        <strong class="open">Yes.</strong> {numeral(open)} of {numeral(all)} {open === 1 ? "is" : "are"}{" "}
        bypassable, {where}.
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
        everything is decided.
      </>
    );
  }
  if (exempt > 0) {
    return (
      <>
        <strong class="exempt">No,</strong> but {numeral(exempt)} {exempt === 1 ? "is" : "are"} exempt, of{" "}
        {numeral(all)} {where}.
      </>
    );
  }
  return (
    <>
      <strong class="protected">No.</strong> None of {numeral(all)} {where} is bypassable.
    </>
  );
}
