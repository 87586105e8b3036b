import type { AssumableBy, Subject } from "../report";
import type { Entry } from "./entry";
import { called, type Principal } from "./principal";

/** How a principal gets in: without MFA, without MFA but exempt (a service, an exemption), or with MFA. */
export type Way = "open" | "exempt" | "mfa";

export interface MapPrincipal extends Principal {
  readonly key: string;
}

export interface Connection {
  /** Indexes of the drawing's principals and targets. */
  readonly principal: number;
  readonly target: number;
  readonly way: Way;
}

export interface Drawing {
  readonly principals: readonly MapPrincipal[];
  /** Roles, and users that are open. */
  readonly targets: readonly Entry[];
  readonly connections: readonly Connection[];
  /** How many there is no room for. */
  readonly omitted: {
    readonly principals: number;
    readonly targets: number;
    readonly connections: number;
  };
}

const CLASSES: readonly MapPrincipal["class"][] = [
  ...(["anyone", "credential", "account", "user", "role", "federated", "service", "unknown"] as const),
];
const WAYS: readonly Way[] = ["open", "exempt", "mfa"];

/**
 * The map of who can reach what, with at most `room` targets and as many principals: the first targets in the order of the entries, and
 * the principals with the most open ways in.
 */
export function draw(entries: readonly Entry[], room: number): Drawing {
  const reachable = entries.filter(({ subject }) => hasWays(subject));
  const targets = reachable.slice(0, room);
  const all = targets.flatMap(({ subject }, target) => waysInto(subject).map((way) => ({ ...way, target })));
  const { chosen, others } = mostReaching(all, room);
  const order = [...chosen].sort(
    (a, b) => CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class) || a.middle - b.middle,
  );
  const index = new Map(order.map(({ key }, at) => [key, at]));
  const connections = all.flatMap(({ key, target, way }) => {
    const principal = index.get(key);
    return principal === undefined ? [] : [{ principal, target, way }];
  });
  return {
    principals: order.map(({ key, principal, class: of }) => ({ key, principal, class: of })),
    targets,
    connections,
    omitted: {
      principals: others,
      targets: reachable.length - targets.length,
      connections: all.length - connections.length,
    },
  };
}

interface WayIn extends MapPrincipal {
  readonly way: Way;
}

function hasWays({ kind, standing, assumableBy = [] }: Subject): boolean {
  return assumableBy.length > 0 || (kind === "user" && standing === "open");
}

/** The ways in, one for each principal: the worse one, if it gets in with and without MFA. */
function waysInto(subject: Subject): WayIn[] {
  if (subject.kind === "user") return credentialsOf(subject);
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

/** The credentials of an open user. With a device assigned, AWS asks for its code at a sign-in with the password. */
function credentialsOf({ setup }: Subject): WayIn[] {
  const way = (principal: string, way: Way): WayIn => ({
    key: `credential ${principal}`,
    principal,
    class: "credential",
    way,
  });
  if (setup === undefined) return [way("Credentials", "open")];
  const { password, mfaDevice, accessKeys, serviceCredentials = [], sshPublicKeys = 0 } = setup;
  return [
    ...(serviceCredentials.length > 0 ? [way("Service-specific credentials", "open")] : []),
    ...(sshPublicKeys > 0 ? [way("SSH public keys", "open")] : []),
    ...(accessKeys.some(({ active }) => active) ? [way("Access keys", "open")] : []),
    ...(password === null ? [] : [way("Passwords", mfaDevice ? "mfa" : "open")]),
  ];
}

/** An account has two names: its id, and the ARN of its root. */
function keyOf(caller: AssumableBy): string {
  return `${caller.class} ${caller.class === "account" ? called(caller).name : caller.principal}`;
}

/** Services and federated principals cannot prove MFA, so they are exempt unless a finding has them. */
export function wayOf({ standing, findings }: Subject, { principal, class: of, mfa }: AssumableBy): Way {
  if (mfa === "required") return "mfa";
  const isFound = findings.some(
    ({ state, witnesses }) => state !== "exempt" && witnesses.some((each) => each.principal === principal),
  );
  const never = of === "service" || of === "federated";
  return standing === "exempt" || (never && !isFound) ? "exempt" : "open";
}

interface Reaching extends MapPrincipal {
  open: number;
  count: number;
  /** The mean index of its targets: in this order, the fewest lines cross. */
  middle: number;
}

function mostReaching(all: readonly (WayIn & { readonly target: number })[], room: number) {
  const found = new Map<string, Reaching>();
  for (const { key, principal, class: of, way, target } of all) {
    const each = found.get(key) ?? { key, principal, class: of, open: 0, count: 0, middle: 0 };
    each.middle = (each.middle * each.count + target) / (each.count + 1);
    each.count += 1;
    if (way === "open") each.open += 1;
    found.set(key, each);
  }
  const ranked = [...found.values()].sort((a, b) => b.open - a.open || b.count - a.count);
  return { chosen: ranked.slice(0, room), others: Math.max(0, ranked.length - room) };
}
