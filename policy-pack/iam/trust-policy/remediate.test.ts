import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leftAlone } from "../../messages/remediation";
import { parsePolicy } from "../policy/parse";
import { Unknown } from "../policy/unknown";
import { decideTrust } from "./decide";
import { type Remediation, remediateTrust } from "./remediate";
import { DEFAULT_TRUST_RULES, type TrustRules } from "./verdict";

const MFA = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
const ACCOUNT = "arn:aws:iam::111122223333:root";
const BOB = "arn:aws:iam::111122223333:user/bob";
const PIPELINE = "arn:aws:iam::111122223333:user/machines/pipeline";
const BUILD = "arn:aws:iam::111122223333:role/build";
const EC2 = { Service: "ec2.amazonaws.com" };
const ALLOW = { Effect: "Allow", Principal: { AWS: BOB }, Action: "sts:AssumeRole" };
const PEOPLE = ["arn:aws:iam::111122223333:user/*"];

function document(...statements: readonly object[]) {
  return { Version: "2012-10-17", Statement: statements };
}

function remediate(
  given: unknown,
  { rules, ...more }: Partial<Remediation> & { rules?: Partial<TrustRules> } = {},
) {
  return remediateTrust(given, { ...DEFAULT_TRUST_RULES, ...rules }, { peopleArns: PEOPLE, ...more });
}

