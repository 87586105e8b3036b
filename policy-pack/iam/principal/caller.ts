import type { Statement } from "../policy/model";
import { identityOf, type Unknown } from "../policy/unknown";
import { pattern, type StringSet } from "../solver/pattern";
import { ANY_ACCOUNT, arnOf, arnsOf, type Parts, partitionIn, sessionsOf, unknownToken } from "./arn";
import { classOf, type PrincipalClass, type PrincipalEntry } from "./entry";

/** The three calls that return the credentials of a role's session. */
export type AssumeRoleAction = "sts:AssumeRole" | "sts:AssumeRoleWithSAML" | "sts:AssumeRoleWithWebIdentity";

/**
 * The kind of identity that calls, which decides what its requests carry. `federated`: an identity of a SAML or OpenID Connect
 * provider, whose call is not signed. `federated-user`: a session of `sts:GetFederationToken`, which like a root user cannot
 * call `sts:AssumeRole`, so that no trust policy lets it in.
 * Source: IAM user guide, "Compare AWS STS credentials".
 */
export type CallerKind = "user" | "role" | "service" | "federated" | "federated-user";

/** A set of callers that one entry of an Allow statement lets in, all judged alike. */
export interface Caller {
  readonly entry: PrincipalEntry;
  readonly kind: CallerKind;
  /** The class that it is evaluated by; `unknown` for an unknown principal. */
  readonly class: PrincipalClass | "unknown";
  readonly wayIn: AssumeRoleAction;
  /** `aws:PrincipalArn` of the callers, for a role's session the role's ARN. Absent for services and federation. */
  readonly arns?: StringSet;
  /** The ARN of the session itself, where it matters. */
  readonly sessions?: StringSet;
  /** The unique id, where the document names it. */
  readonly id?: string;
}

/** Conditions on these keys narrow an account to some of its users and roles. */
const NARROWING_KEYS = new Set(["aws:principalarn", "aws:principaltype", "aws:username", "aws:userid"]);

/** Whether a condition narrows the accounts of a statement to some of their users or roles. */
function isNarrowed({ conditions }: Statement): boolean {
  return conditions.some(
    ({ key, operator }) => NARROWING_KEYS.has(key) && !operator.negated && operator.family !== "null",
  );
}

/** The principals that a statement names. AWS refuses `NotPrincipal` in a trust policy; beside Allow it counts as anyone. */
export function principalsOf({ principals }: Statement): readonly PrincipalEntry[] {
  if (principals?.negated === true) return [{ kind: "anyone", text: "NotPrincipal" }];
  return principals?.entries ?? [];
}

/**
 * The callers that a principal of a statement names, users and roles apart, since what a request carries depends on it. An
 * account that a condition narrows to some of its users or roles is evaluated by their class.
 */
export function callersOf(entry: PrincipalEntry, statement: Statement, partition: Parts): readonly Caller[] {
  const caller = (kind: CallerKind, arns: StringSet, more: Partial<Caller> = {}): Caller => ({
    entry,
    kind,
    class: classOf(entry),
    wayIn: "sts:AssumeRole",
    arns,
    ...more,
  });
  switch (entry.kind) {
    case "anyone":
    case "anybody":
      return [
        ...KINDS.map((kind) => caller(kind, arnsOf(kind, partition, ANY_ACCOUNT))),
        ...federated(entry),
        service(entry),
      ];
    case "account": {
      const own = partitionIn(entry, partition);
      return KINDS.map((kind) =>
        caller(kind, arnsOf(kind, own, entry.account), isNarrowed(statement) ? { class: kind } : {}),
      );
    }
    case "user":
      return entry.isFederated ? [] : [caller("user", [arnOf(entry.text)])];
    case "role": {
      const { partition: own, account, name } = entry;
      return [caller("role", [arnOf(entry.text)], { sessions: [sessionsOf([own], account, name)] })];
    }
    case "session": {
      // The ARN of a session leaves out the role's path.
      const roles = arnsOf("role", [entry.partition], entry.account, entry.name);
      return [caller("role", roles, { sessions: [arnOf(entry.text)] })];
    }
    case "id":
      return [caller(entry.class, arnsOf(entry.class, partition, ANY_ACCOUNT), { id: entry.text })];
    case "service":
      return [service(entry)];
    case "federated":
      return entry.protocol === "unknown" ? federated(entry) : federated(entry, [entry.protocol]);
    case "unknown": {
      // The ARN of the caller is not the principal's if that is an account, whose users and roles call.
      const token = { ...unknownToken(entry.text, "text"), id: `caller of ${identityOf(entry.text)}` };
      const arns = [pattern([token], false)];
      return [...KINDS.map((kind) => caller(kind, arns)), ...federated(entry), service(entry)];
    }
  }
}

const KINDS = ["user", "role"] as const;

const FEDERATED_CALLS = {
  saml: "sts:AssumeRoleWithSAML",
  web: "sts:AssumeRoleWithWebIdentity",
} as const;

function federated(
  entry: PrincipalEntry,
  protocols: readonly (keyof typeof FEDERATED_CALLS)[] = ["saml", "web"],
): readonly Caller[] {
  return protocols.map((each) => {
    return { entry, kind: "federated", class: classOf(entry), wayIn: FEDERATED_CALLS[each] };
  });
}

function service(entry: PrincipalEntry): Caller {
  const judged = entry.kind === "anybody" ? "unknown" : "service";
  return { entry, kind: "service", class: judged, wayIn: "sts:AssumeRole" };
}

/** Users and roles of an account that may be any, and about which nothing else is known. */
export function strangers(entry: PrincipalEntry, account: Unknown, partition: Parts): readonly Caller[] {
  return KINDS.map((kind) => {
    const arns = arnsOf(kind, partition, account);
    return { entry, kind, class: "anyone", wayIn: "sts:AssumeRole", arns };
  });
}
