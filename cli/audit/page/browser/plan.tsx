import { useState } from "preact/hooks";
import { numeral } from "../../render/words";
import { type Part, type Section, sectionsOf } from "../part";
import { CopyButton } from "./copy";

/** How many sections are shown at first, and added by each click. */
const PORTION = 25;

/** The plan of a rehearsal: who a change would stop, and the ways out, folded. */
export function Plan({ parts }: { readonly parts: readonly Part[] }) {
  const [room, setRoom] = useState(PORTION);
  const [head, ...rest] = sectionsOf(parts);
  if (head === undefined) return null;
  const left = rest.length - room;
  return (
    <section class="plan" aria-labelledby="rehearsal">
      <h2 id="rehearsal">{head.heading}</h2>
      <Parts section={head} />
      {rest.slice(0, room).map((section, index) => (
        <Folded section={section} key={index} />
      ))}
      {left > 0 && (
        <button type="button" class="plain" onClick={() => setRoom(room + PORTION)}>
          Show more ({numeral(left)} left)
        </button>
      )}
    </section>
  );
}

/** The plan in print. */
export function PrintedPlan({ parts }: { readonly parts: readonly Part[] }) {
  return (
    <>
      {sectionsOf(parts).map((section, index) => (
        <section class="plan" key={index}>
          {index === 0 ? <h2>{section.heading}</h2> : <h3>{section.heading}</h3>}
          <Parts section={section} />
        </section>
      ))}
    </>
  );
}

function Folded({ section }: { readonly section: Section }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{section.heading}</summary>
      {isOpen && <Parts section={section} />}
    </details>
  );
}

function Parts({ section }: { readonly section: Section }) {
  return (
    <>
      {section.parts.map((part, index) => (
        <Shown part={part} key={index} />
      ))}
    </>
  );
}

function Shown({ part }: { readonly part: Section["parts"][number] }) {
  switch (part.kind) {
    case "text":
      return <p>{part.text}</p>;
    case "list":
      return (
        <ul>
          {part.items.map((item, index) => (
            <li key={index}>{item}</li>
          ))}
        </ul>
      );
    case "json": {
      const text = JSON.stringify(part.value, undefined, 2);
      return (
        <div class="json">
          <pre>
            <code>{text}</code>
          </pre>
          <CopyButton text={text} what="this JSON" />
        </div>
      );
    }
  }
}
