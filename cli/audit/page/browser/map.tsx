import type { TargetedKeyboardEvent } from "preact";
import { useMemo, useState } from "preact/hooks";
import { counted } from "../../render/words";
import type { Entry } from "../entry";
import { type Drawing, draw } from "../map";
import { Column } from "./column";
import { Connections } from "./connections";
import { Details } from "./details";
import { StandingIcon } from "./icons";
import { step } from "./keys";
import { connectionsText, type MapNode, nodeOf, WAY, WAYS } from "./node";

/** How many targets and principals the map has at first, and at most: more are unreadable. */
const ROOM = { start: 25, more: 50, most: 150 };

interface Given {
  readonly entries: readonly Entry[];
  /** The key of the node whose connections stay highlighted. */
  readonly pinned: string | undefined;
  readonly onPin: (key: string | undefined) => void;
}

/** The map of who can reach what. A node shows its connections while it is pointed at or has the focus; a click pins them. */
export function AccessMap({ entries, pinned, onPin }: Given) {
  const [room, setRoom] = useState(ROOM.start);
  const [pointed, setPointed] = useState<MapNode>();
  const drawing = useMemo(() => draw(entries, room), [entries, room]);
  const pinnedNode = useMemo(() => nodeOf(drawing, pinned), [drawing, pinned]);
  const node = pointed ?? pinnedNode;
  const chosen = pinnedNode?.side === "target" ? drawing.targets[pinnedNode.index] : undefined;
  const shared = { drawing, node, pinned: pinnedNode, onPoint: setPointed, onPin };
  return (
    <section aria-labelledby="map" class="map">
      <h2 id="map">Who can reach what</h2>
      {drawing.targets.length === 0 ? (
        <p class="quiet">There are no roles or open users to show.</p>
      ) : (
        <>
          <Legend />
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys and the mouse go to the buttons in it. */}
          <div
            class="drawing"
            onMouseLeave={() => setPointed(undefined)}
            onKeyDown={(event) => (event.key === "Escape" ? onPin(undefined) : stepOn(event))}
          >
            <Column side="principal" {...shared} />
            <Connections drawing={drawing} node={node} />
            <Column side="target" {...shared} />
          </div>
          <p class="caption" aria-live="polite">
            {node === undefined
              ? "Point at a principal, a role or a user to see its connections. Click to pin them."
              : connectionsText(drawing, node)}
          </p>
          <Omitted
            drawing={drawing}
            room={room}
            onMore={() => setRoom(Math.min(room + ROOM.more, ROOM.most))}
          />
        </>
      )}
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

/** Up and down a column, and across to the first connected node. */
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
      {WAYS.map((way) => (
        <li key={way}>
          <svg viewBox="0 0 40 8" aria-hidden="true">
            <path class={`way ${way}`} d="M0 4H40" />
          </svg>
          {WAY[way]}
        </li>
      ))}
    </ul>
  );
}

interface OmittedGiven {
  readonly drawing: Drawing;
  readonly room: number;
  readonly onMore: () => void;
}

function Omitted({ drawing: { omitted }, room, onMore }: OmittedGiven) {
  const { targets, principals } = omitted;
  if (targets + principals === 0) return null;
  const parts = [
    ...(targets > 0 ? [counted(targets, "role or user", "roles and users")] : []),
    ...(principals > 0 ? [counted(principals, "principal")] : []),
  ];
  return (
    <p class="left">
      Not drawn: the {parts.join(" and ")} with the least danger.{" "}
      {room < ROOM.most ? (
        <button type="button" class="plain" onClick={onMore}>
          Draw more
        </button>
      ) : (
        "Filter to see them."
      )}
    </p>
  );
}
