import type { TargetedKeyboardEvent } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Entry } from "../entry";
import { type Drawing, draw } from "../map";
import { Column } from "./column";
import { Details } from "./details";
import { StandingIcon } from "./icons";
import { step } from "./keys";
import { Lines } from "./lines";
import { type Spot, spotOf, told, WAYS } from "./spot";
import { count } from "./words";

/** How many targets and principals the map starts with, and has at most: more is a tangle that shows nothing. */
const ROOM = { start: 25, more: 50, most: 150 };

interface Given {
  readonly entries: readonly Entry[];
  /** The key of the principal or target whose connections stay. */
  readonly kept: string | undefined;
  readonly onKeep: (key: string | undefined) => void;
}

/** The map of who gets in where. What is pointed at or has the focus shows its connections; pressing keeps them. */
export function Reachability({ entries, kept, onKeep }: Given) {
  const [room, setRoom] = useState(ROOM.start);
  const [pointed, setPointed] = useState<Spot>();
  const drawing = useMemo(() => draw(entries, room), [entries, room]);
  const spotKept = useMemo(() => spotOf(drawing, kept), [drawing, kept]);
  if (drawing.targets.length === 0) {
    return (
      <section aria-labelledby="map" class="map">
        <h2 id="map">Who gets in where</h2>
        <p class="quiet">Nothing that is shown is a role or an open user.</p>
      </section>
    );
  }
  const spot = pointed ?? spotKept;
  const chosen = spotKept?.side === "target" ? drawing.targets[spotKept.index] : undefined;
  const shared = {
    drawing,
    spot,
    kept: spotKept,
    onPoint: setPointed,
    onKeep,
  };
  return (
    <section aria-labelledby="map" class="map">
      <h2 id="map">Who gets in where</h2>
      <Legend />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys and the mouse go to the buttons in it. */}
      <div
        class="drawing"
        onMouseLeave={() => setPointed(undefined)}
        onKeyDown={(event) => (event.key === "Escape" ? onKeep(undefined) : stepOn(event))}
      >
        <Column side="principal" {...shared} />
        <Lines drawing={drawing} spot={spot} />
        <Column side="target" {...shared} />
      </div>
      <p class="caption" aria-live="polite">
        {spot === undefined
          ? "Point at somebody, a role or a user to see the connections; press to keep them."
          : told(drawing, spot)}
      </p>
      <Left drawing={drawing} room={room} onMore={() => setRoom(Math.min(room + ROOM.more, ROOM.most))} />
      {chosen && (
        <div class="chosen">
          <h3>
            <StandingIcon standing={chosen.subject.standing} /> {chosen.subject.kind} {chosen.subject.name}
          </h3>
          <p>{chosen.subject.reason}</p>
          <Details entry={chosen} />
        </div>
      )}
    </section>
  );
}

/** Up and down a column, and across to the first that is connected. */
function stepOn(event: TargetedKeyboardEvent<HTMLElement>): void {
  const { currentTarget: drawing, target, key } = event;
  const buttons = (of: string) => [...drawing.querySelectorAll<HTMLElement>(`.column${of} button`)];
  const side = target instanceof Element && target.closest(".column.target") ? ".target" : ".principal";
  step(event, buttons(side));
  const across = { ArrowLeft: ".principal", ArrowRight: ".target" }[key];
  if (across === undefined || across === side) return;
  event.preventDefault();
  buttons(across)
    .find((each) => each.classList.contains("lit"))
    ?.focus();
}

function Legend() {
  return (
    <ul class="legend">
      {(["open", "mfa", "exempt"] as const).map((way) => (
        <li key={way}>
          <svg viewBox="0 0 40 8" aria-hidden="true">
            <path class={`way ${way}`} d="M0 4H40" />
          </svg>
          {WAYS[way]}
        </li>
      ))}
    </ul>
  );
}

interface LeftGiven {
  readonly drawing: Drawing;
  readonly room: number;
  readonly onMore: () => void;
}

function Left({ drawing: { left }, room, onMore }: LeftGiven) {
  if (left.targets + left.principals === 0) return null;
  const parts = [
    ...(left.targets > 0 ? [count(left.targets, "role or user", "roles and users")] : []),
    ...(left.principals > 0 ? [count(left.principals, "principal")] : []),
  ];
  return (
    <p class="left">
      Not drawn: {parts.join(" and ")}, the less dangerous ones.{" "}
      {room >= ROOM.most && "Narrow what is shown to see them."}
      {room < ROOM.most && (
        <button type="button" class="plain" onClick={onMore}>
          Draw more
        </button>
      )}
    </p>
  );
}
