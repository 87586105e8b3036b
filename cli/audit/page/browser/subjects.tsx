import { useEffect, useState } from "preact/hooks";
import { usageCell } from "../../usage/words";
import type { Entry } from "../entry";
import { Details } from "./details";
import { StandingIcon } from "./icons";
import { count, STANDING } from "./words";

/** How many subjects are shown at once, and come with each further step. */
const PORTION = 50;

/** The subjects, the most dangerous first, each with its details folded. */
export function Subjects({ entries }: { readonly entries: readonly Entry[] }) {
  const [room, setRoom] = useState(PORTION);
  useEffect(() => setRoom(PORTION), [entries]);
  const left = entries.length - room;
  return (
    <section aria-labelledby="subjects-title" class="subjects">
      <h2 id="subjects-title">
        <span id="subjects" tabIndex={-1}>
          What was found
        </span>
      </h2>
      {entries.length === 0 && <p class="quiet">Nothing fits. “Show all” brings everything back.</p>}
      <ol>
        {entries.slice(0, room).map((entry) => (
          <li key={`${entry.placeIndex} ${entry.subject.id}`}>
            <Row entry={entry} />
          </li>
        ))}
      </ol>
      {left > 0 && (
        <button type="button" class="more" onClick={() => setRoom(room + PORTION)}>
          Show {Math.min(PORTION, left)} more of {count(left, "other")}
        </button>
      )}
    </section>
  );
}

function Row({ entry }: { readonly entry: Entry }) {
  const [open, setOpen] = useState(false);
  const { place, subject } = entry;
  const { standing, kind, name, reason, setup } = subject;
  const used = usageCell(subject);
  return (
    <details class="row" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span class={`standing ${standing}`}>
          <StandingIcon standing={standing} />
          {STANDING(standing)}
        </span>
        <span class="name">{name}</span>
        <span class="where">
          {kind} in {place.name}
        </span>
        <span class="why">
          {reason}
          {setup && !setup.mfaDevice && <span class="badge">no device</span>}
          {used !== "" && <span class="badge">last used: {used}</span>}
        </span>
      </summary>
      {open && <Details entry={entry} />}
    </details>
  );
}
