import { render } from "preact";
import { useEffect } from "preact/hooks";
import { STANDINGS, totals } from "../../render/order";
import { counted, numeral, STANDING as WORDS } from "../../render/words";
import type { Report } from "../../report";
import { type Entry, type Filter, isPressing } from "../entry";
import type { Part } from "../part";
import { fragmentOf } from "../view";
import { News, Verdict } from "./answer";
import { Details } from "./details";
import { StandingIcon } from "./icons";
import { PlacesTable, Troubles } from "./places";
import { PrintedPlan } from "./plan";
import { STANDING } from "./words";

interface Given {
  readonly report: Report;
  readonly plan: readonly Part[];
  readonly entries: readonly Entry[];
  readonly filter: Filter;
  readonly shown: readonly Entry[];
}

/** While the page is printed, the document also has its print version; the style shows one of the two. */
export function usePrint(given: Given): void {
  useEffect(() => {
    const paper = document.createElement("div");
    paper.id = "print";
    document.body.append(paper);
    // The browser prints the document as it is when the event ends.
    const fill = () => render(<Printed {...given} />, paper);
    const clear = () => render(null, paper);
    addEventListener("beforeprint", fill);
    addEventListener("afterprint", clear);
    return () => {
      removeEventListener("beforeprint", fill);
      removeEventListener("afterprint", clear);
      clear();
      paper.remove();
    };
  }, Object.values(given));
}

/** The answer and what is shown; without a filter, what needs attention. That has its details; the rest has a line each. */
function Printed({ report, plan, entries, filter, shown }: Given) {
  const isFiltered = fragmentOf({ filter, open: [] }) !== "";
  const printed = isFiltered ? shown : shown.filter(({ subject }) => isPressing(subject));
  const total = totals(entries.map(({ subject }) => subject));
  return (
    <>
      <header>
        <Verdict report={report} entries={entries} />
        <News report={report} entries={entries} />
        <p>{STANDINGS.map((each) => `${numeral(total[each])} ${WORDS[each]}`).join(", ")}</p>
        <Troubles places={report.places} />
        <PlacesTable places={report.places} />
      </header>
      <PrintedPlan parts={plan} />
      <h2>
        {printed.length === entries.length
          ? `All ${numeral(entries.length)}`
          : `${numeral(printed.length)} of ${numeral(entries.length)}`}
        {isFiltered ? `: ${filterText(filter)}` : ""}
      </h2>
      {printed.map((entry, index) => (
        <Subject entry={entry} key={index} />
      ))}
      {!isFiltered && printed.length < entries.length && (
        <p class="quiet">
          Not printed: {counted(entries.length - printed.length, "subject")} that are protected or exempt.
          With a filter, everything that it shows is printed.
        </p>
      )}
    </>
  );
}

function Subject({ entry }: { readonly entry: Entry }) {
  const { kind, name, standing, reason } = entry.subject;
  return (
    <article class="printed">
      <h3>
        <StandingIcon standing={standing} /> {kind} {name}
      </h3>
      <p>
        <strong class={standing}>{STANDING(standing)}.</strong> {reason}
      </p>
      {isPressing(entry.subject) && <Details entry={entry} />}
    </article>
  );
}

function filterText({ standings, kind, place, policy, text, isNew }: Filter): string {
  return [
    ...STANDINGS.filter((each) => standings.has(each)).map((each) => WORDS[each]),
    ...[kind, place, policy].filter(Boolean),
    ...(isNew ? ["new"] : []),
    ...(text === "" ? [] : [`with “${text}”`]),
  ].join(", ");
}
