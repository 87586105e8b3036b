import { useMemo, useState } from "preact/hooks";
import type { Entry } from "../entry";
import { type Drawing, draw } from "../map";
import { Column } from "./column";
import { Details } from "./details";
import { StandingIcon } from "./icons";
import { Lines } from "./lines";
import { type Spot, spotOf, told, WAYS } from "./spot";
import { count } from "./words";

/** How many roles and principals the map starts with, and has at most: more is a tangle that shows nothing. */
const ROOM = { start: 25, more: 50, most: 150 };
/** The map of who reaches which role. What is pointed at or has the focus shows its connections; pressing keeps them. */
export function Reachability({ entries }: { readonly entries: readonly Entry[] }) {
  const [room, setRoom] = useState(ROOM.start);
  const [pointed, setPointed] = useState<Spot>();
  const [kept, setKept] = useState<string>();
  const drawing = useMemo(() => draw(entries, room), [entries, room]);
  const spotKept = useMemo(() => spotOf(drawing, kept), [drawing, kept]);
  if (drawing.roles.length === 0) {
    return (
      <section aria-labelledby="map" class="map">
        <h2 id="map">Who reaches which role</h2>
        <p class="quiet">Nothing that is shown says who may assume it.</p>
      </section>
    );
  }
  const spot = pointed ?? spotKept;
  const chosen = spotKept?.side === "role" ? drawing.roles[spotKept.index] : undefined;
  const shared = {
    drawing,
    spot,
    kept: spotKept,
    onPoint: setPointed,
    onKeep: (key: string) => setKept((before) => (before === key ? undefined : key)),
  };
  return (
    <section aria-labelledby="map" class="map">
      <h2 id="map">Who reaches which role</h2>
      <Legend />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: leaving the drawing with the mouse is no action of its own. */}
      <div class="drawing" onMouseLeave={() => setPointed(undefined)}>
        <Column side="principal" {...shared} />
        <Lines drawing={drawing} spot={spot} />
        <Column side="role" {...shared} />
      </div>
      <p class="caption" aria-live="polite">
        {spot === undefined
          ? "Point at somebody or at a role to see its connections; press to keep them."
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
  if (left.roles + left.principals === 0) return null;
  const parts = [
    ...(left.roles > 0 ? [count(left.roles, "role")] : []),
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
