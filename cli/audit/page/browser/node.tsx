import { STANDING } from "../../render/words";
import { shortOf } from "../entry";
import type { Connection, Drawing, Way } from "../map";
import { called } from "../principal";
import { StandingIcon } from "./icons";

/** The ways in, in the order of the legend. */
export const WAYS: readonly Way[] = ["open", "mfa", "exempt"];
export const WAY: Record<Way, string> = {
  open: "without MFA",
  exempt: "without MFA (exempt)",
  mfa: "with MFA only",
};

/** A principal or a target on the map. */
export interface MapNode {
  readonly side: "principal" | "target";
  readonly index: number;
}

/** The nodes of a side. */
export function nodesOn(side: MapNode["side"], { principals, targets }: Drawing) {
  if (side === "principal") {
    return principals.map((each) => ({ ...called(each), key: each.key, title: each.principal, icon: null }));
  }
  return targets.map(({ subject, place }) => ({
    key: subject.id,
    name: subject.name,
    what: `${STANDING[subject.standing]}, ${shortOf(place)}`,
    title: subject.id,
    icon: <StandingIcon standing={subject.standing} />,
  }));
}

/** The node of a key, if it is drawn. */
export function nodeOf({ principals, targets }: Drawing, key: string | undefined): MapNode | undefined {
  if (key === undefined) return undefined;
  const target = targets.findIndex(({ subject }) => subject.id === key);
  if (target >= 0) return { side: "target", index: target };
  const principal = principals.findIndex((each) => each.key === key);
  return principal >= 0 ? { side: "principal", index: principal } : undefined;
}

function connectionsOf({ connections }: Drawing, { side, index }: MapNode): readonly Connection[] {
  return connections.filter((each) => each[side] === index);
}

/** The indexes of a side's nodes that are the given one, or connected with it. */
export function litOn(
  side: MapNode["side"],
  drawing: Drawing,
  node: MapNode | undefined,
): ReadonlySet<number> {
  if (node === undefined) return new Set();
  if (node.side === side) return new Set([node.index]);
  return new Set(connectionsOf(drawing, node).map((each) => each[side]));
}

/** The connections of a node in words, for those who do not see the lines. */
export function connectionsText(drawing: Drawing, node: MapNode): string {
  const other = node.side === "target" ? "principal" : "target";
  const names = nodesOn(other, drawing);
  const own = nodesOn(node.side, drawing)[node.index]?.name ?? "";
  const parts = WAYS.flatMap((way) => {
    const reached = connectionsOf(drawing, node).filter((each) => each.way === way);
    const shown = reached.slice(0, 8).map((each) => names[each[other]]?.name);
    const more = reached.length > shown.length ? ` and ${reached.length - shown.length} more` : "";
    return reached.length === 0 ? [] : [`${WAY[way]}: ${shown.join(", ")}${more}`];
  });
  if (parts.length === 0) return `No principal that is drawn reaches ${own}.`;
  return `${own} ${node.side === "target" ? "is reached" : "reaches"} ${parts.join("; ")}.`;
}

export function connectionCounts(drawing: Drawing, node: MapNode): string {
  const own = connectionsOf(drawing, node);
  const withMfa = own.filter(({ way }) => way === "mfa").length;
  return `, ${own.length - withMfa} connections without MFA, ${withMfa} with MFA`;
}
