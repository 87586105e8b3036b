import { DEFAULT_GUARD_RULES, type GuardVerdict } from "../iam/guard/verdict";
import type { Holder, PossiblePolicies } from "../iam-graph/graph";
import { type Findings, joined, NOTHING_FOUND } from "./finding";
import { guardFix } from "./guard-fix";
import { type GuardConfig, guardOf } from "./guarded";
import { ARN_PATTERNS, type Common, type StackRule, UNKNOWN } from "./rule";
import { contestedNotes, refused, undecided } from "./wording";

export interface GroupConfig extends Common, GuardConfig {
  readonly unknown: "warn" | "reject";
}

/** Rejects a group whose members can do more without MFA than enrol a device. */
export const iamGroupRequiresMfa: StackRule<GroupConfig> = {
  kind: "stack",
  about: {
    name: "iam-group-requires-mfa",
    displayName: "A group denies everything without MFA",
    description: "Rejects an IAM group that carries no guard: a Deny of all but a short list without MFA.",
    severity: "critical",
    level: "mandatory",
    tags: ["aws", "iam", "mfa", "group"],
    steps:
      "Attach a policy that denies everything (NotAction with a short list, Resource *) under the condition " +
      '{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}. Bool lets every access key through.',
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html",
    configuration: {
      allowedWithoutMfa: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: DEFAULT_GUARD_RULES.allowedWithoutMfa,
        description: "Action patterns that may stay open without MFA.",
      },
      guardPolicyArns: {
        ...ARN_PATTERNS,
        description: "ARN patterns (* and ?) of the organization's own guard policies, attached by ARN.",
      },
      unknown: UNKNOWN,
    },
  },

  judge(stack, config) {
    return joined(stack.holders("groups").map((group) => judgeGroup(group, stack.carriedBy(group), config)));
  },

  unseen(holder, what, config) {
    return undecided(holder, `groups that ${what} may declare`, config.unknown);
  },
};

function judgeGroup({ resource }: Holder, carrying: PossiblePolicies, config: GroupConfig): Findings {
  const { verdict, contested, refused: broken } = guardOf(carrying, config);
  const found: Findings[] = [
    { violations: broken.map(({ where, errors }) => refused(resource, where, errors)), notes: [] },
  ];
  if (verdict.kind === "unknown") {
    found.push(
      undecided(resource, `a policy of the group is not known, and the others are no guard`, config.unknown),
    );
  } else if (verdict.kind === "open") {
    const violation = {
      resource,
      message: describeOpen(carrying, verdict, config),
      witnesses: [verdict.witness],
    };
    found.push({ violations: [violation], notes: [] });
  } else found.push(NOTHING_FOUND);
  found.push({ violations: [], notes: contestedNotes(resource, contested) });
  return joined(found);
}

function describeOpen(
  { outcomes }: PossiblePolicies,
  verdict: Extract<GuardVerdict, { kind: "open" }>,
  config: GroupConfig,
): string {
  const outside = outcomes.flatMap((each) => each.outside);
  const count = outcomes.flatMap(({ documents }) => documents).length + outside.length;
  const lines = [
    count === 0
      ? "This group carries no policy, so nothing demands MFA of its members."
      : "Members of this group are not held to MFA.",
    ...guardFix(verdict, "attach", config),
  ];
  const own = [...new Set(outside)].filter((arn) => !/^arn:[^:]+:iam::aws:/.test(arn));
  if (own.length > 0) {
    lines.push(`  If ${own.join(", ")} is such a guard, name it in guardPolicyArns.`);
  }
  return lines.join("\n");
}
