import { type Assessment, type RefusedDocument, refusedDocument } from "../evaluation/assessment";
import { type ConfigOf, type Rule, STRINGS, UNKNOWN } from "../evaluation/rule";
import { limitTrust } from "../iam/limits/trust";
import { memoize } from "../iam/memoize";
import type { Policy } from "../iam/policy/model";
import { decideTrust } from "../iam/trust-policy/decide";
import { type Fix, fixesFor } from "../iam/trust-policy/fix";
import { remediateTrust } from "../iam/trust-policy/remediate";
import { DEFAULT_TRUST_RULES, type TrustRules, type TrustVerdict } from "../iam/trust-policy/verdict";
import type { Document } from "../iam-graph/attached-policies";
import { locationOf } from "../iam-graph/declared";
import type { Resource } from "../iam-graph/resource";
import { RESOURCE_TYPES, typesOf } from "../iam-graph/resource-types";
import { describeRefused, few, statementName } from "../messages/document";
import { dependsOnUnknown, leftAlone } from "../messages/remediation";
import { described } from "../messages/result";
import { describeFixes } from "../messages/trust-fix";
import { wayIn } from "../messages/way-in";

const enforcement = (name: keyof TrustRules["principals"]) =>
  ({ type: "string", enum: ["enforce", "exempt"], default: DEFAULT_TRUST_RULES.principals[name] }) as const;

const CONFIGURATION = {
  principals: {
    type: "object",
    additionalProperties: false,
    description: 'Which classes of principals must prove MFA. Anyone ("*") always must.',
    properties: {
      service: enforcement("service"),
      federated: enforcement("federated"),
      role: enforcement("role"),
      user: enforcement("user"),
      account: enforcement("account"),
    },
  },
  trustedPrincipalArns: {
    ...STRINGS,
    description: "ARN patterns (* and ?) of principals that need no MFA: machines, single sign-on roles.",
  },
  peopleArns: {
    ...STRINGS,
    description:
      "ARN patterns (* and ?) of people's IAM users. Remediation adds the MFA condition only if every principal that it " +
      "affects matches one; an account matches if a pattern covers all of its users.",
  },
  maxMfaAgeSeconds: {
    type: "integer",
    minimum: 1,
    description: "The maximum age of the MFA, in seconds. By default, any age is accepted.",
  },
  unknown: UNKNOWN,
} as const;

type Config = ConfigOf<typeof CONFIGURATION>;
type KnownTrust = Extract<Document, { kind: "policy" }>;

/** What the rule finds about a role, or about a resource that may declare roles. */
export type RoleData =
  | RefusedDocument
  | { readonly code: "trust-policy-unknown"; readonly where: string }
  /** The resource may declare roles that cannot be seen. */
  | { readonly code: "roles-unseen"; readonly what: string }
  | { readonly code: "template-unreadable"; readonly problem: string }
  | {
      readonly code: "trust-policy";
      readonly where: string;
      readonly policy: Policy;
      readonly verdict: TrustVerdict;
      readonly fixes: readonly Fix[];
      readonly maxMfaAgeSeconds: number | undefined;
      readonly madeByAws: boolean;
    };

/** Rejects a role that a principal that must prove MFA can assume without it. */
export const iamRoleRequiresMfa: Rule<typeof CONFIGURATION, RoleData> = {
  about: {
    name: "iam-role-requires-mfa",
    displayName: "A role can only be assumed with MFA",
    description: "Rejects an IAM role that a user, an account, a role or anyone can assume without MFA.",
    severity: "critical",
    level: "mandatory",
    tags: ["aws", "iam", "mfa", "role"],
    steps:
      'For people, add "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}} to the Allow statement that names ' +
      "their users or account (BoolIfExists lets every access key through). It locks out roles, services and other " +
      "machines: name those in trustedPrincipalArns, or exempt the role with a reason. Replace * with names first.",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
    configuration: CONFIGURATION,
  },
  scope: "resource",
  decides: "role",
  types: typesOf("role"),

  assess(graph, config) {
    const rules = trustRules(config);
    const decided = new Map<Policy, TrustVerdict>();
    const decide = (policy: Policy) => memoize(decided, policy, () => decideTrust(policy, rules));
    const unseen = graph.nested.flatMap(({ holder: subject, unseen, broken }): Assessment<RoleData>[] => {
      if (broken !== undefined) {
        const data = { code: "template-unreadable", problem: broken } as const;
        return [{ subject, verdict: "refused", data, arguments: [broken] }];
      }
      const what = unseen.join(", ");
      return what === ""
        ? []
        : [{ subject, verdict: "unknown", data: { code: "roles-unseen", what }, arguments: [what] }];
    });
    const roles = graph.holders("roles").flatMap(({ resource: subject }): Assessment<RoleData>[] => {
      const trust = graph.trustOf(subject);
      if (trust === undefined) return [];
      if (trust.kind === "refused") return [refusedDocument(subject, trust)];
      const { where } = trust;
      if (trust.kind === "unknown") {
        return [
          { subject, verdict: "unknown", data: { code: "trust-policy-unknown", where }, arguments: [where] },
        ];
      }
      const errors = trust.policy.refused;
      const verdict = decide(trust.policy);
      const limited = limitTrust(trust.policy, locationOf(subject), graph.limits, rules, verdict);
      return [
        ...(errors.length === 0 ? [] : [refusedDocument(subject, { where, errors })]),
        limited === undefined
          ? trustAssessment(subject, trust, verdict, config)
          : {
              ...trustAssessment(subject, { ...trust, ...limited }, limited.verdict, config),
              closedBy: limited.by,
            },
      ];
    });
    return [...unseen, ...roles];
  },

  describe({ data }) {
    switch (data.code) {
      case "refused-document":
        return describeRefused(data);
      case "trust-policy-unknown":
        return { reason: "Its trust policy is not known yet.", lines: [`${data.where} is not known`] };
      case "roles-unseen":
        return {
          reason: `Cannot see which roles ${data.what} declares.`,
          lines: [`roles that ${data.what} may declare`],
        };
      case "template-unreadable":
        return described(
          `The template cannot be read: ${data.problem}.`,
          "Fix: correct the template. Its resources are not assessed.",
        );
      case "trust-policy":
        return describeTrust(data);
    }
  },

  remediate(graph, resource, config, source) {
    const row = RESOURCE_TYPES.get(resource.type);
    if (row?.kind !== "role" || graph.trustOf(resource)?.kind !== "policy") return undefined;
    const result = remediateTrust(resource.props[row.trust], trustRules(config), {
      peopleArns: config.peopleArns,
      source: source(row.trust),
    });
    switch (result.kind) {
      case "remediated":
        return { kind: "set", property: row.trust, value: result.document };
      case "left":
        return { kind: "left", reason: leftAlone(result.why) };
      case "sound":
        return undefined;
    }
  },
};

