import type { Finding, Standing, Subject } from "../report";

/** From the most dangerous to the least. */
export const STANDINGS: readonly Standing[] = ["open", "unknown", "exempt", "protected"];
export const SEVERITIES: readonly Finding["severity"][] = ["critical", "high", "medium", "low"];

/** Orders subjects by danger: how they stand, then the worst finding, then the name. */
export function byDanger(a: Subject, b: Subject): number {
  return (
    STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing) ||
    worst(a) - worst(b) ||
    compare(a.kind, b.kind) ||
    compare(a.name, b.name) ||
    compare(a.id, b.id)
  );
}

function worst({ findings }: Subject): number {
  const ranks = findings
    .filter(({ state }) => state !== "exempt")
    .map(({ severity, level }) => 2 * SEVERITIES.indexOf(severity) + (level === "mandatory" ? 0 : 1));
  return Math.min(...ranks, 2 * SEVERITIES.length);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
