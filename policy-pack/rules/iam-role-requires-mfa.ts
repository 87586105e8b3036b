import { decideTrust } from "../iam/trust-policy/decide";
import { mendTrust } from "../iam/trust-policy/mend";
import type { TrustRules, TrustVerdict, TrustWitness } from "../iam/trust-policy/verdict";
import { describeWorld } from "../iam/world";
import { type Document, readDocument } from "../resources/document";
import type { Resource } from "../resources/resource";
import { TABLE } from "../resources/table";
import { type Findings, NOTHING_FOUND } from "./finding";
import { ARN_PATTERNS, type Common, type ResourceRule, UNKNOWN } from "./rule";
import { refused, statementName, undecided } from "./wording";

export interface RoleConfig extends Common {
  readonly principals: Partial<TrustRules["principals"]>;
  readonly trustedPrincipalArns: readonly string[];
  readonly maxMfaAgeSeconds?: number;
  readonly unknown: "warn" | "reject";
}

const ENFORCE = { type: "string", enum: ["enforce", "exempt"] } as const;

/** Rejects a role that an enforced principal can assume in a world without MFA. */
export const iamRoleRequiresMfa: ResourceRule<RoleConfig> = {
  kind: "resource",
  about: {
    name: "iam-role-requires-mfa",
    displayName: "A role can only be assumed with MFA",
    description: "Rejects an IAM role that a user, an account, a role or anyone can assume without MFA.",
    severity: "critical",
    level: "mandatory",
    framework: { name: "AWS Foundational Security Best Practices", version: "1.0.0", reference: "IAM.19" },
    tags: ["aws", "iam", "mfa", "role"],
    steps:
      'Add "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}} to every Allow statement of the trust policy ' +
      "that names users or accounts. BoolIfExists lets every access key through.",
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
      maxMfaAgeSeconds: {
        type: "integer",
        minimum: 1,
        description: "The oldest MFA that counts, in seconds. Without it any MFA counts.",
      },
      unknown: UNKNOWN,
    },
  },
  types: new Set([...TABLE].flatMap(([type, row]) => (row.kind === "role" ? [type] : []))),

  judge(resource, config) {
    const trust = trustOf(resource);
    if (trust === undefined) return NOTHING_FOUND;
    if (trust.kind === "refused") {
      return { violations: [refused(resource, trust.where, trust.errors)], notes: [] };
    }
    if (trust.kind === "unknown") return undecided(resource, `${trust.where} is not known`, config.unknown);
    return findingsOf(resource, trust.where, decideTrust(trust.policy, trustRules(config)), config);
  },

  unseen(holder, what, config) {
    return undecided(holder, `roles that ${what} may declare`, config.unknown);
  },

  mend(resource, config) {
    const row = TABLE.get(resource.type);
    if (row?.kind !== "role" || trustOf(resource)?.kind !== "policy") return undefined;
    const mended = mendTrust(resource.props[row.trust], trustRules(config));
    return mended.kind === "mended" ? { property: row.trust, value: mended.document } : undefined;
  },
};

/** The trust policy that a role declares; `undefined` for what is no role or declares none. */
export function trustOf(resource: Resource): Document | undefined {
  const row = TABLE.get(resource.type);
  if (row?.kind !== "role") return undefined;
  const value = resource.props[row.trust];
  return value === undefined ? undefined : readDocument(value, "trust", row.trust);
}

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

function findingsOf(resource: Resource, where: string, verdict: TrustVerdict, config: RoleConfig): Findings {
  switch (verdict.kind) {
    case "protected":
    case "exempt":
      return NOTHING_FOUND;
    case "unknown":
      return undecided(resource, `${where}: ${verdict.reason}`, config.unknown);
    case "bypassable": {
      const { witnesses, decided } = verdict;
      const message = decided
        ? [
            "This role can be assumed without MFA.",
            ...witnesses.map((each) => wayIn(where, each)),
            ...fixes(witnesses),
          ]
        : [
            `${where} cannot be proven to require MFA: ${verdict.reason}.`,
            "Fix: use fewer statements and patterns.",
          ];
      return { violations: [{ resource, message: message.join("\n"), witnesses }], notes: [] };
    }
  }
}

function wayIn(where: string, { statement, sid, principal, action, world }: TrustWitness): string {
  return `  Way in: ${where}, ${statementName(statement, sid)} allows ${action} to ${principal} ${describeWorld(world)}.`;
}

function fixes(witnesses: readonly TrustWitness[]): string[] {
  const roles = witnesses.filter((each) => each.class === "role");
  const others = witnesses.filter((each) => each.class !== "role");
  const names = (of: readonly TrustWitness[]) =>
    [...new Set(of.map(({ statement, sid }) => statementName(statement, sid)))].join(", ");
  const fix: string[] = [];
  if (others.length > 0) {
    fix.push(
      `Fix: in ${names(others)} set "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}} ("Bool", not "BoolIfExists").`,
    );
  }
  if (others.some(({ world }) => world.kind === "stale")) {
    fix.push(
      '  and {"NumericLessThanEquals": {"aws:MultiFactorAuthAge": "<seconds>"}} within the configured maximum.',
    );
  }
  if (roles.length > 0) {
    fix.push(
      `Fix: ${names(roles)} trusts a role, whose session cannot prove MFA; a condition would lock it out. ` +
        "Trust the users themselves, or name the role in trustedPrincipalArns if it is a machine's.",
    );
  }
  return fix;
}