describe("a remediation of a trust policy", () => {
  test.each<[string, object, object]>([
    ["adds the MFA condition if there is none", ALLOW, { ...ALLOW, Condition: MFA }],
    [
      "adds the MFA condition beside another condition",
      { ...ALLOW, Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } },
      { ...ALLOW, Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" }, ...MFA } },
    ],
    [
      "replaces a wrong value and keeps the spelling of the keys",
      { ...ALLOW, condition: { bool: { "AWS:multifactorauthpresent": ["true", "false"] } } },
      { ...ALLOW, condition: { bool: { "AWS:multifactorauthpresent": "true" } } },
    ],
    [
      "keeps an ineffective condition and adds the effective one",
      { ...ALLOW, Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } } },
      { ...ALLOW, Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" }, ...MFA } },
    ],
    [
      "adds the MFA condition for an account if a pattern covers all of its users",
      { ...ALLOW, Principal: { AWS: ACCOUNT } },
      { ...ALLOW, Principal: { AWS: ACCOUNT }, Condition: MFA },
    ],
  ])("%s", (_, before, after) => {
    expect(remediate(document(before))).toEqual({ kind: "remediated", document: document(after) });
    expect(remediate(document(after))).toEqual({ kind: "sound" });
  });

  test("keeps a Statement that is one object, and a document that is text", () => {
    const [before, after] = [ALLOW, { ...ALLOW, Condition: MFA }].map((Statement) => ({
      Version: "2012-10-17",
      Statement,
    }));
    expect(remediate(before)).toEqual({ kind: "remediated", document: after });
    expect(remediate(JSON.stringify(before))).toEqual({
      kind: "remediated",
      document: JSON.stringify(after),
    });
  });

  test("splits a statement with exempt principals and keeps the Sid on their part", () => {
    const mixed = { Sid: "Both", ...ALLOW, Principal: { AWS: [BOB, BUILD], ...EC2 } };
    expect(remediate(document(mixed), { rules: { trustedPrincipalArns: [BUILD] } })).toEqual({
      kind: "remediated",
      document: document(
        { ...mixed, Principal: { AWS: [BUILD], ...EC2 } },
        { ...ALLOW, Principal: { AWS: [BOB] }, Condition: MFA },
      ),
    });
  });

  test("changes nothing if every principal is exempt", () => {
    expect(remediate(document({ ...ALLOW, Principal: EC2 }))).toEqual({ kind: "sound" });
  });

  test("makes a list of a Statement that it splits, and keeps the numbers of a text", () => {
    const rules = { trustedPrincipalArns: [BUILD] };
    const Condition = { NumericLessThan: { "aws:PrincipalTag/level": -1.5 } };
    const Statement = { ...ALLOW, Principal: { AWS: [BOB, BUILD] }, Condition };
    expect(remediate(JSON.stringify({ Statement }), { rules })).toEqual({
      kind: "remediated",
      document: JSON.stringify({
        Statement: [
          { ...Statement, Principal: { AWS: [BUILD] } },
          { ...Statement, Principal: { AWS: [BOB] }, Condition: { ...Condition, ...MFA } },
        ],
      }),
    });
  });

  test("keeps several trusted patterns in one statement", () => {
    const trustedPrincipalArns = ["ci", "cd"].map((name) => `arn:aws:iam::111122223333:role/${name}`);
    const given = { ...ALLOW, Principal: { AWS: ACCOUNT } };
    expect(remediate(document(given), { rules: { trustedPrincipalArns } })).toEqual({
      kind: "remediated",
      document: document(
        { ...given, Condition: MFA },
        { ...given, Condition: { StringLike: { "aws:PrincipalArn": trustedPrincipalArns } } },
      ),
    });
  });

  test("keeps the access of an account's trusted principals", () => {
    const trustedPrincipalArns = [
      "arn:aws:iam::111122223333:role/ci-*",
      "arn:aws:iam::444455556666:role/other",
    ];
    const given = { Sid: "Account", ...ALLOW, Principal: { AWS: ACCOUNT } };
    expect(remediate(document(given), { rules: { trustedPrincipalArns } })).toEqual({
      kind: "remediated",
      document: document(
        { ...given, Condition: MFA },
        {
          ...ALLOW,
          Principal: { AWS: ACCOUNT },
          Condition: { StringLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/ci-*" } },
        },
      ),
    });
  });

  test("keeps the access of an account's roles if their class is exempt", () => {
    const rules = { principals: { ...DEFAULT_TRUST_RULES.principals, role: "exempt" } } as const;
    const narrowed = { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:*" } };
    const given = { Sid: "Account", ...ALLOW, Principal: { AWS: ACCOUNT }, Condition: narrowed };
    const roles = { ...narrowed, StringEquals: { "aws:PrincipalType": "AssumedRole" } };
    expect(remediate(document(given), { rules })).toEqual({
      kind: "remediated",
      document: document(
        { ...given, Condition: { ...narrowed, ...MFA } },
        { ...ALLOW, Principal: { AWS: ACCOUNT }, Condition: roles },
      ),
    });
  });

  test("reads an account ID in the partition that the configuration names", () => {
    const given = { ...ALLOW, Principal: { AWS: "111122223333" } };
    const trustedPrincipalArns = ["arn:aws-cn:iam::111122223333:role/ci"];
    const peopleArns = ["arn:aws-cn:iam::111122223333:user/*"];
    expect(remediate(document(given), { rules: { trustedPrincipalArns }, peopleArns })).toEqual({
      kind: "remediated",
      document: document(
        { ...given, Condition: MFA },
        { ...given, Condition: { StringLike: { "aws:PrincipalArn": trustedPrincipalArns[0] } } },
      ),
    });
  });

  test("adds the maximum age if one is configured", () => {
    const condition = { ...MFA, NumericLessThanEquals: { "aws:MultiFactorAuthAge": "900" } };
    expect(remediate(document(ALLOW), { rules: { maxMfaAgeSeconds: 900 } })).toEqual({
      kind: "remediated",
      document: document({ ...ALLOW, Condition: condition }),
    });
  });

  test("returns a secret that contains an unknown value as it is", () => {
    class Secret {
      constructor(readonly value: unknown) {}
    }
    const unknown = {
      ...ALLOW,
      Effect: "Deny",
      Condition: { IpAddress: { "aws:SourceIp": new Unknown("an output") } },
    };
    const secret = { ...unknown, Condition: new Secret(unknown.Condition) };
    const result = remediate(document(ALLOW, unknown), { source: document(ALLOW, secret) });
    expect(result).toEqual({ kind: "remediated", document: document({ ...ALLOW, Condition: MFA }, secret) });
  });
});

describe("a remediation leaves the document unchanged and says why", () => {
  const VENDOR = { StringEquals: { "sts:ExternalId": "example" } };
  class Secret {}
  test.each<[string, unknown, string, Parameters<typeof remediate>[1]]>([
    ["if a role gets in", document({ ...ALLOW, Principal: { AWS: BUILD } }), `not a fix for ${BUILD}`, {}],
    ["if anyone gets in", document({ ...ALLOW, Principal: "*" }), "not a fix for *", {}],
    [
      "if a vendor gets in",
      document({ ...ALLOW, Principal: { AWS: ACCOUNT }, Condition: VENDOR }),
      `not a fix for ${ACCOUNT}`,
      {},
    ],
    [
      "if peopleArns is empty",
      document(ALLOW),
      `peopleArns does not cover ${BOB}; if it is a person's, add "${BOB}"`,
      { peopleArns: [] },
    ],
    [
      "if peopleArns does not cover a user",
      document({ ...ALLOW, Principal: { AWS: [BOB, PIPELINE] } }),
      `peopleArns does not cover ${PIPELINE}; if it is a person's, add "${PIPELINE}"`,
      { peopleArns: [BOB] },
    ],
    [
      "if peopleArns does not cover all users of an account",
      document({ ...ALLOW, Principal: { AWS: ACCOUNT } }),
      `if all users of that account are people, add "arn:aws:iam::111122223333:user/*"`,
      { peopleArns: ["arn:aws:iam::111122223333:user/people/*"] },
    ],
    [
      "if an identity provider is enforced",
      document({
        ...ALLOW,
        Principal: { Federated: "accounts.google.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
      }),
      "not a fix for accounts.google.com",
      { rules: { principals: { ...DEFAULT_TRUST_RULES.principals, federated: "enforce" } } },
    ],
    [
      "if a person's user and a role get in by one statement",
      document({ ...ALLOW, Principal: { AWS: [BOB, BUILD] } }),
      `not a fix for ${BUILD}`,
      {},
    ],
    [
      "if no condition can keep the access of a trusted session",
      document({ ...ALLOW, Principal: { AWS: ACCOUNT } }),
      "names sessions, which no condition can",
      { rules: { trustedPrincipalArns: ["arn:aws:sts::111122223333:assumed-role/ci/*"] } },
    ],
    [
      "if a condition already distinguishes users and roles",
      document({
        ...ALLOW,
        Principal: { AWS: ACCOUNT },
        Condition: { StringEquals: { "aws:PrincipalType": ["User", "AssumedRole"] } },
      }),
      "no condition can distinguish",
      { rules: { principals: { ...DEFAULT_TRUST_RULES.principals, role: "exempt" } } },
    ],
    [
      "if the condition that must change is secret",
      document(ALLOW),
      "secret or not known yet",
      { source: document({ ...ALLOW, Condition: new Secret() }) },
    ],
    [
      "if the text has a number that would lose digits",
      JSON.stringify(document({ ...ALLOW, Condition: { NumericLessThan: { "example:n": 1 } } })).replace(
        ":1}",
        ":9007199254740993}",
      ),
      "a number",
      {},
    ],
    ["if AWS refuses the document", document({ ...ALLOW, Effect: "allow" }), "not a valid trust policy", {}],
    ["if the text is not JSON", "{", "not a valid trust policy", {}],
  ])("%s", (_, given, reason, options) => {
    const result = remediate(given, options);
    expect(result.kind).toBe("left");
    expect(result.kind === "left" && leftAlone(result.why)).toContain(reason);
  });
});

test.each([
  { Null: { "aws:MultiFactorAuthPresent": "true" } },
  { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
  { StringEquals: { "aws:MultiFactorAuthPresent": "false" } },
])("a remediation leaves a statement unchanged that no request with MFA meets: %j", (Condition) => {
  expect(remediate(document({ ...ALLOW, Condition }))).toEqual({
    kind: "left",
    why: { kind: "without-mfa" },
  });
  expect(leftAlone({ kind: "without-mfa" })).toContain("would lock everyone out");
});

describe("the reason for leaving a document unchanged", () => {
  class Secret {}
  const later = new Unknown("later");
  const account = { ...ALLOW, Principal: { AWS: ACCOUNT } };
  const notPeople = (principal: string, pattern: string) => ({
    kind: "not-people",
    principals: [{ principal, unless: { kind: "account", pattern } }],
  });
  test.each<[string, unknown, object, Parameters<typeof remediate>[1]]>([
    [
      "anyone with MFA",
      document({ ...ALLOW, Principal: "*", Condition: MFA }),
      { kind: "anyone-with-mfa" },
      {},
    ],
    [
      "a person, beside anyone with MFA in another statement",
      document(ALLOW, { ...ALLOW, Principal: "*", Condition: MFA }),
      { kind: "still-open" },
      {},
    ],
    [
      "a condition that is not known yet",
      document({ ...ALLOW, Condition: { Bool: { "aws:MultiFactorAuthPresent": later } } }),
      { kind: "unknown", principals: [], exemptBy: [] },
      {},
    ],
    [
      "a principal that is secret",
      document(ALLOW),
      { kind: "hidden", part: "principal" },
      { source: document({ ...ALLOW, Principal: { AWS: new Secret() } }) },
    ],
    [
      "two principals, one of them secret",
      document({ ...ALLOW, Principal: { AWS: [BOB, PIPELINE] } }),
      { kind: "hidden", part: "principal" },
      { source: document({ ...ALLOW, Principal: { AWS: [BOB, new Secret()] } }) },
    ],
    [
      "a condition that is secret",
      document(ALLOW),
      { kind: "hidden", part: "other" },
      { source: document({ ...ALLOW, Condition: new Secret() }) },
    ],
    [
      "a trusted pattern that could be read as a policy variable",
      document(account),
      { kind: "inseparable" },
      { rules: { trustedPrincipalArns: [BUILD, "arn:aws:iam::111122223333:role/$ci"] } },
    ],
    [
      "an account in another partition",
      document({ ...ALLOW, Principal: { AWS: "arn:aws-cn:iam::111122223333:root" } }),
      notPeople("arn:aws-cn:iam::111122223333:root", "arn:aws-cn:iam::111122223333:user/*"),
      {},
    ],
    [
      "an account ID",
      document({ ...ALLOW, Principal: { AWS: "111122223333" } }),
      notPeople("111122223333", "arn:aws:iam::111122223333:user/*"),
      { peopleArns: [] },
    ],
  ])("is stated for %s", (_, given, why, options) => {
    expect(remediate(given, options)).toEqual({ kind: "left", why });
  });
});

const PRINCIPALS = [BOB, PIPELINE, BUILD, ACCOUNT, "444455556666"];
const someStatement = fc.record(
  {
    Effect: fc.constantFrom("Allow", "Allow", "Deny"),
    Principal: fc.record({ AWS: fc.uniqueArray(fc.constantFrom(...PRINCIPALS), { minLength: 1 }) }),
    Action: fc.constantFrom("sts:AssumeRole", "sts:*"),
    Condition: fc.constantFrom(
      {},
      MFA,
      { ArnLike: { "aws:PrincipalArn": BUILD } },
      { Bool: { "aws:SecureTransport": "true" } },
    ),
  },
  { requiredKeys: ["Effect", "Principal", "Action"] },
);

test("a remediation ends protected or exempt, is idempotent, and keeps trusted principals' access", () => {
  const trusted = { trustedPrincipalArns: [BUILD] };
  fc.assert(
    fc.property(fc.array(someStatement, { minLength: 1, maxLength: 3 }), (statements) => {
      const given = document(...statements);
      const before = structuredClone(given);
      const result = remediate(given, { rules: trusted });
      expect(given).toEqual(before);
      if (result.kind !== "remediated") return;
      expect(["protected", "exempt"]).toContain(verdict(result.document, trusted).kind);
      expect(remediate(result.document, { rules: trusted })).toEqual({ kind: "sound" });
      expect(verdict(onlyBuild(result.document)).kind).toBe(verdict(onlyBuild(given)).kind);
    }),
    { numRuns: 500 },
  );
});

function verdict(given: unknown, rules: Partial<TrustRules> = {}) {
  const parsed = parsePolicy(given, "trust");
  if (!parsed.ok) throw new Error("refused");
  return decideTrust(parsed.policy, { ...DEFAULT_TRUST_RULES, ...rules });
}

/** The document for the trusted role alone: it is bypassable where that role gets in. */
function onlyBuild(given: unknown) {
  const { Statement, ...rest } = given as ReturnType<typeof document>;
  const others = { ArnNotEquals: { "aws:PrincipalArn": BUILD } };
  return {
    ...rest,
    Statement: [...Statement, { Effect: "Deny", Principal: "*", Action: "sts:*", Condition: others }],
  };
}
