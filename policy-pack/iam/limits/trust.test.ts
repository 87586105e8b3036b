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

/** A limit before it is read. */
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

/** What the limits make of a trust policy, and which of them. `arn`: the role's; none where it is not known. */
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
      scp({ Condition: { ...NO_MFA, ...USERS } }),
      "bypassable",
    ],
    [
      "for users alone closes a user",
      allow({ AWS: BOB }),
      scp({ Condition: { ...NO_MFA, ...USERS } }),
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
      "that allows everything lets nobody in whom the role does not",
      allow({ AWS: BOB }),
      limit([
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", Action: "*", Resource: "*", Condition: USERS },
      ]),
      "protected by p-scp",
    ],
    [
      "of which a part is not known closes nothing, since that may be an exception",
      allow({ AWS: BOB }),
      scp({ Condition: { ...NO_MFA, StringNotEquals: { "aws:PrincipalTag/team": new Unknown("team") } } }),
      "bypassable",
    ],
    [
      "about this role and others closes it",
      allow({ AWS: BOB }),
      scp({ Resource: [ARN, `${ARN}-other`] }),
      "protected by p-scp",
    ],
    [
      "about all but this role and another leaves it",
      allow({ AWS: BOB }),
      limit({ Effect: "Deny", Action: "*", NotResource: [`${ARN}-other`, ARN] }),
      "bypassable",
    ],
    [
      "about a role of another spelling leaves this one",
      allow({ AWS: BOB }),
      scp({ Resource: `arn:aws:iam::${ACCOUNT}:role/Deploy` }),
      "bypassable",
    ],
    [
      "about all but roles with a star in their names closes this one",
      allow({ AWS: BOB }),
      limit({ Effect: "Deny", Action: "*", NotResource: `arn:aws:iam::*:role/${STAR}` }),
      "protected by p-scp",
    ],
    [
      "about all but what nobody knows in an old document leaves it",
      allow({ AWS: BOB }),
      limit(
        { Effect: "Deny", Action: "*", NotResource: `arn:aws:iam::*:role/${STAR}` },
        { version: "2008-10-17" },
      ),
      "bypassable",
    ],
    [
      "closes an account whose partition is not known",
      allow({ AWS: text("arn:", new Unknown("partition"), `:iam::${ACCOUNT}:root`) }),
      scp(),
      "protected by p-scp",
    ],
    [
      "does not cover an unknown principal, who may be of another account",
      [allow({ AWS: ACCOUNT }), allow({ AWS: new Unknown("later") })],
      scp(),
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

  test.each<[string, object, string]>([
    ["closes it, about every role", { Resource: "*" }, "protected by p-scp"],
    ["leaves it, about a role", { Resource: ARN }, "bypassable"],
    ["leaves it, about all but a role", { NotResource: `${ARN}-other` }, "bypassable"],
  ])("of a role whose ARN is not known %s", (_, about, expected) => {
    const denied = limit({ Effect: "Deny", Action: "*", ...about });
    expect(closed(allow({ AWS: BOB }), [denied], { arn: "" })).toBe(expected);
  });

  test("says nothing of who is exempt already", () => {
    const rules = { trustedPrincipalArns: [BOB] };
    expect(closed(allow({ AWS: BOB }), [scp()], { rules })).toBe("exempt");
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

  test.each<[string, string, string, string | string[], string]>([
    ["counts beside a policy of its own version", "2012-10-17", "2012-10-17", STAR, "protected by p-scp"],
    [
      "counts for nothing beside another, where it means nothing",
      "2008-10-17",
      "2012-10-17",
      STAR,
      "bypassable",
    ],
    [
      "counts for nothing beside another, as one of two values",
      "2008-10-17",
      "2012-10-17",
      ["a", STAR],
      "bypassable",
    ],
    [
      "counts beside another, where it means something",
      "2012-10-17",
      "2008-10-17",
      STAR,
      "protected by p-scp",
    ],
    ["counts for nothing in an old document", "2008-10-17", "2008-10-17", STAR, "bypassable"],
    ["counts beside another without it", "2008-10-17", "2012-10-17", "carol", "protected by p-scp"],
  ])("whose statement holds a policy variable %s", (_, own, other, name, expected) => {
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
    "has a part that is not known may deny",
    limit({ Effect: "Allow", Action: "*", Resource: "*", Condition: NOT_KNOWN }),
    true,
  ],
])("an SCP that %s", (_, given, expected) => {
  expect(mayDeny(read(given))).toBe(expected);
});

describe("an RCP", () => {
  const ABROAD = `arn:aws:iam::${OTHER}:user/mallory`;

  test.each<[string, unknown, Written, string]>([
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
      "of some callers, which AWS refuses, closes nothing",
      allow({ AWS: BOB }),
      rcp({ Principal: { AWS: ["*", BOB] } }),
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

test("an RCP of the account that is asked about leaves a role whose account is not known", () => {
  const { accounts: _, ...own } = rcp();
  expect(closed(allow({ AWS: BOB }), [own], { arn: "" })).toBe("bypassable");
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
      "comes in where one of several conditions' values names it",
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
    ["comes in by one statement of several", [allow({ AWS: BOB }), allow({ AWS: LINKED })], {}, "bypassable"],
    ["that is named beside others comes in", allow({ AWS: [BOB, LINKED] }), {}, "bypassable"],
    [
      "may be a role whose name is not known yet",
      allow({ AWS: text(`arn:aws:iam::${ACCOUNT}:role/`, new Unknown("name")) }),
      {},
      "bypassable",
    ],
    [
      "may be one that a condition names, whose value is not known yet",
      allow({ AWS: ACCOUNT }, { Condition: { ArnLike: { "aws:PrincipalArn": new Unknown("arn") } } }),
      {},
      "unknown",
    ],
    [
      "may be the role whose unique id is named",
      allow({ AWS: [ACCOUNT, "AROACKCEVSQ6C2EXAMPLE"] }),
      {},
      "bypassable",
    ],
    [
      "counts as its service, where others are named beside the account",
      allow({
        ...{ AWS: [ACCOUNT, BOB, `arn:aws:iam::${ACCOUNT}:role/build`], Service: "ec2.amazonaws.com" },
        Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/corp`,
      }),
      {},
      "exempt by p-scp",
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
