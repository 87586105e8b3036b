import type { Drawing, Line } from "../map";
import type { Spot } from "./spot";

/** The height of a row, in pixels. */
const ROW = 46;

export function heightOf({ principals, targets }: Drawing): number {
  return Math.max(principals.length, targets.length) * ROW;
}

/** The connections; those of the spot stand out. What they say is told in words beside them. */
export function Lines({ drawing, spot }: { readonly drawing: Drawing; readonly spot: Spot | undefined }) {
  const height = heightOf(drawing);
  const middle = (index: number, among: number) => ((index + 0.5) * height) / among;
  const pathOf = ({ principal, target }: Line) => {
    const from = middle(principal, drawing.principals.length);
    const to = middle(target, drawing.targets.length);
    return `M0 ${from}C45 ${from} 55 ${to} 100 ${to}`;
  };
  const state = (line: Line) => (spot === undefined ? "" : line[spot.side] === spot.index ? " lit" : " dim");
  return (
    <svg
      class="lines"
      viewBox={`0 0 100 ${height}`}
      style={{ height }}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {drawing.lines.map((line) => (
        <path
          key={`${line.principal} ${line.target}`}
          class={`way ${line.way}${state(line)}`}
          d={pathOf(line)}
        />
      ))}
    </svg>
  );
}
