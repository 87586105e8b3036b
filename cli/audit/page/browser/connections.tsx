import type { Connection, Drawing } from "../map";
import type { MapNode } from "./node";

/** The height of a row, in pixels. */
const ROW = 46;

export function heightOf({ principals, targets }: Drawing): number {
  return Math.max(principals.length, targets.length) * ROW;
}

interface Given {
  readonly drawing: Drawing;
  readonly node: MapNode | undefined;
}

/** The connections as lines; those of the node are highlighted. The caption has them in words. */
export function Connections({ drawing, node }: Given) {
  const height = heightOf(drawing);
  const middle = (index: number, count: number) => ((index + 0.5) * height) / count;
  const pathOf = ({ principal, target }: Connection) => {
    const from = middle(principal, drawing.principals.length);
    const to = middle(target, drawing.targets.length);
    return `M0 ${from}C45 ${from} 55 ${to} 100 ${to}`;
  };
  const state = (each: Connection) =>
    node === undefined ? "" : each[node.side] === node.index ? " lit" : " dim";
  return (
    <svg
      class="lines"
      viewBox={`0 0 100 ${height}`}
      style={{ height }}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {drawing.connections.map((each) => (
        <path
          key={`${each.principal} ${each.target}`}
          class={`way ${each.way}${state(each)}`}
          d={pathOf(each)}
        />
      ))}
    </svg>
  );
}
