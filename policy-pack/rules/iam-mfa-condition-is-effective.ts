import { type Assessment, type RefusedDocument, refusedDocument } from "../evaluation/assessment";
import type { Rule } from "../evaluation/rule";
import type { IneffectiveCondition, PolicyUse } from "../iam/lint/ineffective";
import { lintConditions } from "../iam/lint/lint";
import { memoize } from "../iam/memoize";
import type { Policy } from "../iam/policy/model";
import { TYPES_WITH_DOCUMENTS } from "../iam-graph/documents";
import { describeRefused, statementName } from "../messages/document";
import { INEFFECTIVE, rightForm } from "../messages/ineffective";

type ConditionData =
  | RefusedDocument
  | {
      /** What is wrong, as codes: `ineffective-condition misses-absent`. */
      readonly code: `ineffective-condition ${string}`;
      readonly where: string;
      readonly conditions: readonly IneffectiveCondition[];
    };

/** Reports an ineffective MFA condition, in any document of any resource. */
export const iamMfaConditionIsEffective: Rule<Record<never, never>, ConditionData> = {
  about: {
    name: "iam-mfa-condition-is-effective",
    displayName: "MFA conditions are effective",
    description:
      "Reports an MFA condition that lets requests without MFA through, does nothing, or locks out the wrong principals.",
    severity: "high",
    level: "advisory",
    tags: ["aws", "iam", "mfa", "condition"],
    steps:
      'Under Allow use {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, under Deny ' +
      '{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}. Use neither in a role\'s permissions.',
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
    configuration: {},
  },
  scope: "resource",
  types: TYPES_WITH_DOCUMENTS,

  assess(graph) {
    const linted = new Map<Policy, Map<PolicyUse, readonly IneffectiveCondition[]>>();
    const lint = (policy: Policy, use: PolicyUse) =>
      memoize(
        memoize(linted, policy, () => new Map<PolicyUse, readonly IneffectiveCondition[]>()),
        use,
        () => lintConditions(policy, use),
      );
    return graph.resources.flatMap((subject) =>
      graph.documentsIn(subject).flatMap(({ document, use }): Assessment<ConditionData>[] => {
        if (document.kind === "unknown") return [];
        // The rule on roles already rejects a trust policy that AWS would refuse.
        if (document.kind === "refused") return use === "trust" ? [] : [refusedDocument(subject, document)];
        const conditions = lint(document.policy, use);
        if (conditions.length === 0) return [];
        const kinds = [...new Set(conditions.map(({ kind }) => kind))].sort().join("+");
        const data = { code: `ineffective-condition ${kinds}`, where: document.where, conditions } as const;
        return [{ subject, verdict: "open", data, arguments: [document.where, ...conditions.map(placeOf)] }];
      }),
    );
  },

  describe({ data }) {
    if (data.code === "refused-document") return describeRefused(data);
    const { where, conditions } = data;
    const lines = conditions.flatMap((each) => [
      `  ${placeOf(each)}: ${INEFFECTIVE[each.kind]}.`,
      `  Right: ${rightForm(each)}`,
    ]);
    return {
      reason: `An MFA condition in ${where} is not effective.`,
      lines: [`An MFA condition in ${where} is not effective:`, ...lines],
    };
  },
};

function placeOf({ statement, sid, operator, key }: IneffectiveCondition): string {
  return `${statementName(statement, sid)}, ${operator} on ${key}`;
}
