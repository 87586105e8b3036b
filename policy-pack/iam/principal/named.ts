import { mayBeSame } from "../encode/policy-pattern";
import type { Selection } from "../policy/model";
import { identityOf, type Text } from "../policy/unknown";
import type { StringSet } from "../solver/pattern";
import { arnOf, type Parts, partitionIn, SEGMENT, TEXT } from "./arn";
import type { Caller } from "./caller";
import { idOf, type PrincipalEntry } from "./entry";

/** The principals that a statement names, by ARN where they have one. */
export interface Named {
  readonly entries: readonly PrincipalEntry[];
  /** `aws:PrincipalArn` of users, roles and whole accounts. */
  readonly arns: StringSet;
  readonly sessions: StringSet;
  readonly anyone: boolean;
  readonly ids: ReadonlySet<string>;
}

/** AWS refuses `NotPrincipal` beside Deny in a trust policy; it counts as naming nobody. */
export function namedBy({ negated, entries: all }: Selection<PrincipalEntry>, partition: Parts): Named {
  const entries = negated ? [] : all;
  return {
    entries,
    arns: entries.flatMap((entry) => {
      if (entry.kind === "user" || entry.kind === "role") return [arnOf(entry.text)];
      if (entry.kind !== "account") return [];
      const own = partitionIn(entry, partition);
      return [arnOf("arn:", own, ":", SEGMENT, ":", SEGMENT, ":", entry.account, ":", TEXT)];
    }),
    sessions: entries.flatMap((entry) => (entry.kind === "session" ? [arnOf(entry.text)] : [])),
    anyone: entries.some(({ kind }) => kind === "anyone"),
    ids: new Set(entries.map(idOf)),
  };
}

/** Whether a Deny surely names all of these callers. Otherwise their ARNs, or unknown values, decide. */
export function isDenied({ entries, anyone, ids }: Named, { entry, arns }: Caller): boolean {
  // `*` is every identity of IAM; of services and identity providers it names those that `*` lets in.
  return (
    ids.has(idOf(entry)) ||
    (anyone && (arns !== undefined || entry.kind === "unknown")) ||
    entries.some((denied) => isSessionOf(entry, denied, areEqual))
  );
}

/** Whether a Deny may turn out to name the callers, by an unknown part of either principal. */
export function mayBeDenied({ entries }: Named, { kind, arns, entry }: Caller): boolean {
  return entries.some((denied) => {
    switch (denied.kind) {
      case "anybody":
        return true;
      case "unknown":
        // It may be `*`, which names every identity with an ARN, and anyone.
        return arns !== undefined || entry.kind === "anyone";
      case "id":
        return kind === denied.class && entry.kind !== "account" && entry.kind !== "anyone";
      case "service":
      case "federated":
        return kind === denied.kind && mayBeSame(entry.text, denied.text);
      case "session":
        return entry.kind === "unknown";
      case "role":
        return isSessionOf(entry, denied, mayBeSame);
      default:
        return false;
    }
  });
}

/** Whether one is a session of the other: a role's name is unique in its account. */
function isSessionOf(
  session: PrincipalEntry,
  role: PrincipalEntry,
  isSame: (one: Text, other: Text) => boolean,
): boolean {
  if (session.kind !== "session" || role.kind !== "role") return false;
  return isSame(session.account, role.account) && isSame(session.name, role.name);
}

function areEqual(one: Text, other: Text): boolean {
  return identityOf(one) === identityOf(other);
}
