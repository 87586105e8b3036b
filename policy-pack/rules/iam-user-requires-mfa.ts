import type { GuardVerdict } from "../iam/guard/verdict";
import { anchoredPatterns } from "../iam/pattern-list";
import { inSet } from "../iam/solver/text";
import type { Credential, Holder, Stack } from "../resources/stack";
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
    framework: { name: "CIS AWS Foundations Benchmark", version: "3.0.0", reference: "1.10" },
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

type Guarded = (holder: Holder) => GuardVerdict["kind"];

/** Whether a holder is guarded, each asked once: a group may have thousands of users. */
function guardsOf(stack: Stack, config: UserConfig): Guarded {
  const known = new Map<string, GuardVerdict["kind"]>();
  return (holder) => {
    const { urn } = holder.resource;
    const kind = known.get(urn) ?? guardOf(stack.carriedBy(holder), config).verdict.kind;
    known.set(urn, kind);
    return kind;
  };
}

function judgeUser(
  stack: Stack,
  user: Holder,
  held: readonly Credential[],
  config: UserConfig,
  guarded: Guarded,
): Findings {
  const { resource } = user;
  const groups = stack.groupsOf(user);
  const known = anchoredPatterns(config.guardedGroups);
  if (groups.outside.some((name) => inSet(known, name))) return NOTHING_FOUND;
  const verdicts = [user, ...groups.declared].map(guarded);
  if (verdicts.includes("guarded")) return NOTHING_FOUND;
  const what = [...new Set(held.map((each) => each.what))].join(" and ");
  if (verdicts.includes("unknown") || groups.hasUnresolved) {
    return undecided(
      resource,
      `this user has ${what}, and a policy or a membership is not known`,
      config.unknown,
    );
  }
  const outside =
    groups.outside.length === 0
      ? []
      : [
          `  Groups that this stack does not declare: ${groups.outside.join(", ")}. If one is guarded, name it in guardedGroups.`,
        ];
  const violation: Finding = {
    resource,
    message: [
      `This user has ${what} that work without MFA: the user is in no guarded group and carries no guard.`,
      ...outside,
      "Fix: put the user into the group that carries the guard, or attach the guard to the user.",
    ].join("\n"),
  };
  return { violations: [violation], notes: [] };
}
