import { describe, expect, test } from "vitest";
import { parsePolicy } from "../policy/parse";
import { type Text, Unknown } from "../policy/unknown";
import { decideTrust } from "../trust-policy/decide";
import { DEFAULT_TRUST_RULES, type TrustRules } from "../trust-policy/verdict";
import { type Limit, mayDeny, parseLimit } from "./limit";
import { limitTrust } from "./trust";

const ACCOUNT = "111122223333";
const OTHER = "444455556666";
const ARN = `arn:aws:iam::${ACCOUNT}:role/deploy`;
const BOB = `arn:aws:iam::${ACCOUNT}:user/bob`;
const USERS = { ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:user/*" } };
const NO_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } };
const IN_ORGANIZATION = { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } };
const MEMBERS = new Set([ACCOUNT]);

interface Given {
  readonly kind?: Limit["kind"];
  readonly accounts?: ReadonlySet<string>;
  readonly version?: string;
}

/** A limit before it is parsed. */
type Written = Omit<Limit, "policy"> & { readonly document: object };

function limit(statement: object, { kind = "SCP", accounts = MEMBERS, version }: Given = {}): Written {
  const document = { Version: version ?? "2012-10-17", Statement: statement };
  return { kind, name: kind === "SCP" ? "p-scp" : "p-rcp", accounts, document };
}

function read({ document, ...more }: Written): Limit {
  const parsed = parseLimit(document, more);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.limit;
}

const scp = (more: object = {}, given?: Given) =>
  limit({ Effect: "Deny", Action: "sts:AssumeRole", Resource: "*", Condition: NO_MFA, ...more }, given);
const rcp = (more: object = {}, given: Given = {}) =>
  scp({ Action: "sts:*", Principal: "*", ...more }, { kind: "RCP", ...given });

// biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
const STAR = "${*}";
const text = (...parts: Text[]) => Unknown.text("Fn::Sub", parts);

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

/** The verdict on a trust policy under these limits, and the ones that change it. `arn`: the role's, or empty if unknown. */
function closed(statement: unknown, limits: readonly Written[], { arn = ARN, ...asked }: Asked = {}): string {
  const parsed = parsePolicy({ Version: asked.version ?? "2012-10-17", Statement: statement }, "trust");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const rules = { ...DEFAULT_TRUST_RULES, ...asked.rules };
  const role = arn === "" ? {} : { arn, account: arn.split(":")[4] ?? "" };
  const before = decideTrust(parsed.policy, rules);
  const limited = limitTrust(parsed.policy, role, limits.map(read), rules, before);
  if (limited === undefined) return before.kind;
  return `${limited.verdict.kind} by ${limited.by.map(({ name }) => name).join(" and ")}`;
}

describe("an SCP", () => {
  test.each<[string, unknown, Written, string]>([
    ["covers callers of the role's account", allow({ AWS: ACCOUNT }), scp(), "protected by p-scp"],
    ["covers a user named by ARN", allow({ AWS: BOB }), scp(), "protected by p-scp"],
    [
      "that denies all but other actions covers a user",
      allow({ AWS: BOB }),
      limit({ Effect: "Deny", NotAction: "iam:*", Resource: "*", Condition: NO_MFA }),
      "protected by p-scp",
    ],
    [
      "whose NotAction includes sts:AssumeRole does not cover a user",
      allow({ AWS: BOB }),
      limit({ Effect: "Deny", NotAction: "sts:*", Resource: "*" }),
      "bypassable",
    ],
    ["does not cover callers of other accounts", allow({ AWS: [ACCOUNT, OTHER] }), scp(), "bypassable"],
    ["does not cover anyone", allow("*"), scp(), "bypassable"],
    [
      "does not cover anyone in the organization",
      allow("*", { Condition: IN_ORGANIZATION }),
      scp(),
      "bypassable",
    ],
    [
      "covers anyone narrowed to the account, except services",
      allow("*", { Condition: { StringEquals: { "aws:PrincipalAccount": ACCOUNT } } }),
      scp(),
      "exempt by p-scp",
    ],
    [
      "does not cover callers of an account that is not under it",
      allow({ AWS: BOB }),
      scp({}, { accounts: new Set([OTHER]) }),
      "bypassable",
    ],
    [
      'with Bool "false" does not cover a request without the key',
      allow({ AWS: BOB }),
      scp({ Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } }),
      "bypassable",
    ],
    [
      "for users alone does not cover an account's roles",
      allow({ AWS: ACCOUNT }),
      scp({ Condition: { ...NO_MFA, ...USERS } }),
      "bypassable",
    ],
    [
      "for users alone covers a user",
      allow({ AWS: BOB }),
      scp({ Condition: { ...NO_MFA, ...USERS } }),
      "protected by p-scp",
    ],
    [
      "on another role does not cover this one",
      allow({ AWS: BOB }),
      scp({ Resource: `${ARN}-other` }),
      "bypassable",
    ],
    [
      "on roles by a pattern covers a matching role",
      allow({ AWS: BOB }),
      scp({ Resource: "arn:*:iam::*:role/dep*" }),
      "protected by p-scp",
    ],
    [
      "on all but this role does not cover it",
      allow({ AWS: BOB }),
      limit({ Effect: "Deny", Action: "*", NotResource: ARN }),
      "bypassable",
    ],
    [
      "on all but another role covers this one",
      allow({ AWS: BOB }),
      limit({ Effect: "Deny", Action: "*", NotResource: `${ARN}-other` }),
      "protected by p-scp",
    ],
    [
      "on a resource that depends on the caller does not cover the role",
      allow({ AWS: BOB }),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      scp({ Resource: "arn:aws:iam::*:role/${aws:username}" }),
      "bypassable",
    ],
    [
      "with only an Allow covers nothing",
      allow({ AWS: BOB }),
      limit({ Effect: "Allow", Action: "s3:*", Resource: "*" }),
      "bypassable",
    ],
    [
      "with an Allow of everything still covers what it denies",
      allow({ AWS: BOB }),
      limit([
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", Action: "*", Resource: "*", Condition: USERS },
      ]),
      "protected by p-scp",
    ],
    [
      "with an unknown condition value, which may be an exception, covers nothing",
      allow({ AWS: BOB }),
      scp({ Condition: { ...NO_MFA, StringNotEquals: { "aws:PrincipalTag/team": new Unknown("team") } } }),
      "bypassable",
    ],
    [
      "on this role and another covers it",
      allow({ AWS: BOB }),
      scp({ Resource: [ARN, `${ARN}-other`] }),
      "protected by p-scp",
    ],
    [
      "on all but this role and another does not cover it",
      allow({ AWS: BOB }),
      limit({ Effect: "Deny", Action: "*", NotResource: [`${ARN}-other`, ARN] }),
      "bypassable",
    ],
    [
      "on a role whose name differs in case does not cover this one",
      allow({ AWS: BOB }),
      scp({ Resource: `arn:aws:iam::${ACCOUNT}:role/Deploy` }),
      "bypassable",
    ],
    [
      "on all but a role with a literal star as its name covers this one",
      allow({ AWS: BOB }),
      limit({ Effect: "Deny", Action: "*", NotResource: `arn:aws:iam::*:role/${STAR}` }),
      "protected by p-scp",
    ],
    [
      "on all but an escaped star in version 2008-10-17 does not cover the role",
      allow({ AWS: BOB }),
      limit(
        { Effect: "Deny", Action: "*", NotResource: `arn:aws:iam::*:role/${STAR}` },
        { version: "2008-10-17" },
      ),
      "bypassable",
    ],
    [
      "covers an account in an unknown partition",
      allow({ AWS: text("arn:", new Unknown("partition"), `:iam::${ACCOUNT}:root`) }),
      scp(),
      "protected by p-scp",
    ],
    [
      "does not cover an unknown principal, which may be in another account",
      [allow({ AWS: ACCOUNT }), allow({ AWS: new Unknown("later") })],
      scp(),
      "bypassable",
    ],
    [
      "keeps exempt services exempt",
      [allow({ AWS: ACCOUNT }), allow({ Service: "ec2.amazonaws.com" })],
      scp(),
      "exempt by p-scp",
    ],
  ])("%s", (_, statement, given, expected) => {
    expect(closed(statement, [given])).toBe(expected);
  });

  test("without a list of accounts covers callers of the role's account only", () => {
    const { accounts: _, ...own } = scp();
    expect(closed(allow({ AWS: BOB }), [own])).toBe("protected by p-scp");
    expect(closed(allow({ AWS: OTHER }), [own])).toBe("bypassable");
  });

  test.each<[string, object, string]>([
    ["on every role covers", { Resource: "*" }, "protected by p-scp"],
    ["on one role does not cover", { Resource: ARN }, "bypassable"],
    ["on all but one role does not cover", { NotResource: `${ARN}-other` }, "bypassable"],
  ])("%s a role whose ARN is unknown", (_, about, expected) => {
    const denied = limit({ Effect: "Deny", Action: "*", ...about });
    expect(closed(allow({ AWS: BOB }), [denied], { arn: "" })).toBe(expected);
  });

  test("does not change the verdict on an exempt principal", () => {
    const rules = { trustedPrincipalArns: [BOB] };
    expect(closed(allow({ AWS: BOB }), [scp()], { rules })).toBe("exempt");
  });

  test("is named with the one that it needs, and without a redundant one", () => {
    const present = scp({ Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } });
    const absent = scp({ Condition: { Null: { "aws:MultiFactorAuthPresent": "true" } } });
    const limits = [
      { ...present, name: "p-1" },
      { ...absent, name: "p-2" },
      { ...present, name: "p-3" },
    ];
    expect(closed(allow({ AWS: BOB }), limits)).toBe("protected by p-1 and p-2");
  });

  test.each<[string, string, string, string | string[], string]>([
    [
      "a policy variable covers, if both documents are of 2012-10-17",
      "2012-10-17",
      "2012-10-17",
      STAR,
      "protected by p-scp",
    ],
    [
      "a policy variable does not cover, if only the trust policy is of 2012-10-17",
      "2008-10-17",
      "2012-10-17",
      STAR,
      "bypassable",
    ],
    [
      "a text or a policy variable does not cover, if only the trust policy is of 2012-10-17",
      "2008-10-17",
      "2012-10-17",
      ["a", STAR],
      "bypassable",
    ],
    [
      "a policy variable covers, if only the SCP is of 2012-10-17",
      "2012-10-17",
      "2008-10-17",
      STAR,
      "protected by p-scp",
    ],
    [
      "a policy variable does not cover, if both documents are of 2008-10-17",
      "2008-10-17",
      "2008-10-17",
      STAR,
      "bypassable",
    ],
    [
      "a text covers, if only the trust policy is of 2012-10-17",
      "2008-10-17",
      "2012-10-17",
      "carol",
      "protected by p-scp",
    ],
  ])("that compares aws:username with %s", (_, own, other, name, expected) => {
    const named = scp(
      { Condition: { ...NO_MFA, StringNotEquals: { "aws:username": name } } },
      { version: own },
    );
    expect(closed(allow({ AWS: BOB }), [named], { version: other })).toBe(expected);
  });
});

