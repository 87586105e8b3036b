import { dangerText } from "../../render/danger";
import type { Standing } from "../../report";
import { type Entry, shortOf } from "../entry";
import { StandingIcon } from "./icons";

const SHOWN = 3;
const WORTH: readonly Standing[] = ["open", "anyone-with-mfa"];

interface Given {
  readonly entries: readonly Entry[];
  readonly onSeek: (id: string) => void;
}

/** The most dangerous subjects that are open. */
export function First({ entries, onSeek }: Given) {
  const first = entries.filter(({ subject }) => WORTH.includes(subject.standing)).slice(0, SHOWN);
  if (first.length === 0) return null;
  return (
    <section class="first" aria-labelledby="first">
      <h2 id="first">{first.length === 1 ? "Start with this one" : `Start with these ${first.length}`}</h2>
      <ol>
        {first.map((entry, index) => (
          <li key={index}>
            <Card entry={entry} onSeek={onSeek} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Card({ entry: { place, subject }, onSeek }: { readonly entry: Entry } & Pick<Given, "onSeek">) {
  const { id, kind, name, standing, reason } = subject;
  return (
    <button type="button" class="card" onClick={() => onSeek(id)}>
      <span class="name">
        <StandingIcon standing={standing} /> {name}
      </span>
      <span class="where">
        {kind} in {shortOf(place)}
      </span>
      <span>{reason}</span>
      {dangerText(subject).map((danger) => (
        <span class="where" key={danger}>
          {danger}
        </span>
      ))}
      <span class="to">Show the way in and the fix</span>
    </button>
  );
}
