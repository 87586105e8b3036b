import { useMemo } from "preact/hooks";
import type { Drawing } from "../map";
import { heightOf } from "./connections";
import { connectionCounts, litOn, type MapNode, nodesOn } from "./node";

interface Given {
  readonly side: MapNode["side"];
  readonly drawing: Drawing;
  readonly node: MapNode | undefined;
  readonly pinned: MapNode | undefined;
  readonly onPoint: (node: MapNode | undefined) => void;
  readonly onPin: (key: string) => void;
}

/** One side of the map, in rows of equal height: the lines end at their middles. */
export function Column({ side, drawing, node, pinned, onPoint, onPin }: Given) {
  const lit = useMemo(() => litOn(side, drawing, node), [side, drawing, node]);
  return (
    <ul
      class={`column ${side}`}
      aria-label={side === "target" ? "Roles and users" : "Principals"}
      style={{ height: heightOf(drawing) }}
    >
      {nodesOn(side, drawing).map((each, index) => (
        <li key={`${index} ${each.key}`}>
          <button
            type="button"
            class={node === undefined ? "" : lit.has(index) ? "lit" : "dim"}
            aria-pressed={pinned?.side === side && pinned.index === index}
            title={each.title}
            onMouseEnter={() => onPoint({ side, index })}
            onFocus={() => onPoint({ side, index })}
            onBlur={() => onPoint(undefined)}
            onClick={() => onPin(each.key)}
          >
            {each.icon}
            <span class="name">{each.name}</span>
            <span class="what">{each.what}</span>
            <span class="unseen">{connectionCounts(drawing, { side, index })}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