const NOT_KNOWN = { StringEquals: { "aws:PrincipalTag/team": new Unknown("team") } };

test.each<[string, Written, boolean]>([
  [
    "denies and allows may deny",
    limit([
      { Effect: "Allow", Action: "*", Resource: "*" },
      { Effect: "Deny", Action: "*", Resource: "*" },
    ]),
    true,
  ],
  ["only allows denies nothing", limit({ Effect: "Allow", Action: "*", Resource: "*" }), false],
  [
    "has an unknown condition value may deny",
    limit({ Effect: "Allow", Action: "*", Resource: "*", Condition: NOT_KNOWN }),
    true,
  ],
])("an SCP that %s", (_, given, expected) => {
  expect(mayDeny(read(given))).toBe(expected);
});

describe("an RCP", () => {
  const ABROAD = `arn:aws:iam::${OTHER}:user/mallory`;

  test.each<[string, unknown, Written, string]>([
    ["covers callers of any account", allow({ AWS: [ABROAD, OTHER] }), rcp(), "protected by p-rcp"],
    ["that denies every request covers anyone", allow("*"), rcp({ Condition: {} }), "protected by p-rcp"],
    ["that requires MFA leaves anyone with MFA allowed", allow("*"), rcp(), "anyone-with-mfa by p-rcp"],
    [
      "that denies callers outside the organization covers anyone with MFA",
      allow("*", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
      rcp({ Condition: { StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-exampleorgid" } } }),
      "protected by p-rcp",
    ],
    [
      "that denies callers outside the organization does not cover an account, which may be in it",
      allow({ AWS: OTHER }),
      rcp({ Condition: { StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-exampleorgid" } } }),
      "bypassable",
    ],
    [
      "for only some principals, which AWS refuses, covers nothing",
      allow({ AWS: BOB }),
      rcp({ Principal: { AWS: ["*", BOB] } }),
      "bypassable",
    ],
    [
      "does not cover roles of accounts that are not under it",
      allow({ AWS: BOB }),
      rcp({}, { accounts: new Set([OTHER]) }),
      "bypassable",
    ],
  ])("%s", (_, statement, given, expected) => {
    expect(closed(statement, [given])).toBe(expected);
  });
});

test("an RCP without a list of accounts does not cover a role whose account is unknown", () => {
  const { accounts: _, ...own } = rcp();
  expect(closed(allow({ AWS: BOB }), [own], { arn: "" })).toBe("bypassable");
});

describe("a service-linked role under an SCP", () => {
  const LINKED = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX`;
  const enforced = { principals: { ...DEFAULT_TRUST_RULES.principals, service: "enforce" } } as const;

  test.each<[string, unknown, Asked, string]>([
    ["is not covered itself", allow({ AWS: BOB }), { arn: LINKED }, "bypassable"],
    ["is let in where the trust policy names it", allow({ AWS: LINKED }), {}, "bypassable"],
    [
      "is let in where the trust policy names its session",
      allow({ AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/AWSServiceRoleForX/s` }),
      {},
      "bypassable",
    ],
    [
      "is let in where a condition matches it",
      allow(
        { AWS: ACCOUNT },
        { Condition: { ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:role/aws-service-role/*" } } },
      ),
      {},
      "bypassable",
    ],
    [
      "is let in where one of several condition values matches it",
      allow(
        { AWS: ACCOUNT },
        {
          Condition: {
            ArnLike: { "aws:PrincipalArn": [BOB, "arn:*:iam::*:role/*/AWSServiceRole*"] },
          },
        },
      ),
      {},
      "bypassable",
    ],
    [
      "is let in by one of several statements",
      [allow({ AWS: BOB }), allow({ AWS: LINKED })],
      {},
      "bypassable",
    ],
    [
      "is let in where the trust policy names it beside a user",
      allow({ AWS: [BOB, LINKED] }),
      {},
      "bypassable",
    ],
    [
      "may be a role with an unknown name",
      allow({ AWS: text(`arn:aws:iam::${ACCOUNT}:role/`, new Unknown("name")) }),
      {},
      "bypassable",
    ],
    [
      "may be the role in an unknown condition value",
      allow({ AWS: ACCOUNT }, { Condition: { ArnLike: { "aws:PrincipalArn": new Unknown("arn") } } }),
      {},
      "unknown",
    ],
    [
      "may be the role with a unique ID that the trust policy names",
      allow({ AWS: [ACCOUNT, "AROACKCEVSQ6C2EXAMPLE"] }),
      {},
      "bypassable",
    ],
    [
      "counts as its service beside other named principals",
      allow({
        ...{ AWS: [ACCOUNT, BOB, `arn:aws:iam::${ACCOUNT}:role/build`], Service: "ec2.amazonaws.com" },
        Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/corp`,
      }),
      {},
      "exempt by p-scp",
    ],
    ["counts as its service among an account's roles", allow({ AWS: ACCOUNT }), {}, "protected by p-scp"],
    ["is let in where services must prove MFA", allow({ AWS: ACCOUNT }), { rules: enforced }, "bypassable"],
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
