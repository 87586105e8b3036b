import type { Setting } from "aws-mfa-policy-pack/evaluation";
import {
  type Limit,
  memoize,
  type Policy,
  type PolicyKind,
  parsePolicy,
  SELF_SERVICE_ACTIONS,
} from "aws-mfa-policy-pack/iam";
import { z } from "zod";
import { refusedPolicy } from "../audit/refused-policy";
import { placed } from "../audit/render/order";
import type { Report, Subject } from "../audit/report";
import { Failure } from "../failure";

/** Policies that a change adds, and whose calls they apply to. */
export interface Part {
  readonly policies: readonly Policy[];
  /** Whether they are a role's whole trust policy, so that one of their Allow statements must match. Otherwise only Deny statements count. */
  readonly grants: boolean;
  readonly on:
    | { readonly kind: "role"; readonly id: string; readonly name: string }
    /** These users; every user and role of these accounts; every caller of a resource in these accounts. */
    | { readonly kind: "users" | "accounts" | "resources"; readonly ids: ReadonlySet<string> };
  /** The pack's policy whose exemptions exclude someone from it. */
  readonly exemptedBy?: "iam-role-requires-mfa" | "iam-user-requires-mfa";
}

export interface Change {
  /** As text. */
  readonly what: string;
  readonly parts: readonly Part[];
}

export interface GivenPolicy {
  readonly document: unknown;
  readonly file: string;
}

export interface Asked {
  /** A guard for all users: this policy, or by default the pack's own. */
  readonly guard?: { readonly policy?: GivenPolicy };
  readonly roles: readonly (GivenPolicy & { readonly name: string })[];
  readonly limits: readonly Limit[];
}

/**
 * What a change adds to the accounts of a report. By default the change fixes all findings: open roles are closed to those who must
 * prove MFA, and the members of open groups and open users are guarded.
 *
 * @throws Failure (`unseen`) if a policy cannot be used, or the report does not have the role
 */
export function changeOf(asked: Asked, report: Report, settings: readonly Setting[]): Change {
  const subjects = placed(report).flatMap(({ place, subject }) =>
    place.kind === "account" ? [{ account: place.name, subject }] : [],
  );
  const parts = [
    ...(asked.guard === undefined ? [] : [guardOf(users(subjects), asked.guard.policy)]),
    ...asked.roles.map((role) => trustOf(role, subjects)),
    ...limitsOn(asked.limits, new Set(subjects.map(({ account }) => account))),
  ];
  if (parts.length === 0) return { what: "all findings are fixed", parts: fixed(subjects, settings) };
  const whats = [
    ...(asked.guard === undefined
      ? []
      : [`all users are guarded by ${asked.guard.policy?.file ?? "the pack's guard"}`]),
    ...asked.roles.map(({ name, file }) => `role ${name} gets the trust policy of ${file}`),
    ...asked.limits.map(({ kind, name, accounts }) => {
      const whose = accounts === undefined ? "the accounts get" : `${[...accounts].join(", ")} get`;
      return `${whose} the ${kind} ${name}`;
    }),
  ];
  return { what: whats.join("; "), parts };
}

interface InAccount {
  readonly account: string;
  readonly subject: Subject;
}

/** The users for a guard: without the root user, whom no guard stops, and without exempt users. */
function users(all: readonly InAccount[]): readonly string[] {
  return all.flatMap(({ subject: { kind, id, standing } }) =>
    kind === "user" && standing !== "exempt" && !id.endsWith(":root") ? [id] : [],
  );
}

function fixed(all: readonly InAccount[], settings: readonly Setting[]): readonly Part[] {
  const open = all.map(({ subject }) => subject).filter(({ standing }) => standing === "open");
  const guarded = new Set(
    open.flatMap(({ kind, id, members = [] }) => (kind === "group" ? members : kind === "user" ? [id] : [])),
  );
  const ids = users(all).filter((id) => guarded.has(id));
  const roles = open.filter(({ kind }) => kind === "role");
  return [
    ...(ids.length === 0 ? [] : [guardOf(ids, undefined)]),
    ...roles.map(
      (role): Part => ({
        policies: [closing(role, settings)],
        grants: false,
        on: { kind: "role", id: role.id, name: role.name },
        exemptedBy: "iam-role-requires-mfa",
      }),
    ),
  ];
}

