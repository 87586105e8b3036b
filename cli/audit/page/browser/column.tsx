import { useMemo } from "preact/hooks";
import type { Drawing } from "../map";
import { heightOf } from "./lines";
import { litOn, reachOf, type Spot, spotsOn } from "./spot";

interface ColumnGiven {
  readonly side: Spot["side"];
  readonly drawing: Drawing;
  readonly spot: Spot | undefined;
  readonly kept: Spot | undefined;
  readonly onPoint: (spot: Spot | undefined) => void;
  readonly onKeep: (key: string) => void;
}

/** One side of the map, in rows of equal height: the lines are drawn to their middles. */
export function Column({ side, drawing, spot, kept, onPoint, onKeep }: ColumnGiven) {
  const lit = useMemo(() => litOn(side, drawing, spot), [side, drawing, spot]);
  return (
    <ul
      class={`column ${side}`}
      aria-label={side === "target" ? "Roles and users" : "Principals"}
      style={{ height: heightOf(drawing) }}
    >
      {spotsOn(side, drawing).map((each, index) => (
        <li key={`${index} ${each.key}`}>
          <button
            type="button"
            class={spot === undefined ? "" : lit.has(index) ? "lit" : "dim"}
            aria-pressed={kept?.side === side && kept.index === index}
            title={each.title}
            onMouseEnter={() => onPoint({ side, index })}
            onFocus={() => onPoint({ side, index })}
            onBlur={() => onPoint(undefined)}
            onClick={() => onKeep(each.key)}
          >
            {each.icon}
            <span class="name">{each.name}</span>
            <span class="what">{each.what}</span>
            <span class="unseen">{reachOf(drawing, { side, index })}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
