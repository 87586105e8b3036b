import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePolicy } from "../policy/parse";
import { decideTrust } from "./decide";
import { DEFAULT_TRUST_RULES } from "./verdict";

const ACCOUNTS = ["111122223333", "444455556666", "777788889999", "123456789012"];

/** Role patterns of machines and of single sign-on, in any account or in each of these. */
function patterns(accounts: readonly string[]): fc.Arbitrary<string[]> {
  const path = fc.constantFrom(
    "role/aws-reserved/sso.amazonaws.com/*",
    "role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*",
    "role/ci-*",
    "role/ci/deploy-??",
    "role/github-actions",
  );
  const inAccounts = fc.boolean().map((isAny) => (isAny ? ["*"] : accounts));
  const each = fc
    .tuple(path, inAccounts)
    .map(([name, where]) => where.map((account) => `arn:aws:iam::${account}:${name}`));
  return fc.uniqueArray(each, { minLength: 1, maxLength: 3, selector: String }).map((lists) => lists.flat());
}

/**
 * Accounts narrowed to some of their roles, beside people with MFA and a service, as the documentation shows. Four accounts
 * with three patterns each and a Deny on all of them can cost more than the budget; then they count as open.
 */
const documented = fc
  .uniqueArray(fc.constantFrom(...ACCOUNTS), { minLength: 1, maxLength: 3 })
  .chain((accounts) =>
    fc.record({
      accounts: fc.constant(accounts),
      roles: patterns(accounts),
      operator: fc.constantFrom("ArnLike", "StringLike", "ArnEquals"),
      isRoot: fc.boolean(),
      isDenied: fc.boolean(),
    }),
  );

test("a trust policy as documented is exempt exactly if its roles are trusted", () => {
  fc.assert(
    fc.property(documented, ({ accounts, roles, operator, isRoot, isDenied }) => {
      const AWS = accounts.map((account) => (isRoot ? `arn:aws:iam::${account}:root` : account));
      const Action = "sts:AssumeRole";
      const machines = { Effect: "Allow", Principal: { AWS }, Action };
      const document = {
        Version: "2012-10-17",
        Statement: [
          { ...machines, Condition: { [operator]: { "aws:PrincipalArn": roles } } },
          { ...machines, Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } },
          { ...machines, Principal: { Service: "ec2.amazonaws.com" } },
          ...(isDenied
            ? [
                {
                  Effect: "Deny",
                  Principal: "*",
                  Action,
                  Condition: {
                    BoolIfExists: { "aws:MultiFactorAuthPresent": "false" },
                    ArnNotLike: { "aws:PrincipalArn": roles },
                  },
                },
              ]
            : []),
        ],
      };
      const parsed = parsePolicy(document, "trust");
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
      const trusted = decideTrust(parsed.policy, { ...DEFAULT_TRUST_RULES, trustedPrincipalArns: roles });
      expect(trusted.kind).toBe("exempt");
      const others = roles.map((role) => role.replace("role/", "role/other/"));
      const open = decideTrust(parsed.policy, { ...DEFAULT_TRUST_RULES, trustedPrincipalArns: others });
      expect(open).toMatchObject({ kind: "bypassable", decided: true });
    }),
    { numRuns: 300 },
  );
});
