import { STANDING } from "../../render/words";
import { shortOf } from "../entry";
import type { Drawing, Way } from "../map";
import { called } from "../principal";
import { StandingIcon } from "./icons";

export const WAYS: Record<Way, string> = {
  open: "without MFA",
  exempt: "without MFA, which is exempt",
  mfa: "with MFA only",
};

/** A principal or a target on the map. */
export interface Spot {
  readonly side: "principal" | "target";
  readonly index: number;
}

/** What stands on a side, in words. */
export function spotsOn(side: Spot["side"], { principals, targets }: Drawing) {
  if (side === "principal") {
    return principals.map((each) => ({ ...called(each), key: each.key, title: each.principal, icon: null }));
  }
  return targets.map((entry) => ({
    key: entry.subject.id,
    name: entry.subject.name,
    what: `${STANDING[entry.subject.standing]}, ${shortOf(entry.place)}`,
    title: entry.subject.id,
    icon: <StandingIcon standing={entry.subject.standing} />,
  }));
}

/** Where the principal or target of a key stands, if it is drawn. */
export function spotOf({ principals, targets }: Drawing, key: string | undefined): Spot | undefined {
  if (key === undefined) return undefined;
  const target = targets.findIndex(({ subject }) => subject.id === key);
  if (target >= 0) return { side: "target", index: target };
  const principal = principals.findIndex((each) => each.key === key);
  return principal >= 0 ? { side: "principal", index: principal } : undefined;
}

/** Which spots of a side are the one pointed at, or connected with it. */
export function litOn(side: Spot["side"], { lines }: Drawing, spot: Spot | undefined): ReadonlySet<number> {
  if (spot === undefined) return new Set();
  if (spot.side === side) return new Set([spot.index]);
  return new Set(lines.filter((line) => line[spot.side] === spot.index).map((line) => line[side]));
}

/** The connections in words, for those who do not see the lines. */
export function told(drawing: Drawing, spot: Spot): string {
  const other = spot.side === "target" ? "principal" : "target";
  const names = spotsOn(other, drawing);
  const own = spotsOn(spot.side, drawing)[spot.index]?.name ?? "";
  const parts = (["open", "mfa", "exempt"] as const).flatMap((way) => {
    const reached = drawing.lines.filter((line) => line[spot.side] === spot.index && line.way === way);
    const shown = reached.slice(0, 8).map((line) => names[line[other]]?.name);
    const more = reached.length > shown.length ? ` and ${reached.length - shown.length} more` : "";
    return reached.length === 0 ? [] : [`${WAYS[way]}: ${shown.join(", ")}${more}`];
  });
  const start = spot.side === "target" ? `${own} is reached` : `${own} reaches`;
  return parts.length === 0 ? `${start} by nobody who is drawn.` : `${start} ${parts.join("; ")}.`;
}

export function reachOf({ lines }: Drawing, spot: Spot): string {
  const of = (way: Way) => lines.filter((line) => line[spot.side] === spot.index && line.way === way).length;
  return `, ${of("open") + of("exempt")} connections without MFA, ${of("mfa")} with MFA`;
}
