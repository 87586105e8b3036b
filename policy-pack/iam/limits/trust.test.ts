import { describe, expect, test } from "vitest";
import { parsePolicy } from "../policy/parse";
import { decideTrust } from "../trust-policy/decide";
import { DEFAULT_TRUST_RULES, type TrustRules } from "../trust-policy/verdict";
import { type Limit, parseLimit } from "./limit";
import { limitTrust } from "./trust";

const ACCOUNT = "111122223333";
const OTHER = "444455556666";
const ARN = `arn:aws:iam::${ACCOUNT}:role/deploy`;
const BOB = `arn:aws:iam::${ACCOUNT}:user/bob`;
const NO_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } };
const IN_ORGANIZATION = { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } };
const MEMBERS = new Set([ACCOUNT]);

interface Given {
  readonly kind?: Limit["kind"];
  readonly accounts?: ReadonlySet<string>;
  readonly version?: string;
}

function limit(statement: object, { kind = "SCP", accounts = MEMBERS, version }: Given = {}): Limit {
  const Version = version ?? "2012-10-17";
  const name = kind === "SCP" ? "p-scp" : "p-rcp";
  const read = parseLimit({ Version, Statement: statement }, { kind, name, accounts });
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return read.limit;
}

const scp = (more: object = {}, given?: Given) =>
  limit({ Effect: "Deny", Action: "sts:AssumeRole", Resource: "*", Condition: NO_MFA, ...more }, given);
const rcp = (more: object = {}, given: Given = {}) =>
  scp({ Action: "sts:*", Principal: "*", ...more }, { kind: "RCP", ...given });

const allow = (Principal: unknown, more: object = {}) => ({
  Effect: "Allow",
  Principal,
  Action: "sts:AssumeRole",
  ...more,
});

interface Asked {
  readonly arn?: string;
  readonly rules?: Partial<TrustRules>;
  readonly version?: string;
}

/** What the limits make of a trust policy, and which of them. */
function closed(statement: unknown, limits: readonly Limit[], { arn = ARN, ...asked }: Asked = {}): string {
  const parsed = parsePolicy({ Version: asked.version ?? "2012-10-17", Statement: statement }, "trust");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const rules = { ...DEFAULT_TRUST_RULES, ...asked.rules };
  const role = { arn, account: arn.split(":")[4] ?? "" };
  const before = decideTrust(parsed.policy, rules);
  const limited = limitTrust(parsed.policy, role, limits, rules, before);
  if (limited === undefined) return before.kind;
  return `${limited.verdict.kind} by ${limited.by.map(({ name }) => name).join(" and ")}`;
}