const WITHOUT_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } };

/** The guard that the stack gives to its group. */
const GUARD = {
  Version: "2012-10-17",
  Statement: { Effect: "Deny", NotAction: SELF_SERVICE_ACTIONS, Resource: "*", Condition: WITHOUT_MFA },
};

function guardOf(ids: readonly string[], given: GivenPolicy | undefined): Part {
  return {
    policies: [parsed(given ?? { document: GUARD, file: "the guard" }, "identity")],
    grants: false,
    on: { kind: "users", ids: new Set(ids) },
    exemptedBy: "iam-user-requires-mfa",
  };
}

/** Policies of one kind for the same accounts are one part, so that a call is stopped once. */
function limitsOn(limits: readonly Limit[], every: ReadonlySet<string>): readonly Part[] {
  const parts = new Map<string, Part & { readonly policies: Policy[] }>();
  for (const { kind, policy, accounts: ids = every } of limits) {
    const on = { kind: kind === "SCP" ? "accounts" : "resources", ids } as const;
    const key = `${kind} ${[...ids].sort()}`;
    memoize(parts, key, () => ({ policies: [], grants: false, on })).policies.push(policy);
  }
  return [...parts.values()];
}

function trustOf(given: Asked["roles"][number], all: readonly InAccount[]): Part {
  const found = all.filter(
    ({ subject: { kind, name, id } }) => kind === "role" && (name === given.name || id === given.name),
  );
  const [role, another] = found;
  if (role === undefined || another !== undefined) {
    throw new Failure(
      "unseen",
      role === undefined
        ? `There is no role ${given.name} in the accounts.`
        : `${found.length} accounts have a role ${given.name}.`,
      "Give --role a role's name, or its ARN, and the file: --role deploy=trust.json",
    );
  }
  const { id, name } = role.subject;
  return { policies: [parsed(given, "trust")], grants: true, on: { kind: "role", id, name } };
}

const trustConfig = z.object({
  principals: z.record(z.string(), z.string()),
  trustedPrincipalArns: z.array(z.string()),
  maxMfaAgeSeconds: z.number().optional(),
});

/**
 * The effect of fixing an open role: nobody who must prove MFA by the configuration gets in without it, and nothing changes for the
 * others.
 */
function closing({ assumableBy = [] }: Subject, settings: readonly Setting[]): Policy {
  const name = "iam-role-requires-mfa";
  const config = trustConfig.parse(settings.find(({ rule }) => rule.about.name === name)?.config);
  const { principals, trustedPrincipalArns, maxMfaAgeSeconds } = config;
  const named = (of: string) =>
    principals[of] === "enforce"
      ? assumableBy.flatMap((each) => (each.class === of ? [each.principal] : []))
      : [];
  const beside = {
    ...(trustedPrincipalArns.length > 0 && { StringNotLike: { "aws:PrincipalArn": trustedPrincipalArns } }),
    ...(principals.role === "exempt" && { StringNotEquals: { "aws:PrincipalType": "AssumedRole" } }),
  };
  const deny = (Principal: object, Condition: object) => ({
    Effect: "Deny",
    Principal,
    Action: "*",
    Condition,
  });
  const tooOld = { NumericGreaterThanIfExists: { "aws:MultiFactorAuthAge": String(maxMfaAgeSeconds) } };
  const machines = Object.entries({ Service: named("service"), Federated: named("federated") });
  const document = {
    Version: "2012-10-17",
    Statement: [
      deny({ AWS: "*" }, { ...WITHOUT_MFA, ...beside }),
      ...(maxMfaAgeSeconds === undefined ? [] : [deny({ AWS: "*" }, { ...tooOld, ...beside })]),
      ...machines.flatMap(([type, names]) =>
        names.length === 0 ? [] : [deny({ [type]: names }, WITHOUT_MFA)],
      ),
    ],
  };
  return parsed({ document, file: "the fix" }, "trust");
}

function parsed({ document, file }: GivenPolicy, kind: PolicyKind): Policy {
  const result = parsePolicy(document, kind);
  const errors = result.ok ? result.policy.refused : result.errors;
  if (result.ok && errors.length === 0) return result.policy;
  throw refusedPolicy(file, "a policy", errors);
}
