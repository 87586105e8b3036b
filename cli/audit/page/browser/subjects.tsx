import type { TargetedKeyboardEvent } from "preact";
import { dangerCell } from "../../render/danger";
import { usageCell } from "../../render/usage";
import { numeral } from "../../render/words";
import { type Entry, shortOf } from "../entry";
import { Details } from "./details";
import { StandingIcon } from "./icons";
import { step } from "./keys";
import { STANDING } from "./words";

/** How many subjects a page of the list has. The document never has more. */
const ON_A_PAGE = 50;

interface Given {
  readonly entries: readonly Entry[];
  /** The ids of the subjects with open details. */
  readonly open: readonly string[];
  /** From 1; by default, the page with the subject that was opened last. */
  readonly page: number | undefined;
  readonly onOpen: (id: string, isOpen: boolean) => void;
  readonly onPage: (page: number) => void;
}

/** The subjects, the most dangerous first, one page at a time. */
export function Subjects({ entries, open, page, onOpen, onPage }: Given) {
  const pages = Math.max(1, Math.ceil(entries.length / ON_A_PAGE));
  const shown = Math.min(page ?? pageOf(entries, open.at(-1)), pages);
  const first = (shown - 1) * ON_A_PAGE;
  return (
    <section aria-labelledby="subjects" class="subjects">
      <h2 id="subjects" tabIndex={-1}>
        What was found
      </h2>
      {entries.length === 0 && <p class="quiet">No matches. “Show all” clears the filters.</p>}
      <ol start={first + 1} onKeyDown={onKeyDown}>
        {entries.slice(first, first + ON_A_PAGE).map((entry, index) => (
          <li key={`${index} ${entry.subject.id}`}>
            <Row entry={entry} isOpen={open.includes(entry.subject.id)} onOpen={onOpen} />
          </li>
        ))}
      </ol>
      {pages > 1 && (
        <Pages
          page={shown}
          pages={pages}
          range={`${numeral(first + 1)} to ${numeral(Math.min(first + ON_A_PAGE, entries.length))} of ${numeral(entries.length)}`}
          onPage={(page) => {
            onPage(page);
            document.getElementById("subjects")?.focus();
          }}
        />
      )}
    </section>
  );
}

function pageOf(entries: readonly Entry[], id: string | undefined): number {
  const index = id === undefined ? -1 : entries.findIndex(({ subject }) => subject.id === id);
  return index < 0 ? 1 : Math.floor(index / ON_A_PAGE) + 1;
}

/** The element id of a subject's row. */
export function rowIdOf(id: string): string {
  return `subject ${id}`;
}

interface RowGiven {
  readonly entry: Entry;
  readonly isOpen: boolean;
  readonly onOpen: Given["onOpen"];
}

function Row({ entry, isOpen, onOpen }: RowGiven) {
  const { place, subject } = entry;
  const { id, standing, kind, name, reason, danger, setup } = subject;
  const used = usageCell(subject);
  return (
    <details
      class="row"
      id={rowIdOf(id)}
      open={isOpen}
      onToggle={(event) => onOpen(id, event.currentTarget.open)}
    >
      <summary>
        <span class={`standing ${standing}`}>
          <StandingIcon standing={standing} />
          {STANDING(standing)}
        </span>
        <span class="name">{name}</span>
        <span class="where">
          {kind} in {shortOf(place)}
        </span>
        <span class="why">
          {reason} {danger && <span class={`badge ${danger.can}`}>danger: {dangerCell(danger)}</span>}
          {setup && !setup.mfaDevice && <span class="badge">no device</span>}
          {used !== "" && <span class="badge">last used: {used}</span>}
        </span>
      </summary>
      {isOpen && <Details entry={entry} />}
    </details>
  );
}

interface PagesGiven {
  readonly page: number;
  readonly pages: number;
  readonly range: string;
  readonly onPage: (page: number) => void;
}

function Pages({ page, pages, range, onPage }: PagesGiven) {
  const steps = [
    { name: "First", to: 1 },
    { name: "Previous", to: page - 1 },
    { name: "Next", to: page + 1 },
    { name: "Last", to: pages },
  ];
  return (
    <nav class="pages" aria-label="Pages of the list">
      {steps.map(({ name, to }) => (
        <button
          type="button"
          key={name}
          disabled={to === page || to < 1 || to > pages}
          onClick={() => onPage(to)}
        >
          {name}
        </button>
      ))}
      <span role="status">{range}</span>
    </nav>
  );
}

/** The arrow keys, Home and End move between rows; Escape closes the focused one. */
function onKeyDown(event: TargetedKeyboardEvent<HTMLElement>): void {
  const row = event.target instanceof Element ? event.target.closest<HTMLDetailsElement>(".row") : null;
  if (event.key === "Escape" && row?.open) {
    row.open = false;
    row.querySelector("summary")?.focus();
  } else step(event, [...event.currentTarget.querySelectorAll<HTMLElement>(".row > summary")]);
}