describe("an SCP", () => {
  test.each<[string, unknown, Limit, string]>([
    ["closes the account's own callers", allow({ AWS: ACCOUNT }), scp(), "protected by p-scp"],
    ["closes a user named by ARN", allow({ AWS: BOB }), scp(), "protected by p-scp"],
    [
      "denies all but a list, as a guard does",
      allow({ AWS: BOB }),
      limit({ Effect: "Deny", NotAction: "iam:*", Resource: "*", Condition: NO_MFA }),
      "protected by p-scp",
    ],
    [
      "leaves what it exempts from the Deny",
      allow({ AWS: BOB }),
      limit({ Effect: "Deny", NotAction: "sts:*", Resource: "*" }),
      "bypassable",
    ],
    ["leaves callers of other accounts", allow({ AWS: [ACCOUNT, OTHER] }), scp(), "bypassable"],
    ["leaves anyone", allow("*"), scp(), "bypassable"],
    ["leaves anyone of the organization", allow("*", { Condition: IN_ORGANIZATION }), scp(), "bypassable"],
    [
      "closes anyone whom a condition narrows to the account, services aside",
      allow("*", { Condition: { StringEquals: { "aws:PrincipalAccount": ACCOUNT } } }),
      scp(),
      "exempt by p-scp",
    ],
    [
      "leaves an account that is not under it",
      allow({ AWS: BOB }),
      scp({}, { accounts: new Set([OTHER]) }),
      "bypassable",
    ],
    [
      "that does not cover an absent key leaves it",
      allow({ AWS: BOB }),
      scp({ Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } }),
      "bypassable",
    ],
    [
      "for users alone leaves an account's roles",
      allow({ AWS: ACCOUNT }),
      scp({ Condition: { ...NO_MFA, ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:user/*" } } }),
      "bypassable",
    ],
    [
      "for users alone closes a user",
      allow({ AWS: BOB }),
      scp({ Condition: { ...NO_MFA, ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:user/*" } } }),
      "protected by p-scp",
    ],
    [
      "about another role leaves this one",
      allow({ AWS: BOB }),
      scp({ Resource: `${ARN}-other` }),
      "bypassable",
    ],
    [
      "about roles by a pattern closes one",
      allow({ AWS: BOB }),
      scp({ Resource: "arn:*:iam::*:role/dep*" }),
      "protected by p-scp",
    ],
    [
      "about all but this role leaves it",
      allow({ AWS: BOB }),
      limit({ Effect: "Deny", Action: "*", NotResource: ARN }),
      "bypassable",
    ],
    [
      "about all but other roles closes it",
      allow({ AWS: BOB }),
      limit({ Effect: "Deny", Action: "*", NotResource: `${ARN}-other` }),
      "protected by p-scp",
    ],
    [
      "about a resource that the caller decides leaves it",
      allow({ AWS: BOB }),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      scp({ Resource: "arn:aws:iam::*:role/${aws:username}" }),
      "bypassable",
    ],
    [
      "that only allows closes nothing",
      allow({ AWS: BOB }),
      limit({ Effect: "Allow", Action: "s3:*", Resource: "*" }),
      "bypassable",
    ],
    [
      "leaves exempt services exempt",
      [allow({ AWS: ACCOUNT }), allow({ Service: "ec2.amazonaws.com" })],
      scp(),
      "exempt by p-scp",
    ],
  ])("%s", (_, statement, given, expected) => {
    expect(closed(statement, [given])).toBe(expected);
  });

  test("of whatever account is asked about counts for that one", () => {
    const { accounts: _, ...own } = scp();
    expect(closed(allow({ AWS: BOB }), [own])).toBe("protected by p-scp");
    expect(closed(allow({ AWS: OTHER }), [own])).toBe("bypassable");
  });

  test("several that together close are all named, and no other", () => {
    const present = scp({ Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } });
    const absent = scp({ Condition: { Null: { "aws:MultiFactorAuthPresent": "true" } } });
    const limits = [
      { ...present, name: "p-1" },
      { ...absent, name: "p-2" },
      { ...present, name: "p-3" },
    ];
    expect(closed(allow({ AWS: BOB }), limits)).toBe("protected by p-1 and p-2");
  });

  test("a policy variable means nothing in an old document, so its statement counts only beside a document of its own version", () => {
    const varying = scp({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      Condition: { ...NO_MFA, StringNotEquals: { "aws:username": "${aws:PrincipalTag/name}" } },
    });
    expect(closed(allow({ AWS: BOB }), [varying])).toBe("bypassable");
    expect(closed(allow({ AWS: BOB }), [varying], { version: "2008-10-17" })).toBe("bypassable");
  });
});

describe("an RCP", () => {
  const ABROAD = `arn:aws:iam::${OTHER}:user/mallory`;

  test.each<[string, unknown, Limit, string]>([
    ["closes callers of any account", allow({ AWS: [ABROAD, OTHER] }), rcp(), "protected by p-rcp"],
    ["closes anyone", allow("*"), rcp({ Condition: {} }), "protected by p-rcp"],
    ["that asks for MFA leaves anyone with MFA", allow("*"), rcp(), "anyone-with-mfa by p-rcp"],
    [
      "that keeps strangers out closes a role for anyone with MFA",
      allow("*", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
      rcp({ Condition: { StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-exampleorgid" } } }),
      "protected by p-rcp",
    ],
    [
      "that keeps strangers out leaves an account, which may be of the organization",
      allow({ AWS: OTHER }),
      rcp({ Condition: { StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-exampleorgid" } } }),
      "bypassable",
    ],
    [
      "leaves roles of other accounts",
      allow({ AWS: BOB }),
      rcp({}, { accounts: new Set([OTHER]) }),
      "bypassable",
    ],
  ])("%s", (_, statement, given, expected) => {
    expect(closed(statement, [given])).toBe(expected);
  });
});

describe("a service-linked role", () => {
  const LINKED = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX`;
  const enforced = { principals: { ...DEFAULT_TRUST_RULES.principals, service: "enforce" } } as const;

  test.each<[string, unknown, Asked, string]>([
    ["is not limited itself", allow({ AWS: BOB }), { arn: LINKED }, "bypassable"],
    ["that is named comes in", allow({ AWS: LINKED }), {}, "bypassable"],
    [
      "comes in by its session",
      allow({ AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/AWSServiceRoleForX/s` }),
      {},
      "bypassable",
    ],
    [
      "comes in where a condition names it",
      allow(
        { AWS: ACCOUNT },
        { Condition: { ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:role/aws-service-role/*" } } },
      ),
      {},
      "bypassable",
    ],
    [
      "counts as its service, as one of an account's roles",
      allow({ AWS: ACCOUNT }),
      {},
      "protected by p-scp",
    ],
    ["comes in where services must prove MFA", allow({ AWS: ACCOUNT }), { rules: enforced }, "bypassable"],
  ])("%s", (_, statement, asked, expected) => {
    expect(closed(statement, [scp()], asked)).toBe(expected);
  });
});

test.each([
  ["an RCP without a principal", "RCP", { Effect: "Deny", Action: "*", Resource: "*" }],
  ["an SCP with a principal", "SCP", { Effect: "Deny", Principal: "*", Action: "*", Resource: "*" }],
  ["an RCP with NotPrincipal", "RCP", { Effect: "Deny", NotPrincipal: "*", Action: "*", Resource: "*" }],
] as const)("%s is refused", (_, kind, Statement) => {
  expect(parseLimit({ Version: "2012-10-17", Statement }, { kind, name: "p-1" }).ok).toBe(false);
});
