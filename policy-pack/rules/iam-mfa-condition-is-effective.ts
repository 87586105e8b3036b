import { lintConditions } from "../iam/lint/lint";
import { documentsIn, TYPES_WITH_DOCUMENTS } from "../iam-graph/documents";
import { joined, NOTHING_FOUND } from "./finding";
import type { Common, ResourceRule } from "./rule";
import { refused, statementName } from "./wording";

/** Reports an MFA condition that does not do what it says, in any document of any resource. */
export const iamMfaConditionIsEffective: ResourceRule<Common> = {
  kind: "resource",
  about: {
    name: "iam-mfa-condition-is-effective",
    displayName: "An MFA condition does what it says",
    description:
      "Reports an MFA condition that lets requests without MFA through, does nothing, or locks out whom it should not.",
    severity: "high",
    level: "advisory",
    tags: ["aws", "iam", "mfa", "condition"],
    steps:
      'Under Allow use {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, under Deny ' +
      '{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, and neither in a role\'s permissions.',
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
    configuration: {},
  },
  types: TYPES_WITH_DOCUMENTS,

  judge(resource) {
    const found = documentsIn(resource).map(({ document, use }) => {
      if (document.kind === "unknown") return NOTHING_FOUND;
      if (document.kind === "refused") {
        // A trust policy that AWS refuses is rejected by the rule on roles already.
        if (use === "trust") return NOTHING_FOUND;
        return { violations: [refused(resource, document.where, document.errors)], notes: [] };
      }
      const lines = lintConditions(document.policy, use).map(
        ({ statement, sid, operator, key, reason, rightForm }) =>
          [
            `  ${statementName(statement, sid)}, ${operator} on ${key}: ${reason}.`,
            `  Right: ${rightForm}`,
          ].join("\n"),
      );
      if (lines.length === 0) return NOTHING_FOUND;
      const message = [`In ${document.where} an MFA condition does not do what it says:`, ...lines].join(
        "\n",
      );
      return { violations: [{ resource, message }], notes: [] };
    });
    return joined(found);
  },
};
