import type { AssumableBy, Subject } from "../report";
import type { Entry } from "./entry";
import { called } from "./principal";

/** How a principal gets into a role: without MFA, without MFA where that is no finding (a service, an exemption), or with. */
export type Way = "open" | "exempt" | "mfa";

export interface MapPrincipal extends Pick<AssumableBy, "principal" | "class"> {
  readonly key: string;
}

export interface Line {
  /** Indexes into the drawing's principals and roles. */
  readonly principal: number;
  readonly role: number;
  readonly way: Way;
}

export interface Drawing {
  readonly principals: readonly MapPrincipal[];
  readonly roles: readonly Entry[];
  readonly lines: readonly Line[];
  /** What there was no room for. */
  readonly left: { readonly principals: number; readonly roles: number; readonly lines: number };
}

const CLASSES = ["anyone", "account", "user", "role", "federated", "service", "unknown"];
const WAYS: readonly Way[] = ["open", "exempt", "mfa"];

/**
 * The map of who reaches what, of at most `room` roles and as many principals. The most dangerous are drawn: roles in the
 * order of the entries, principals by the doors that are open to them.
 */
export function draw(entries: readonly Entry[], room: number): Drawing {
  const reachable = entries.filter(({ subject }) => (subject.assumableBy ?? []).length > 0);
  const roles = reachable.slice(0, room);
  const all = roles.flatMap((entry, role) => waysInto(entry.subject).map((way) => ({ ...way, role })));
  const { chosen, others } = mostReaching(all, room);
  const order = [...chosen].sort(
    (a, b) => CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class) || a.middle - b.middle,
  );
  const index = new Map(order.map(({ key }, at) => [key, at]));
  const lines = all.flatMap(({ key, role, way }) => {
    const principal = index.get(key);
    return principal === undefined ? [] : [{ principal, role, way }];
  });
  return {
    principals: order.map(({ key, principal, class: of }) => ({ key, principal, class: of })),
    roles,
    lines,
    left: { principals: others, roles: reachable.length - roles.length, lines: all.length - lines.length },
  };
}

interface WayIn extends MapPrincipal {
  readonly way: Way;
}

/** The ways into a role, one for each principal: where it may come with and without MFA, the worse one. */
function waysInto(subject: Subject): WayIn[] {
  const ways = new Map<string, WayIn>();
  for (const caller of subject.assumableBy ?? []) {
    const way = wayOf(subject, caller);
    const key = keyOf(caller);
    const before = ways.get(key);
    if (before === undefined || WAYS.indexOf(way) < WAYS.indexOf(before.way)) {
      ways.set(key, { key, principal: caller.principal, class: caller.class, way });
    }
  }
  return [...ways.values()];
}

/** An account has two names that mean the same: its id, and the ARN of its root. */
function keyOf(caller: AssumableBy): string {
  return `${caller.class} ${caller.class === "account" ? called(caller).name : caller.principal}`;
}

/** A service or a federated principal can never prove MFA: it is a way in only where a finding says so. */
export function wayOf({ standing, findings }: Subject, { principal, class: of, mfa }: AssumableBy): Way {
  if (mfa === "required") return "mfa";
  const told = findings.some(
    ({ state, witnesses }) => state !== "exempt" && witnesses.some((each) => each.principal === principal),
  );
  const never = of === "service" || of === "federated";
  return standing === "exempt" || (never && !told) ? "exempt" : "open";
}

interface Reaching extends MapPrincipal {
  open: number;
  count: number;
  /** The mean place of its roles, by which lines cross least. */
  middle: number;
}

function mostReaching(all: readonly (WayIn & { readonly role: number })[], room: number) {
  const found = new Map<string, Reaching>();
  for (const { key, principal, class: of, way, role } of all) {
    const each = found.get(key) ?? { key, principal, class: of, open: 0, count: 0, middle: 0 };
    each.middle = (each.middle * each.count + role) / (each.count + 1);
    each.count += 1;
    if (way === "open") each.open += 1;
    found.set(key, each);
  }
  const ranked = [...found.values()].sort((a, b) => b.open - a.open || b.count - a.count);
  return { chosen: ranked.slice(0, room), others: Math.max(0, ranked.length - room) };
}
