import { anchoredPatterns } from "../iam/encode/pattern-list";
import type { GuardVerdict } from "../iam/guard/verdict";
import { inSet } from "../iam/solver/string-constraint";
import type { Credential, Holder, IamGraph } from "../iam-graph/graph";
import { type Finding, type Findings, joined, NOTHING_FOUND } from "./finding";
import { type GuardConfig, guardOf } from "./guarded";
import { iamGroupRequiresMfa } from "./iam-group-requires-mfa";
import { type Common, type StackRule, UNKNOWN } from "./rule";
import { undecided } from "./wording";

export interface UserConfig extends Common, GuardConfig {
  readonly guardedGroups: readonly string[];
  readonly unknown: "warn" | "reject";
}

const { allowedWithoutMfa, guardPolicyArns } = iamGroupRequiresMfa.about.configuration;

/** Reports a user who has credentials in the stack and whom nothing holds to MFA. */
export const iamUserRequiresMfa: StackRule<UserConfig> = {
  kind: "stack",
  about: {
    name: "iam-user-requires-mfa",
    displayName: "A user with credentials is held to MFA",
    description:
      "Reports an IAM user with an access key or a password who is in no guarded group and carries no guard.",
    severity: "high",
    level: "advisory",
    framework: {
      name: "AWS Foundational Security Best Practices",
      version: "1.0.0",
      reference: "IAM.19",
      specification: "MFA should be enabled for all IAM users",
    },
    tags: ["aws", "iam", "mfa", "user"],
    steps: "Put the user into a group that carries the guard, or attach the guard to the user.",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    configuration: {
      ...(allowedWithoutMfa === undefined ? {} : { allowedWithoutMfa }),
      ...(guardPolicyArns === undefined ? {} : { guardPolicyArns }),
      guardedGroups: {
        type: "array",
        items: { type: "string", minLength: 1 },
        description: "Name patterns (* and ?) of guarded groups that another stack declares.",
      },
      unknown: UNKNOWN,
    },
  },

  judge(stack, config) {
    const { of, stray } = stack.credentials();
    const guarded = guardsOf(stack, config);
    const declared = stack.holders("users").map((user) => {
      const held = of.get(user) ?? [];
      return held.length === 0 ? NOTHING_FOUND : judgeUser(stack, user, held, config, guarded);
    });
    const elsewhere = stray.map(({ resource, what }) =>
      undecided(resource, `${what} of a user whom this stack does not declare`, config.unknown),
    );
    return joined([...declared, ...elsewhere]);
  },
};

/** Tells whether a holder is guarded. */
export type Guarded = (holder: Holder) => GuardVerdict["kind"];

/** Whether a holder is guarded, each asked once: a group may have thousands of users. */
export function guardsOf(stack: IamGraph, config: UserConfig): Guarded {
  const known = new Map<string, GuardVerdict["kind"]>();
  return (holder) => {
    const { urn } = holder.resource;
    const kind = known.get(urn) ?? guardOf(stack.carriedBy(holder), config).verdict.kind;
    known.set(urn, kind);
    return kind;
  };
}

/**
 * What holds a user to MFA. `outside`: groups that the stack does not declare and the configuration does not name.
 * `contested`: resources that would take the user out of a guarded group again.
 */
export type UserVerdict =
  | { readonly kind: "guarded"; readonly ownPolicies: boolean; readonly groups: readonly string[] }
  | { readonly kind: "unknown" }
  | { readonly kind: "open"; readonly outside: readonly string[]; readonly contested: readonly string[] };

/** Whether a user is held to MFA, by policies of their own or by a group. */
export function userVerdict(
  stack: IamGraph,
  user: Holder,
  { guardedGroups }: UserConfig,
  guarded: Guarded,
): UserVerdict {
  const { declared, outside, hasUnresolved, contested } = stack.groupsOf(user);
  const known = anchoredPatterns(guardedGroups);
  const own = guarded(user);
  const verdicts = declared.map((group) => ({ group, kind: guarded(group) }));
  const groups = [
    ...verdicts.flatMap(({ group, kind }) => (kind === "guarded" ? [group.name ?? group.resource.name] : [])),
    ...outside.filter((name) => inSet(known, name)),
  ];
  if (own === "guarded" || groups.length > 0) {
    return { kind: "guarded", ownPolicies: own === "guarded", groups };
  }
  if (own === "unknown" || verdicts.some(({ kind }) => kind === "unknown") || hasUnresolved) {
    return { kind: "unknown" };
  }
  const taking = contested.flatMap(({ group, by }) => (guarded(group) === "guarded" ? by : []));
  return { kind: "open", outside, contested: [...new Set(taking)] };
}

function judgeUser(
  stack: IamGraph,
  user: Holder,
  held: readonly Credential[],
  config: UserConfig,
  guarded: Guarded,
): Findings {
  const { resource } = user;
  const verdict = userVerdict(stack, user, config, guarded);
  if (verdict.kind === "guarded") return NOTHING_FOUND;
  const kinds = [...new Set(held.map((each) => each.what))];
  const what = kinds.join(" and ");
  if (verdict.kind === "unknown") {
    return undecided(
      resource,
      `this user has ${what}, and a policy or a membership is not known`,
      config.unknown,
    );
  }
  const outside =
    verdict.outside.length === 0
      ? []
      : [
          `  Groups that this stack does not declare: ${verdict.outside.join(", ")}. If one is guarded, name it in guardedGroups.`,
        ];
  const contested = verdict.contested.map(
    (name) =>
      `  ${name} owns all members of a guarded group and does not name this user, so it takes the user out again. Name the user there.`,
  );
  const violation: Finding = {
    resource,
    message: [
      `This user has ${what} that ${kinds.length === 1 ? "works" : "work"} without MFA: the user is in no guarded group and carries no guard.`,
      ...outside,
      ...contested,
      "Fix: put the user into the group that carries the guard, or attach the guard to the user.",
    ].join("\n"),
  };
  return { violations: [violation], notes: [] };
}
