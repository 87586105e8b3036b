import { describe, expect, test } from "vitest";
import { parsePolicy } from "../policy/parse";
import { Unknown, written } from "../policy/unknown";
import { decideTrust } from "./decide";
import { fixesFor } from "./fix";
import { DEFAULT_TRUST_RULES, type TrustRules } from "./verdict";

const ACCOUNT = "arn:aws:iam::111122223333:root";
const BOB = "arn:aws:iam::111122223333:user/bob";
const BUILD = "arn:aws:iam::111122223333:role/build";
const ENFORCE_ALL = {
  ...DEFAULT_TRUST_RULES,
  principals: { ...DEFAULT_TRUST_RULES.principals, service: "enforce", federated: "enforce" },
} as const;

function fixes(
  statements: readonly object[],
  peopleArns: readonly string[] = [],
  rules = DEFAULT_TRUST_RULES,
) {
  const parsed = parsePolicy({ Version: "2012-10-17", Statement: statements }, "trust");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const verdict = decideTrust(parsed.policy, rules);
  if (verdict.kind !== "bypassable") throw new Error(`expected a way in, got ${verdict.kind}`);
  return fixesFor(parsed.policy, verdict.witnesses, rules, peopleArns);
}

function allow(principal: unknown, more: object = {}) {
  return { Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", ...more };
}

const EXTERNAL_ID = { Condition: { StringEquals: { "sts:ExternalId": "example" } } };

describe("a fix", () => {
  test.each<[string, object, readonly string[], object]>([
    ["a person's user", allow({ AWS: BOB }), [BOB], { kind: "require-mfa", people: true }],
    ["a user, who may be a machine", allow({ AWS: BOB }), [], { kind: "require-mfa", people: false }],
    [
      "an account of people",
      allow({ AWS: ACCOUNT }),
      ["arn:aws:iam::111122223333:user/*"],
      { kind: "require-mfa", people: true },
    ],
    ["an account", allow({ AWS: "111122223333" }), [BOB], { kind: "require-mfa", people: false }],
    ["anyone", allow("*"), ["*"], { kind: "name-principals" }],
    [
      "a vendor's account with an external id",
      allow({ AWS: ACCOUNT }, EXTERNAL_ID),
      ["*"],
      { kind: "vendor" },
    ],
    ["a role", allow({ AWS: BUILD }), ["*"], { kind: "cannot-prove", class: "role" }],
  ])("suits the principal: %s", (_, statement, peopleArns, remedy) => {
    expect(fixes([statement], peopleArns)).toMatchObject([
      { statement: 0, parts: [{ remedy }], namesOthers: false },
    ]);
  });

  test("says that an enforced service or identity provider cannot prove MFA", () => {
    const statements = [
      allow({ Service: "ec2.amazonaws.com" }),
      allow({ Federated: "accounts.google.com" }, { Action: "sts:AssumeRoleWithWebIdentity" }),
    ];
    expect(fixes(statements, [], ENFORCE_ALL)).toMatchObject([
      { statement: 0, parts: [{ remedy: { kind: "cannot-prove", class: "service" } }] },
      { statement: 1, parts: [{ remedy: { kind: "cannot-prove", class: "federated" } }] },
    ]);
  });

  test("for a mixed statement has a part for each kind of principal", () => {
    const mixed = allow({ AWS: [BOB, ACCOUNT, BUILD], Service: "ec2.amazonaws.com" }, { Sid: "Mixed" });
    expect(fixes([mixed])).toEqual([
      {
        statement: 0,
        sid: "Mixed",
        parts: [
          { remedy: { kind: "require-mfa", people: false }, principals: [BOB, ACCOUNT] },
          { remedy: { kind: "cannot-prove", class: "role" }, principals: [BUILD] },
        ],
        namesOthers: true,
        accounts: [ACCOUNT],
        keeps: { roles: false, trusted: [], sessions: [] },
      },
    ]);
  });
});

describe("a fix for an account", () => {
  const { principals } = DEFAULT_TRUST_RULES;
  const narrowed = { Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:*" } } };
  const CI = "arn:aws:iam::111122223333:role/ci-*";
  const JOB = "arn:aws:sts::111122223333:assumed-role/ci/*";
  const none = { roles: false, trusted: [], sessions: [] };
  test.each<[string, object, Partial<TrustRules>, object]>([
    ["nobody by default", allow({ AWS: ACCOUNT }), {}, none],
    ["nobody if roles must prove MFA", allow({ AWS: ACCOUNT }, narrowed), {}, none],
    [
      "nobody if an exempt role is named beside the account",
      allow({ AWS: [ACCOUNT, BUILD] }),
      { principals: { ...principals, role: "exempt" } },
      none,
    ],
    [
      "nobody in a vendor's account, which needs no condition",
      allow({ AWS: ACCOUNT }, { Condition: { ...narrowed.Condition, ...EXTERNAL_ID.Condition } }),
      { principals: { ...principals, role: "exempt" }, trustedPrincipalArns: [CI] },
      none,
    ],
    [
      "its roles if the class is exempt and the statement distinguishes them",
      allow({ AWS: ACCOUNT }, narrowed),
      { principals: { ...principals, role: "exempt" } },
      { ...none, roles: true },
    ],
    [
      "nobody if the account as a whole must prove MFA",
      allow({ AWS: ACCOUNT }),
      { principals: { ...principals, role: "exempt" } },
      none,
    ],
    [
      "principals that a trusted pattern for the account's ID matches",
      allow({ AWS: "111122223333" }),
      { trustedPrincipalArns: [CI, "arn:aws:iam::444455556666:role/*"] },
      { ...none, trusted: [CI] },
    ],
    [
      "trusted sessions, which no condition distinguishes",
      allow({ AWS: ACCOUNT }),
      { trustedPrincipalArns: [JOB] },
      { ...none, sessions: [JOB] },
    ],
  ])("keeps access without MFA for %s", (_, statement, rules, keeps) => {
    expect(fixes([statement], [], { ...DEFAULT_TRUST_RULES, ...rules })).toMatchObject([{ keeps }]);
  });

  test("keeps trusted principals of an account that is not known yet", () => {
    const later = new Unknown("AWS::AccountId", undefined, "own account", undefined, "account");
    const rules = { ...DEFAULT_TRUST_RULES, trustedPrincipalArns: [CI] };
    for (const AWS of [later, Unknown.text("Fn::Sub", ["arn:aws:iam::", later, ":root"])]) {
      const [fix] = fixes([allow({ AWS })], [], rules);
      expect(fix).toMatchObject({
        parts: [{ remedy: { kind: "require-mfa", people: false } }],
        accounts: [written(AWS)],
        keeps: { ...none, trusted: [CI] },
      });
    }
  });

  test("recognizes a vendor by a Deny on the external ID, and anyone by NotPrincipal", () => {
    const Condition = { StringNotEquals: { "sts:ExternalId": "example" } };
    const denied = { ...allow({ AWS: "*" }, { Condition }), Effect: "Deny" };
    const [vendor] = fixes([allow({ AWS: ACCOUNT }), denied], ["*"]);
    expect(vendor?.parts).toEqual([{ remedy: { kind: "vendor" }, principals: [ACCOUNT] }]);
    const { Principal, ...rest } = allow({ AWS: ACCOUNT });
    expect(fixes([{ ...rest, NotPrincipal: Principal }])).toMatchObject([
      { parts: [{ remedy: { kind: "name-principals" } }], namesOthers: false },
    ]);
  });

  test("is decided for each statement separately", () => {
    const rules = { ...DEFAULT_TRUST_RULES, principals: { ...principals, role: "exempt" } } as const;
    const statements = [allow({ AWS: ACCOUNT }), allow({ AWS: ACCOUNT }, narrowed)];
    const [first, second] = fixes(statements, [], rules);
    expect(first?.keeps).toEqual(none);
    expect(first).not.toHaveProperty("sid");
    expect(second?.keeps).toEqual({ ...none, roles: true });
  });
});