/** Who must prove MFA, by the configuration. */
function trustRules({ principals, trustedPrincipalArns, maxMfaAgeSeconds }: Config): TrustRules {
  return {
    principals,
    trustedPrincipalArns,
    ...(maxMfaAgeSeconds === undefined ? {} : { maxMfaAgeSeconds }),
  };
}

function trustAssessment(
  subject: Resource,
  { policy, where }: KnownTrust,
  verdict: TrustVerdict,
  config: Config,
): Assessment<RoleData> {
  const { peopleArns, maxMfaAgeSeconds } = config;
  const ways = verdict.kind === "bypassable" ? verdict.witnesses : [];
  return {
    subject,
    verdict: VERDICTS[verdict.kind],
    data: {
      code: "trust-policy",
      where,
      policy,
      verdict,
      fixes: fixesFor(policy, ways, trustRules(config), peopleArns),
      maxMfaAgeSeconds,
      madeByAws: subject.madeByAws === true,
    },
    ways,
    arguments: ways.length === 0 ? [where] : [],
    policies: [policy],
  };
}

const VERDICTS = {
  protected: "closed",
  exempt: "exempt",
  "anyone-with-mfa": "anyone-with-mfa",
  unknown: "unknown",
  bypassable: "open",
} as const;

function describeTrust({
  verdict,
  where,
  fixes,
  maxMfaAgeSeconds,
  madeByAws,
}: Extract<RoleData, { code: "trust-policy" }>) {
  const names = "witnesses" in verdict ? few(verdict.witnesses.map(({ principal }) => principal)) : "";
  switch (verdict.kind) {
    case "protected":
      return described("Nobody can assume it without MFA.");
    case "exempt":
      return described(`Only exempt principals can assume it without MFA: ${names}.`);
    case "anyone-with-mfa": {
      const at = verdict.witnesses.map(({ statement, sid }) => statementName(statement, sid)).join(", ");
      return {
        reason: "Anyone can assume it with the MFA of any AWS account.",
        lines: [
          `${where}, ${at}: anyone can assume this role with the MFA of any AWS account in the world. Fix: name the principals.`,
        ],
      };
    }
    case "unknown":
      return {
        reason: "Who can assume it depends on a value that is not known yet.",
        lines: [`${where}: ${dependsOnUnknown(verdict)}`],
      };
    case "bypassable":
      if (!verdict.decided) {
        return {
          reason: "Its trust policy is too complex to prove that it requires MFA.",
          lines: [
            `${where} is too complex to prove that it requires MFA, so it counts as bypassable.`,
            "Fix: use fewer statements and patterns.",
          ],
        };
      }
      return {
        reason: `${names} can assume it without MFA.`,
        lines: [
          `${madeByAws ? "The role that AWS makes in the new account" : "This role"} can be assumed without MFA.`,
          ...verdict.witnesses.map((each) => wayIn(where, each)),
          ...(madeByAws ? [FIX_IN_ACCOUNT] : describeFixes(fixes, maxMfaAgeSeconds)),
        ],
      };
  }
}

const FIX_IN_ACCOUNT =
  "Fix: in that account, delete the role or give it a trust policy that requires MFA. Then exempt this resource, with that reason.";
