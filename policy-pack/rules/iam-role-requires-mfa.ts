import { describeContext } from "../iam/mfa-context";
import { decideTrust } from "../iam/trust-policy/decide";
import { fixesFor } from "../iam/trust-policy/fix";
import { remediateTrust } from "../iam/trust-policy/remediate";
import type { TrustRules, TrustWitness } from "../iam/trust-policy/verdict";
import { type Document, readDocument } from "../iam-graph/document";
import type { Resource } from "../iam-graph/resource";
import { RESOURCE_TYPES } from "../iam-graph/resource-types";
import { type Findings, joined, NOTHING_FOUND } from "./finding";
import { describeFixes } from "./role-fix";
import { ARN_PATTERNS, type Common, type ResourceRule, UNKNOWN } from "./rule";
import { alsoNeeds, refused, statementName, undecided } from "./wording";

export interface RoleConfig extends Common {
  readonly principals: Partial<TrustRules["principals"]>;
  readonly trustedPrincipalArns: readonly string[];
  readonly peopleArns: readonly string[];
  readonly maxMfaAgeSeconds?: number;
  readonly unknown: "warn" | "reject";
}

const ENFORCE = { type: "string", enum: ["enforce", "exempt"] } as const;

/** Rejects a role that an enforced principal can assume in a context without MFA. */
export const iamRoleRequiresMfa: ResourceRule<RoleConfig> = {
  kind: "resource",
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
    configuration: {
      principals: {
        type: "object",
        additionalProperties: false,
        description: 'Which classes of principals must prove MFA. Anyone ("*") always must.',
        properties: {
          service: { ...ENFORCE, default: "exempt" },
          federated: { ...ENFORCE, default: "exempt" },
          role: { ...ENFORCE, default: "enforce" },
          user: { ...ENFORCE, default: "enforce" },
          account: { ...ENFORCE, default: "enforce" },
        },
      },
      trustedPrincipalArns: {
        ...ARN_PATTERNS,
        description:
          "ARN patterns (* and ?) of principals that may come without MFA: machines, single sign-on roles.",
      },
      peopleArns: {
        ...ARN_PATTERNS,
        description:
          "ARN patterns (* and ?) of people's IAM users. A remediation adds the MFA condition only where everybody " +
          "whom it concerns is one of them; an account is where a pattern covers all of its users.",
      },
      maxMfaAgeSeconds: {
        type: "integer",
        minimum: 1,
        description: "The oldest MFA that counts, in seconds. Without it any MFA counts.",
      },
      unknown: UNKNOWN,
    },
  },
  types: new Set([...RESOURCE_TYPES].flatMap(([type, row]) => (row.kind === "role" ? [type] : []))),

  judge(resource, config) {
    const trust = trustOf(resource);
    if (trust === undefined) return NOTHING_FOUND;
    if (trust.kind === "refused") {
      return { violations: [refused(resource, trust.where, trust.errors)], notes: [] };
    }
    if (trust.kind === "unknown") return undecided(resource, `${trust.where} is not known`, config.unknown);
    return findingsOf(resource, trust, config);
  },

  unseen(holder, what, config) {
    return undecided(holder, `roles that ${what} may declare`, config.unknown);
  },

  remediate(resource, config, source) {
    const row = RESOURCE_TYPES.get(resource.type);
    if (row?.kind !== "role" || trustOf(resource)?.kind !== "policy") return undefined;
    const result = remediateTrust(resource.props[row.trust], trustRules(config), {
      peopleArns: config.peopleArns,
      source: source(row.trust),
    });
    switch (result.kind) {
      case "remediated":
        return { kind: "set", property: row.trust, value: result.document };
      case "left":
        return result;
      case "sound":
        return undefined;
    }
  },
};

/** The trust policy that a role declares; `undefined` for what is no role or declares none. */
export function trustOf(resource: Resource): Document | undefined {
  const row = RESOURCE_TYPES.get(resource.type);
  if (row?.kind !== "role") return undefined;
  const value = resource.props[row.trust];
  return value === undefined ? undefined : readDocument(value, "trust", row.trust);
}

type KnownTrust = Extract<Document, { kind: "policy" }>;

/** Who has to prove MFA by this configuration. */
export function trustRules({ principals, trustedPrincipalArns, maxMfaAgeSeconds }: RoleConfig): TrustRules {
  return {
    principals: {
      service: "exempt",
      federated: "exempt",
      role: "enforce",
      user: "enforce",
      account: "enforce",
      ...principals,
    },
    trustedPrincipalArns,
    ...(maxMfaAgeSeconds === undefined ? {} : { maxMfaAgeSeconds }),
  };
}

function findingsOf(resource: Resource, trust: KnownTrust, config: RoleConfig): Findings {
  const { policy, where } = trust;
  const decided = decidedFindings(resource, trust, config);
  if (policy.refused.length === 0) return decided;
  return joined([{ violations: [refused(resource, where, policy.refused)], notes: [] }, decided]);
}

function decidedFindings(resource: Resource, { policy, where }: KnownTrust, config: RoleConfig): Findings {
  const verdict = decideTrust(policy, trustRules(config));
  switch (verdict.kind) {
    case "protected":
    case "exempt":
      return NOTHING_FOUND;
    case "anyone-with-mfa": {
      const message = `${where}, ${verdict.witnesses.map((each) => statementName(each.statement, each.sid)).join(", ")}: anyone gets in with the MFA of any account in the world. Name the principals.`;
      return { violations: [], notes: [{ resource, message }] };
    }
    case "unknown":
      return undecided(resource, `${where}: ${verdict.reason}`, config.unknown);
    case "bypassable": {
      const { witnesses, decided } = verdict;
      const message = decided
        ? [
            `${resource.madeByAws ? "The role that AWS makes in the new account" : "This role"} can be assumed without MFA.`,
            ...witnesses.map((each) => wayIn(where, each)),
            ...(resource.madeByAws
              ? [FIX_IN_ACCOUNT]
              : describeFixes(fixesFor(policy, witnesses, config.peopleArns), config.maxMfaAgeSeconds)),
          ]
        : [
            `${where} cannot be proven to require MFA: ${verdict.reason}.`,
            "Fix: use fewer statements and patterns.",
          ];
      return { violations: [{ resource, message: message.join("\n"), witnesses }], notes: [] };
    }
  }
}

const FIX_IN_ACCOUNT =
  "Fix: in that account, delete the role or give it a trust policy that requires MFA; then exempt this resource, with that reason.";

function wayIn(where: string, witness: TrustWitness): string {
  const { statement, sid, principal, action, context, caller, needs } = witness;
  return `  Way in: ${where}, ${statementName(statement, sid)} allows ${action} to ${principal} ${describeContext(context, caller)}${alsoNeeds(needs)}.`;
}
