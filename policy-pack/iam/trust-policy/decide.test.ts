import { describe, expect, test } from "vitest";
import { SESSION } from "../encode/variable";
import { parsePolicy } from "../policy/parse";
import { Choice, type Text, Unknown } from "../policy/unknown";
import { decideTrust, isOpenToStrangers } from "./decide";
import { DEFAULT_TRUST_RULES, type TrustRules, type TrustVerdict } from "./verdict";

const ROOT = "arn:aws:iam::111122223333:root";
const BOB = "arn:aws:iam::111122223333:user/bob";
const BUILD = "arn:aws:iam::111122223333:role/build";
const PRESENT = "aws:MultiFactorAuthPresent";
const AGE = "aws:MultiFactorAuthAge";
const NO_MFA = { BoolIfExists: { [PRESENT]: "false" } };
const WITH_MFA = { Bool: { [PRESENT]: "true" } };

function decide(
  statements: unknown,
  rules: TrustRules = DEFAULT_TRUST_RULES,
  Version = "2012-10-17",
): TrustVerdict {
  const parsed = parsePolicy({ Version, Statement: statements }, "trust");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return decideTrust(parsed.policy, rules);
}

const allow = (Condition: object = {}, more: object = {}) => ({
  Effect: "Allow",
  Principal: { AWS: ROOT },
  Action: "sts:AssumeRole",
  Condition,
  ...more,
});
const deny = (Condition: object = {}, more: object = {}) => ({
  Effect: "Deny",
  Principal: "*",
  Action: "sts:AssumeRole",
  Condition,
  ...more,
});

/** The context in which a request gets in by the first statement and principal, or the verdict. */
function openIn(statements: unknown, rules?: TrustRules): string {
  const verdict = decide(statements, rules);
  return verdict.kind === "bypassable" ? verdict.witnesses[0].context.kind : verdict.kind;
}

describe("a single condition", () => {
  // Each is the context in which a request gets in, or the verdict.
  test.each<[string, object, allow: string, deny: string]>([
    ["Bool true", { Bool: { [PRESENT]: "true" } }, "protected", "absent"],
    ["Bool false", { Bool: { [PRESENT]: "false" } }, "false", "absent"],
    ["BoolIfExists true", { BoolIfExists: { [PRESENT]: "true" } }, "absent", "false"],
    ["BoolIfExists false", { BoolIfExists: { [PRESENT]: "false" } }, "absent", "protected"],
    ["Null true on Present", { Null: { [PRESENT]: "true" } }, "absent", "false"],
    ["Null false on Present", { Null: { [PRESENT]: "false" } }, "false", "absent"],
    ["Null false on Age", { Null: { [AGE]: "false" } }, "protected", "absent"],
    ["Null true on Age", { Null: { [AGE]: "true" } }, "absent", "protected"],
    ["NumericLessThan on Age", { NumericLessThan: { [AGE]: "3600" } }, "protected", "absent"],
    ["NumericLessThanIfExists on Age", { NumericLessThanIfExists: { [AGE]: "3600" } }, "absent", "protected"],
    [
      "NumericGreaterThanIfExists on Age",
      { NumericGreaterThanIfExists: { [AGE]: "3600" } },
      "absent",
      "protected",
    ],
    ["NumericGreaterThan on Age", { NumericGreaterThan: { [AGE]: "3600" } }, "protected", "absent"],
    ["NumericNotEquals on Age", { NumericNotEquals: { [AGE]: "0" } }, "absent", "protected"],
    ["true and false", { Bool: { [PRESENT]: ["true", "false"] } }, "false", "absent"],
    ["ForAllValues:Bool true", { "ForAllValues:Bool": { [PRESENT]: "true" } }, "absent", "false"],
    ["ForAnyValue:Bool true", { "ForAnyValue:Bool": { [PRESENT]: "true" } }, "protected", "absent"],
    ["ForAllValues:Null", { "ForAllValues:Null": { [PRESENT]: "false" } }, "absent", "protected"],
    ["ForAnyValue:Null", { "ForAnyValue:Null": { [PRESENT]: "true" } }, "protected", "absent"],
    ["ForAnyValue:BoolIfExists", { "ForAnyValue:BoolIfExists": { [PRESENT]: "true" } }, "absent", "absent"],
    ["Null true and false", { Null: { [PRESENT]: ["true", "false"] } }, "absent", "protected"],
    ["Null without a value", { Null: { [PRESENT]: [] } }, "absent", "absent"],
    ["StringLike on Age", { StringLike: { [AGE]: "*" } }, "protected", "absent"],
    [
      "StringNotLike on Age, which AWS does not document,",
      { StringNotLike: { [AGE]: "*" } },
      "absent",
      "absent",
    ],
    ["StringEquals true", { StringEquals: { [PRESENT]: "true" } }, "protected", "absent"],
    ["a JSON boolean", { Bool: { [PRESENT]: true } }, "protected", "absent"],
    [
      "another case of operator, key and value",
      { bool: { "AWS:MULTIFACTORAUTHPRESENT": "TRUE" } },
      "protected",
      "absent",
    ],
    ["a value that is neither true nor false", { Bool: { [PRESENT]: "yes" } }, "false", "absent"],
    ["a value that ends in true", { Bool: { [PRESENT]: "untrue" } }, "false", "absent"],
    ["a value that starts with true", { Bool: { [PRESENT]: "true story" } }, "false", "absent"],
    ["a policy variable", { Bool: { [PRESENT]: `\${${PRESENT}}` } }, "false", "absent"],
    ["no value", { Bool: { [PRESENT]: [] } }, "absent", "absent"],
  ])("%s gives $2 under Allow and $3 under Deny", (_, condition, underAllow, underDeny) => {
    expect(openIn(allow(condition))).toBe(underAllow);
    expect(openIn([allow(), deny(condition)])).toBe(underDeny);
  });

  test.each(["False", "F*"])(
    "StringLike %s is bypassable, since AWS does not document the case of the key's value",
    (value) => {
      expect(decide(allow({ StringLike: { [PRESENT]: value } })).kind).toBe("bypassable");
      expect(decide(allow({ StringLike: { [PRESENT]: ["true", value] } })).kind).toBe("bypassable");
      expect(decide(allow({ StringEqualsIgnoreCase: { [PRESENT]: "True" } })).kind).toBe("protected");
    },
  );

  test("a string operator under Deny stops nothing, since AWS does not document it", () => {
    const statements = [allow(), deny({ StringNotEquals: { [PRESENT]: "true" } })];
    expect(openIn(statements)).toBe("absent");
    expect(decide(statements)).toMatchObject({ witnesses: [{ needs: [], exact: false }] });
  });
});

describe("the keys of a caller", () => {
  const all = {
    service: "enforce",
    federated: "enforce",
    role: "enforce",
    user: "enforce",
    account: "enforce",
  };
  const rules = { ...DEFAULT_TRUST_RULES, principals: all } as TrustRules;
  const EC2 = { Service: "ec2.amazonaws.com" };
  const GOOGLE = { Federated: "accounts.google.com" };
  const equals = (key: string, value: string) => ({ StringEquals: { [key]: value } });
  const like = (key: string, value: string) => ({ StringLike: { [key]: value } });
  const isAbsent = (key: string, absent = true) => ({ Null: { [key]: String(absent) } });
  const isThere = (key: string) => isAbsent(key, false);

  /** The last is the context in which a caller gets in, or the verdict. */
  test.each<[string, object, object, string]>([
    ["a user's type", { AWS: BOB }, equals("aws:PrincipalType", "User"), "absent"],
    ["a web identity's MFA key, which is absent", GOOGLE, { Bool: { [PRESENT]: "false" } }, "protected"],
    ["a service's MFA key, which is absent", EC2, { Bool: { [PRESENT]: "false" } }, "protected"],
    ["a user's type", { AWS: BOB }, equals("aws:PrincipalType", "AssumedRole"), "protected"],
    ["a role's type", { AWS: BUILD }, equals("aws:PrincipalType", "AssumedRole"), "absent"],
    ["a role's type", { AWS: BUILD }, equals("aws:PrincipalType", "User"), "protected"],
    ["a service's type, which AWS does not document", EC2, isAbsent("aws:PrincipalType"), "absent"],
    ["a user's name", { AWS: BOB }, isAbsent("aws:username"), "protected"],
    ["a user's name", { AWS: BOB }, equals("aws:username", "bob"), "absent"],
    ["a user's name", { AWS: BOB }, equals("aws:username", "alice"), "protected"],
    ["a user's name, which cannot contain a star", { AWS: BOB }, like("aws:username", `\${*}`), "protected"],
    [
      "a user's name, which excludes the path",
      { AWS: "arn:aws:iam::111122223333:user/b/b" },
      like("aws:username", "b?b"),
      "protected",
    ],
    ["a role's user name, which is absent", { AWS: BUILD }, isThere("aws:username"), "protected"],
    [
      "a role's user name, which is absent",
      { AWS: BUILD },
      { StringEqualsIfExists: { "aws:username": "bob" } },
      "absent",
    ],
    ["a service's user name, which AWS does not document", EC2, isThere("aws:username"), "absent"],
    ["a user's unique ID", { AWS: BOB }, like("aws:userid", "AIDA*"), "absent"],
    ["a user's unique ID", { AWS: BOB }, like("aws:userid", "AROA*"), "protected"],
    ["a user's unique ID", { AWS: BOB }, isAbsent("aws:userid"), "protected"],
    ["a role's unique ID", { AWS: BUILD }, like("aws:userid", "AROA*:*"), "absent"],
    ["a role's unique ID", { AWS: BUILD }, like("aws:userid", "AIDA*"), "protected"],
    [
      "a user's named unique ID",
      { AWS: "AIDACKCEVSQ6C2EXAMPLE" },
      equals("aws:userid", "AIDACKCEVSQ6C2EXAMPLE"),
      "absent",
    ],
    [
      "a user's named unique ID",
      { AWS: "AIDACKCEVSQ6C2EXAMPLE" },
      equals("aws:userid", "AIDACKCEVSQ6C2OTHERS"),
      "protected",
    ],
    [
      "a role's named unique ID",
      { AWS: "AROACKCEVSQ6C2EXAMPLE" },
      like("aws:userid", "AROACKCEVSQ6C2EXAMPLE:*"),
      "absent",
    ],
    [
      "a role's named unique ID",
      { AWS: "AROACKCEVSQ6C2EXAMPLE" },
      like("aws:userid", "AROACKCEVSQ6C2OTHERS:*"),
      "protected",
    ],
    ["the token issue time, which access keys lack", { AWS: BOB }, isAbsent("aws:TokenIssueTime"), "absent"],
    [
      "the token issue time, which a user's session has",
      { AWS: BOB },
      isThere("aws:TokenIssueTime"),
      "false",
    ],
    [
      "the token issue time, which a role's session has",
      { AWS: BUILD },
      isAbsent("aws:TokenIssueTime"),
      "protected",
    ],
    ["the token issue time, which a web identity lacks", GOOGLE, isThere("aws:TokenIssueTime"), "protected"],
    [
      "a service's token issue time, which AWS does not document",
      EC2,
      isThere("aws:TokenIssueTime"),
      "absent",
    ],
    [
      "a web identity's account, which is not in an ARN",
      GOOGLE,
      { ...equals("aws:PrincipalAccount", "111122223333"), ...isAbsent("aws:PrincipalArn") },
      "absent",
    ],
    [
      "an account under a numeric operator",
      { AWS: BOB },
      { NumericLessThan: { "aws:PrincipalAccount": "5" } },
      "absent",
    ],
    [
      "a service's token issue time, which AWS does not document",
      EC2,
      isAbsent("aws:TokenIssueTime"),
      "absent",
    ],
    [
      "a web identity's unique ID, which AWS does not document",
      GOOGLE,
      like("aws:userid", "AIDA*"),
      "absent",
    ],
    [
      "whether a user is a service",
      { AWS: BOB },
      { Bool: { "aws:PrincipalIsAWSService": "true" } },
      "protected",
    ],
    [
      "whether a user is a service",
      { AWS: BOB },
      { Bool: { "aws:PrincipalIsAWSService": "false" } },
      "absent",
    ],
    ["whether a service is a service", EC2, { Bool: { "aws:PrincipalIsAWSService": "true" } }, "absent"],
    ["whether a service is a service", EC2, { Bool: { "aws:PrincipalIsAWSService": "false" } }, "protected"],
    [
      "whether an unsigned caller is a service, which is absent",
      GOOGLE,
      isThere("aws:PrincipalIsAWSService"),
      "protected",
    ],
    ["a service's name, which is present", EC2, isAbsent("aws:PrincipalServiceName"), "protected"],
    [
      "a user's service name, which is absent",
      { AWS: BOB },
      isThere("aws:PrincipalServiceName"),
      "protected",
    ],
    ["a role's account, which is present", { AWS: BUILD }, isAbsent("aws:PrincipalAccount"), "protected"],
    ["aws:SecureTransport, which is present", { AWS: BOB }, isAbsent("aws:SecureTransport"), "protected"],
    [
      "aws:SecureTransport, which is true or false",
      { AWS: BOB },
      equals("aws:SecureTransport", "maybe"),
      "protected",
    ],
    [
      "aws:ViaAWSService, which is true or false",
      { AWS: BOB },
      equals("aws:ViaAWSService", "maybe"),
      "protected",
    ],
    ["the time, which is present", { AWS: BOB }, isAbsent("aws:CurrentTime"), "protected"],
    ["the time, which is present", { AWS: BOB }, isAbsent("aws:EpochTime"), "protected"],
    ["a source address, which may be absent", { AWS: BOB }, isAbsent("aws:SourceIp"), "absent"],
  ])("%s: %o with %o gives $3", (_, Principal, condition, expected) => {
    expect(openIn(allow(condition, { Principal, Action: "sts:*" }), rules)).toBe(expected);
  });

  test.each<[string, object, object[]]>([
    ["a service", EC2, []],
    ["a web identity", GOOGLE, [deny({}, { Principal: { AWS: ROOT }, Action: "sts:*" })]],
  ])("do not include an ARN by which %s is exempt or denied", (_, Principal, denies) => {
    const statement = allow({ ArnEquals: { "aws:PrincipalArn": BUILD } }, { Principal, Action: "sts:*" });
    expect(openIn([statement, ...denies], { ...rules, trustedPrincipalArns: [BUILD] })).toBe("absent");
  });

  test("include an MFA age exactly with MFA", () => {
    const stale = { ...rules, maxMfaAgeSeconds: 3600 };
    expect(openIn(allow({ Null: { [AGE]: "false" } }), stale)).toBe("stale");
    expect(openIn(allow({ ...WITH_MFA, Null: { [AGE]: "true" } }), stale)).toBe("protected");
  });
});

describe("an unusual form of the MFA condition", () => {
  test.each<[string, unknown[]]>([
    [
      "Allow with BoolIfExists true and Null false together",
      [allow({ BoolIfExists: { [PRESENT]: "true" }, Null: { [PRESENT]: "false" } })],
    ],
    [
      "two Deny statements, one for each context",
      [allow(), deny({ Bool: { [PRESENT]: "false" } }), deny({ Null: { [PRESENT]: "true" } })],
    ],
  ])("protects: %s", (_, statements) => {
    expect(decide(statements).kind).toBe("protected");
  });

  test("never fires in one Deny statement with both contexts", () => {
    expect(openIn([allow(), deny({ Bool: { [PRESENT]: "false" }, Null: { [PRESENT]: "true" } })])).toBe(
      "absent",
    );
  });
});

describe("principals", () => {
  test.each<[string, unknown, string]>([
    [
      "a Deny on the account covers its users",
      deny(NO_MFA, { Principal: { AWS: "111122223333" } }),
      "protected",
    ],
    ["a Deny on one user covers that user only", deny(NO_MFA, { Principal: { AWS: BOB } }), "bypassable"],
    [
      "a Deny on another account does not cover this one",
      deny(NO_MFA, { Principal: { AWS: "444455556666" } }),
      "bypassable",
    ],
    [
      "a Deny with NotPrincipal does not cover the principal that it names",
      deny(NO_MFA, { Principal: undefined, NotPrincipal: { AWS: BOB } }),
      "bypassable",
    ],
    [
      "a Deny with NotPrincipal covers nobody, since AWS refuses it",
      deny(NO_MFA, { Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::444455556666:user/x" } }),
      "bypassable",
    ],
    [
      "a Deny with an address condition covers only that address",
      deny({ ...NO_MFA, IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
      "bypassable",
    ],
    [
      "a Deny on a session covers no other session",
      deny(NO_MFA, { Principal: { AWS: "arn:aws:sts::111122223333:assumed-role/build/job" } }),
      "bypassable",
    ],
    [
      "a Deny on the account covers it beside a Deny on another account",
      [
        deny(NO_MFA, { Principal: { AWS: "444455556666" } }),
        deny(NO_MFA, { Principal: { AWS: "111122223333" } }),
      ],
      "protected",
    ],
    ["a Deny on another action covers nothing", deny(NO_MFA, { Action: "sts:TagSession" }), "bypassable"],
    [
      "a Deny with NotAction of another action covers the account",
      deny(NO_MFA, { Action: undefined, NotAction: "sts:TagSession" }),
      "protected",
    ],
    [
      "two Deny statements may cover the callers together",
      [
        deny(NO_MFA, { Condition: { ...NO_MFA, ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/*" } } }),
        deny(NO_MFA, {
          Condition: { ...NO_MFA, ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/*" } },
        }),
      ],
      "protected",
    ],
  ])("%s", (_, denies, verdict) => {
    expect(decide([allow(), ...(Array.isArray(denies) ? denies : [denies])]).kind).toBe(verdict);
  });

  test("a Deny on several roles covers a session of one of them", () => {
    const session = { Principal: { AWS: "arn:aws:sts::111122223333:assumed-role/build/job" } };
    const roles = deny({}, { Principal: { AWS: ["arn:aws:iam::111122223333:role/other", BUILD] } });
    expect(decide([allow({}, session), roles]).kind).toBe("protected");
  });

  test("a wildcard in an ARN does not match a colon between segments", () => {
    const bob = "arn:aws:iam::111122223333:user/a:b/bob";
    const others = deny({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam?:111122223333:user/a:b/bob" } });
    expect(decide([allow({}, { Principal: { AWS: bob } }), others]).kind).toBe("bypassable");
  });

  test("a condition on the account does not narrow a federated principal", () => {
    const enforced = {
      ...DEFAULT_TRUST_RULES,
      principals: { ...DEFAULT_TRUST_RULES.principals, federated: "enforce" },
    } as const;
    const statement = allow(
      { StringEquals: { "aws:PrincipalAccount": "111122223333" } },
      { Principal: { Federated: "accounts.google.com" }, Action: "sts:AssumeRoleWithWebIdentity" },
    );
    expect(decide(statement, enforced).kind).toBe("bypassable");
  });

  test("a Deny on a role covers its sessions, and a Deny on a session covers no other", () => {
    const session = "arn:aws:sts::111122223333:assumed-role/build/job";
    const role = allow({}, { Principal: { AWS: BUILD } });
    expect(decide([role, deny(NO_MFA, { Principal: { AWS: BUILD } })]).kind).toBe("protected");
    expect(decide([role, deny(NO_MFA, { Principal: { AWS: session } })]).kind).toBe("bypassable");
    const one = allow({}, { Principal: { AWS: session } });
    expect(decide([one, deny(NO_MFA, { Principal: { AWS: BUILD } })]).kind).toBe("protected");
    expect(decide([one, deny(NO_MFA, { Principal: { AWS: session } })]).kind).toBe("protected");
  });

  test.each<[string, object]>([
    ["users with a path", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/team/*" } }],
    ["users without a path", { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:*/*/*" } }],
  ])("an account may have %s", (_, condition) => {
    expect(decide(allow(condition)).kind).toBe("bypassable");
  });

  test("every user and role of an account has a name", () => {
    const named = deny({
      ...NO_MFA,
      ArnLike: { "aws:PrincipalArn": ["arn:*:iam::????????????:user/?*", "arn:*:iam::????????????:role/?*"] },
    });
    expect(decide([allow(), named]).kind).toBe("protected");
    expect(decide([allow({}, { Principal: "*" }), named]).kind).toBe("anyone-with-mfa");
  });

  test.each([BOB, BUILD])("a Deny on %s covers an account that a condition narrows to it", (AWS) => {
    const narrowed = allow({ ArnEquals: { "aws:PrincipalArn": AWS } });
    expect(decide([narrowed, deny(NO_MFA, { Principal: { AWS } })]).kind).toBe("protected");
    const other = AWS === BOB ? BUILD : BOB;
    expect(decide([narrowed, deny(NO_MFA, { Principal: { AWS: other } })]).kind).toBe("bypassable");
  });

  test.each<[string, string, string, string]>([
    ["its roles' sessions", ROOT, "arn:aws:sts::111122223333:assumed-role/build/job", "protected"],
    ["its roles", ROOT, BUILD, "protected"],
    [
      "no session of another account",
      "444455556666",
      "arn:aws:sts::111122223333:assumed-role/build/job",
      "bypassable",
    ],
  ])("a Deny on an account covers %s", (_, account, AWS, verdict) => {
    const denied = deny(NO_MFA, { Principal: { AWS: account } });
    expect(decide([allow({}, { Principal: { AWS } }), denied]).kind).toBe(verdict);
  });

  test("a GetFederationToken session cannot assume a role, and a Deny on it does not cover its user", () => {
    const AWS = "arn:aws:sts::111122223333:federated-user/bob";
    expect(decide(allow({}, { Principal: { AWS } })).kind).toBe("protected");
    expect(decide(allow({}, { Principal: { AWS: [AWS, BOB] } }))).toMatchObject({
      kind: "bypassable",
      witnesses: [{ principal: BOB }],
    });
    expect(decide([allow({}, { Principal: { AWS: BOB } }), deny({}, { Principal: { AWS } })]).kind).toBe(
      "bypassable",
    );
  });

  test.each<[string, object]>([
    ["a service", { Service: "ec2.amazonaws.com" }],
    ["a SAML provider", { Federated: "arn:aws:iam::111122223333:saml-provider/corp" }],
  ])("a Deny on anyone does not cover %s", (_, Principal) => {
    const statement = allow({}, { Principal, Action: "sts:*" });
    expect(decide([statement, deny({}, { Action: "sts:*" })]).kind).toBe("exempt");
    expect(decide([statement, deny({}, { Action: "sts:*", Principal })]).kind).toBe("protected");
  });

  test.each([
    ["of the same name in another account", "arn:aws:iam::444455556666:role/build"],
    ["of another name in the same account", "arn:aws:iam::111122223333:role/deploy"],
  ])("a Deny on a role %s covers no session of this one", (_, AWS) => {
    const session = allow({}, { Principal: { AWS: "arn:aws:sts::111122223333:assumed-role/build/job" } });
    expect(decide([session, deny(NO_MFA, { Principal: { AWS } })]).kind).toBe("bypassable");
  });

  test("each principal of a mixed statement is evaluated by its own class", () => {
    const verdict = decide(allow({}, { Principal: { AWS: [ROOT, BUILD], Service: "ec2.amazonaws.com" } }));
    expect(
      verdict.kind === "bypassable" && verdict.witnesses.map((each) => [each.principal, each.class]),
    ).toEqual([
      [ROOT, "account"],
      [BUILD, "role"],
    ]);
  });

  test.each<[string, object, string]>([
    ["a service", { Service: "ec2.amazonaws.com" }, "exempt"],
    ["a SAML provider", { Federated: "arn:aws:iam::111122223333:saml-provider/corp" }, "bypassable"],
  ])("%s is exempt only for the call that it can make", (_, Principal, verdict) => {
    const statement = allow({}, { Principal, Action: "sts:AssumeRole" });
    expect(decide(statement).kind).toBe(verdict === "exempt" ? "exempt" : "protected");
    expect(decide({ ...statement, Action: "sts:AssumeRoleWithSAML" }).kind).toBe(
      verdict === "exempt" ? "protected" : "exempt",
    );
  });

  test("anyone is not exempt even if every class is", () => {
    const rules: TrustRules = {
      ...DEFAULT_TRUST_RULES,
      principals: {
        service: "exempt",
        federated: "exempt",
        role: "exempt",
        user: "exempt",
        account: "exempt",
      },
    };
    expect(decide(allow({}, { Principal: "*" }), rules).kind).toBe("bypassable");
    expect(decide(allow({}, { Principal: "*", Action: "sts:AssumeRoleWithWebIdentity" }), rules).kind).toBe(
      "bypassable",
    );
    expect(decide(allow({}, { Principal: undefined, NotPrincipal: { AWS: BOB } }), rules).kind).toBe(
      "bypassable",
    );
    expect(decide(allow(), rules).kind).toBe("exempt");
  });

  test("anyone includes services, which have no ARN and are evaluated by their class", () => {
    const unlessNoArn = deny({ StringLike: { "aws:PrincipalArn": "*" } });
    const anyone = allow({}, { Principal: "*" });
    expect(decide([anyone, unlessNoArn])).toMatchObject({
      kind: "exempt",
      witnesses: [{ class: "service" }],
    });
    expect(decide([anyone, deny()]).kind).toBe("protected");
  });

  test("a witness for anyone names the kind of caller", () => {
    const callers = (Action: string, rules?: TrustRules) => {
      const verdict = decide(allow({}, { Principal: "*", Action }), rules);
      return verdict.kind === "bypassable" ? verdict.witnesses.map(({ caller }) => caller) : [];
    };
    expect(callers("sts:AssumeRoleWithSAML")).toEqual(["federated"]);
    const { principals } = DEFAULT_TRUST_RULES;
    const enforced = { ...DEFAULT_TRUST_RULES, principals: { ...principals, service: "enforce" } } as const;
    expect(
      decide([allow({ Bool: { "aws:PrincipalIsAWSService": "true" } }, { Principal: "*" })], enforced),
    ).toMatchObject({
      kind: "bypassable",
      witnesses: [{ caller: "service", context: { kind: "absent" } }],
    });
  });

  test("an account narrowed by the caller's ARN is exempt only if all callers left are trusted", () => {
    const rules: TrustRules = {
      ...DEFAULT_TRUST_RULES,
      trustedPrincipalArns: ["arn:aws:iam::111122223333:role/ci-*"],
    };
    const narrowed = (pattern: string) => allow({ ArnLike: { "aws:PrincipalArn": pattern } });
    expect(decide(narrowed("arn:aws:iam::111122223333:role/ci-*"), rules).kind).toBe("exempt");
    expect(decide(narrowed("arn:aws:iam::111122223333:role/ci-main"), rules).kind).toBe("exempt");
    expect(decide(narrowed("arn:aws:iam::111122223333:role/*"), rules).kind).toBe("bypassable");
    expect(decide(allow(), rules).kind).toBe("bypassable");
  });

  test.each<[string, object, keyof TrustRules["principals"]]>([
    ["user names", { StringLike: { "aws:username": "*" } }, "user"],
    ["users by type", { StringEquals: { "aws:PrincipalType": "User" } }, "user"],
    ["users by unique ID", { StringLike: { "aws:userid": "AIDA*" } }, "user"],
    ["roles by unique ID", { StringLike: { "aws:userid": "AROA*" } }, "role"],
    ["a user's ARN", { ArnEquals: { "aws:PrincipalArn": BOB } }, "user"],
  ])("an account that a condition narrows to %s is evaluated as the class $2", (_, condition, judged) => {
    const principals = { ...DEFAULT_TRUST_RULES.principals, [judged]: "exempt" as const };
    const rules = { ...DEFAULT_TRUST_RULES, principals };
    expect(decide(allow(condition)).kind).toBe("bypassable");
    expect(decide(allow(condition), rules).kind).toBe("exempt");
    expect(decide(allow(), rules).kind).toBe("bypassable");
  });

  test.each([
    ["that excludes a user", { StringNotEquals: { "aws:username": "bob" } }],
    ["that only requires a key to be present", { Null: { "aws:username": "false" } }],
    ["on another key", { StringEquals: { "sts:ExternalId": "blue" } }],
  ])("a condition %s does not narrow an account", (_, condition) => {
    const principals = { ...DEFAULT_TRUST_RULES.principals, user: "exempt", role: "exempt" } as const;
    const rules = { ...DEFAULT_TRUST_RULES, principals };
    expect(decide(allow(condition), rules)).toMatchObject({
      kind: "bypassable",
      witnesses: [{ class: "account" }],
    });
  });

  test.each<[string, object, object]>([
    ["a user", { AWS: BOB }, { class: "user", caller: "user", action: "sts:AssumeRole" }],
    ["a role", { AWS: BUILD }, { class: "role", caller: "role", action: "sts:AssumeRole" }],
    [
      "a session",
      { AWS: "arn:aws:sts::111122223333:assumed-role/build/job" },
      { class: "role", caller: "role", action: "sts:AssumeRole" },
    ],
    ["a role's unique ID", { AWS: "AROACKCEVSQ6C2EXAMPLE" }, { class: "role", caller: "role", exact: false }],
    ["a service", { Service: "ec2.amazonaws.com" }, { class: "service", caller: "service" }],
    [
      "a SAML provider",
      { Federated: "arn:aws:iam::111122223333:saml-provider/corp" },
      { class: "federated", caller: "federated", action: "sts:AssumeRoleWithSAML" },
    ],
    [
      "a web provider",
      { Federated: "accounts.google.com" },
      { class: "federated", caller: "federated", action: "sts:AssumeRoleWithWebIdentity" },
    ],
  ])("a witness for %s has its class, caller and action", (_, Principal, way) => {
    const statement = allow({}, { Principal, Action: "sts:*" });
    const all = {
      service: "enforce",
      federated: "enforce",
      role: "enforce",
      user: "enforce",
      account: "enforce",
    };
    const rules = { ...DEFAULT_TRUST_RULES, principals: all } as TrustRules;
    const verdict = decide(statement, rules);
    expect(verdict).toMatchObject({ kind: "bypassable", witnesses: [{ exact: true, ...way }] });
    expect(verdict.kind === "bypassable" && verdict.witnesses).toHaveLength(1);
    expect(decide([statement, deny({}, { Principal, Action: "sts:*" })], rules).kind).toBe("protected");
  });

  test("a condition key named session is not the caller's session", () => {
    const roles = allow({}, { Principal: { AWS: BUILD } });
    expect(openIn([roles, deny({ StringLike: { session: "*" } })])).toBe("absent");
  });

  test.each([
    ["a web provider", { Federated: "accounts.google.com" }, "sts:AssumeRoleWithSAML"],
    ["a SAML provider", { Federated: "arn:aws:iam::111122223333:saml-provider/corp" }, "sts:AssumeRole"],
    ["a user", { AWS: BOB }, "sts:AssumeRoleWithWebIdentity"],
  ])("%s cannot call $2", (_, Principal, Action) => {
    expect(decide(allow({}, { Principal, Action })).kind).toBe("protected");
  });

  test("a witness names the caller's ARN, and for a role the session's ARN too", () => {
    const requestOf = (AWS: string, condition: object = {}) => {
      const verdict = decide(allow(condition, { Principal: { AWS } }));
      return verdict.kind === "bypassable" ? Object.fromEntries(verdict.witnesses[0].request) : {};
    };
    expect(requestOf(BOB)).toStrictEqual({ "aws:principalarn": [BOB] });
    const session = "arn:aws:sts::111122223333:assumed-role/build/job";
    expect(requestOf(session)).toEqual({ "aws:principalarn": [BUILD], [SESSION]: [session] });
    expect(requestOf(ROOT)).toEqual({ "aws:principalarn": ["arn:aws:iam::111122223333:user/alice"] });
    const inFolder = { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/ci/*" } };
    expect(requestOf(session, inFolder)["aws:principalarn"]).toEqual([
      expect.stringMatching(/^arn:aws:iam::111122223333:role\/ci\/(.*\/)?build$/),
    ]);
    const requests = [[], ["arn:aws:sts::111122223333:assumed-role/ci/*"]].map((trustedPrincipalArns) => {
      const verdict = decide(allow({}, { Principal: { AWS: [BOB, BOB] } }), {
        ...DEFAULT_TRUST_RULES,
        trustedPrincipalArns,
      });
      return (
        verdict.kind === "bypassable" && verdict.witnesses.map(({ request }) => Object.fromEntries(request))
      );
    });
    expect(requests).toEqual([[{ "aws:principalarn": [BOB] }], [{ "aws:principalarn": [BOB] }]]);
    const [first] = requestOf(BUILD)[SESSION] ?? [];
    const other = decide([
      allow({}, { Principal: { AWS: BUILD } }),
      deny(NO_MFA, { Principal: { AWS: first } }),
    ]);
    expect(other.kind === "bypassable" && other.witnesses[0].request.get(SESSION)).not.toEqual([first]);
    expect(requestOf(BUILD)[SESSION]).toEqual([
      expect.stringMatching(/^arn:aws:sts::111122223333:assumed-role\/build\/[^/]+$/),
    ]);
  });

  test.each(["aws", "aws-us-gov", "aws-cn"])(
    "an account in the partition %s is covered by a Deny on its ID",
    (partition) => {
      const root = { Principal: { AWS: `arn:${partition}:iam::111122223333:root` } };
      expect(decide(allow({}, root)).kind).toBe("bypassable");
      expect(decide([allow({}, root), deny(NO_MFA, { Principal: { AWS: "111122223333" } })]).kind).toBe(
        "protected",
      );
    },
  );
});

describe("partitions", () => {
  const GOV_USERS = { ArnLike: { "aws:PrincipalArn": "arn:aws-us-gov:iam::111122223333:user/*" } };

  test("a principal without a partition may be in any partition", () => {
    expect(decide(allow(GOV_USERS, { Principal: "*" })).kind).toBe("bypassable");
    expect(decide(allow(GOV_USERS, { Principal: { AWS: "111122223333" } })).kind).toBe("bypassable");
  });

  test("a trusted pattern matches its account in any partition if the principal has none", () => {
    const trusting = (...trustedPrincipalArns: string[]) => ({
      ...DEFAULT_TRUST_RULES,
      trustedPrincipalArns,
    });
    const machines = { ArnLike: { "aws:PrincipalArn": "arn:aws*:iam::111122223333:role/ci-*" } };
    const number = { Principal: { AWS: "111122223333" } };
    const covering = trusting("arn:aws:iam::111122223333:*");
    expect(decide([allow({}, number)], covering).kind).toBe("exempt");
    expect(decide([allow(machines, number)], trusting("arn:aws-cn:iam::*:role/ci-*")).kind).toBe("exempt");
    expect(decide([allow({}, number)], trusting("arn:aws:iam::444455556666:*")).kind).toBe("bypassable");
    const named = { Principal: { AWS: "arn:aws-cn:iam::111122223333:root" } };
    expect(decide([allow({}, named)], covering).kind).toBe("bypassable");
  });

  test("a principal with a partition has no callers in another", () => {
    expect(decide(allow(GOV_USERS)).kind).toBe("protected");
  });

  test.each([
    [
      "an identity provider in aws-us-gov",
      { Federated: "arn:aws-us-gov:iam::111122223333:saml-provider/corp" },
      "bypassable",
    ],
    [
      "an identity provider in aws",
      { Federated: "arn:aws:iam::111122223333:saml-provider/corp" },
      "protected",
    ],
    ["a provider that is not an ARN", { Federated: "id.example.com/arn:aws:x" }, "bypassable"],
    ["a user's unique ID", { AWS: "AIDACKCEVSQ6C2EXAMPLE" }, "bypassable"],
  ])("beside a statement for %s, users in aws-us-gov are $2", (_, Principal, verdict) => {
    const beside = allow(WITH_MFA, { Principal, Action: "sts:AssumeRoleWithSAML" });
    expect(decide([beside, allow(GOV_USERS, { Principal: { AWS: "111122223333" } })]).kind).toBe(verdict);
    const anyone = decide([beside, allow(GOV_USERS, { Principal: "*" })]).kind;
    expect(anyone === "bypassable").toBe(verdict === "bypassable");
  });

  test.each([
    ["", "arn:aws-cn:iam::111122223333:saml-provider/corp"],
    [
      " in an unknown account",
      Unknown.text("x", ["arn:aws-cn:iam::", new Unknown("account"), ":saml-provider/corp"]),
    ],
  ])("the ARN of an identity provider%s determines the partition", (_, Federated) => {
    const only = { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/*" } };
    const statement = allow(only, { Principal: { AWS: "111122223333", Federated } });
    expect(decide(statement).kind).toBe("protected");
  });

  test("a trusted pattern with a prefix before its ARN matches nobody", () => {
    const only = { ArnLike: { "aws:PrincipalArn": BUILD } };
    const trusting = (pattern: string) =>
      decide(allow(only, { Principal: { AWS: "111122223333" } }), {
        ...DEFAULT_TRUST_RULES,
        trustedPrincipalArns: [pattern],
      }).kind;
    expect(trusting(BUILD)).toBe("exempt");
    expect(trusting(`x${BUILD}`)).toBe("bypassable");
  });

  test("a Deny on an account ID applies in the role's partition", () => {
    const gov = "arn:aws-us-gov:iam::111122223333";
    const denied = deny(NO_MFA, { Principal: { AWS: "111122223333" } });
    expect(decide([allow({}, { Principal: { AWS: `${gov}:user/bob` } }), denied]).kind).toBe("protected");
    expect(decide([allow(GOV_USERS, { Principal: { AWS: `${gov}:root` } }), denied]).kind).toBe("protected");
    const other = deny(NO_MFA, { Principal: { AWS: "arn:aws-cn:iam::111122223333:root" } });
    expect(decide([allow({}, { Principal: { AWS: `${gov}:user/bob` } }), other]).kind).toBe("bypassable");
  });

  test("a Deny on ARNs of one partition does not cover callers in another", () => {
    const denied = (pattern: string) => deny({ ...NO_MFA, ArnLike: { "aws:PrincipalArn": pattern } });
    const anyone = allow({}, { Principal: "*" });
    expect(decide([anyone, denied("arn:aws:iam::*:*")]).kind).toBe("bypassable");
    expect(decide([anyone, denied("arn:*:iam::*:*")])).toMatchObject({
      kind: "anyone-with-mfa",
      exempt: [{ class: "service" }],
    });
  });
});

describe("NotPrincipal", () => {
  const others = (AWS: unknown) => ({ Principal: undefined, NotPrincipal: { AWS } });

  test("under Deny covers nobody", () => {
    expect(decide([allow(), deny(NO_MFA, others("444455556666"))]).kind).toBe("bypassable");
    expect(decide([allow(WITH_MFA), deny(NO_MFA, others(BOB))]).kind).toBe("protected");
  });

  test("under Allow counts as anyone", () => {
    expect(decide(allow({}, others(BOB)))).toMatchObject({
      kind: "bypassable",
      witnesses: [{ principal: "NotPrincipal", class: "anyone" }],
    });
    expect(decide(allow({ ArnEquals: { "aws:PrincipalArn": BOB } }, others(BOB))).kind).toBe("bypassable");
    expect(decide(allow(WITH_MFA, others(BOB))).kind).toBe("anyone-with-mfa");
  });
});

describe("conditions on other keys", () => {
  const BLUE = { StringEquals: { "sts:ExternalId": "blue" } };
  const NO_ID = { Null: { "sts:ExternalId": "true" } };
  const text = (...values: string[]) => ({ StringEquals: { "sts:ExternalId": values } });
  const like = (pattern: string) => ({ StringLike: { "sts:ExternalId": pattern } });
  const ignoringCase = (value: string) => ({ StringEqualsIgnoreCase: { "sts:ExternalId": value } });
  const arn = (operator: string, value: string) => ({ [operator]: { "aws:SourceArn": `arn:aws:${value}` } });
  const TAG = (value: string) => ({ "aws:PrincipalTag/key": value });
  const TAGS = (value: string) => ({ "aws:TagKeys": value });
  const VIA = (value: string) => ({ "aws:ViaAWSService": value });

  test("do not protect, since any caller may satisfy them", () => {
    expect(decide(allow(BLUE)).kind).toBe("bypassable");
    expect(decide(allow({ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } })).kind).toBe("bypassable");
  });

  test.each<[string, object, object, string]>([
    ["the same condition covers the Allow", BLUE, BLUE, "protected"],
    [
      "the negated condition does not cover the Allow",
      BLUE,
      { StringNotEquals: { "sts:ExternalId": "blue" } },
      "bypassable",
    ],
    [
      "another value does not cover the Allow",
      BLUE,
      { StringEquals: { "sts:ExternalId": "green" } },
      "bypassable",
    ],
    [
      "a pattern that matches the value covers the Allow",
      BLUE,
      { StringLike: { "sts:ExternalId": "b*" } },
      "protected",
    ],
    [
      "a larger address block covers the Allow",
      { IpAddress: { "aws:SourceIp": "203.0.113.128/25" } },
      { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
      "protected",
    ],
    [
      "a smaller address block does not cover the Allow",
      { IpAddress: { "aws:SourceIp": "203.0.112.0/23" } },
      { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
      "bypassable",
    ],
    [
      "NotIpAddress of a part of the block covers the Allow",
      { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
      { NotIpAddress: { "aws:SourceIp": "203.0.113.0/25" } },
      "protected",
    ],
    ["the values in another order covers the Allow", text("a", "b"), text("b", "a"), "protected"],
    ["one of two values does not cover the Allow", text("a", "b"), text("a"), "bypassable"],
    [
      "no value does not cover the Allow",
      text("a"),
      { StringEquals: { "sts:ExternalId": [] } },
      "bypassable",
    ],
    ["? for one character covers the Allow", text("ab"), like("a?"), "protected"],
    ["? for no character does not cover the Allow", text("ab"), like("a??"), "bypassable"],
    ["? under StringEquals does not cover another character", text("ab"), text("a?"), "bypassable"],
    ["an escaped * covers a *", text("a*b"), like(`a\${*}b`), "protected"],
    ["an escaped * does not cover another character", text("axb"), like(`a\${*}b`), "bypassable"],
    ["an escaped ? does not cover another character", text("axb"), like(`a\${?}b`), "bypassable"],
    ["an escaped $ covers a $", text("a$b"), text(`a\${$}b`), "protected"],
    ["a policy variable does not cover the Allow", text("alice"), text(`\${aws:username}`), "bypassable"],
    ["another letter case does not cover the Allow", text("Blue"), text("blue"), "bypassable"],
    ["StringEqualsIgnoreCase covers another letter case", text("Blue"), ignoringCase("blue"), "protected"],
    ["StringEquals does not cover StringEqualsIgnoreCase", ignoringCase("blue"), text("blue"), "bypassable"],
    ["StringEquals does not cover an absent key", NO_ID, text("a"), "bypassable"],
    [
      "StringEqualsIfExists covers an absent key",
      NO_ID,
      { StringEqualsIfExists: BLUE.StringEquals },
      "protected",
    ],
    ["StringNotEquals covers an absent key", NO_ID, { StringNotEquals: BLUE.StringEquals }, "protected"],
    [
      "ForAllValues covers an absent key",
      { Null: TAGS("true") },
      { "ForAllValues:StringEquals": TAGS("a") },
      "protected",
    ],
    [
      "ForAnyValue does not cover an absent key",
      { Null: TAGS("true") },
      { "ForAnyValue:StringEquals": TAGS("a") },
      "bypassable",
    ],
    [
      "ForAnyValue and IfExists, which AWS does not document, does not cover an absent key",
      { Null: TAGS("true") },
      { "ForAnyValue:StringEqualsIfExists": TAGS("a") },
      "bypassable",
    ],
    [
      "the same bytes covers the Allow",
      { BinaryEquals: TAG("YQ==") },
      { BinaryEquals: TAG("YQ==") },
      "protected",
    ],
    [
      "other bytes does not cover the Allow",
      { BinaryEquals: TAG("YQ==") },
      { BinaryEquals: TAG("Yg==") },
      "bypassable",
    ],
    ["true in another case covers the Allow", { Bool: VIA("true") }, { Bool: VIA("True") }, "protected"],
    ["false does not cover an Allow of true", { Bool: VIA("true") }, { Bool: VIA("false") }, "bypassable"],
    [
      "ArnLike and wildcard segments covers the Allow",
      arn("ArnEquals", "s3:x:y:a"),
      arn("ArnLike", "s3:*:*:*"),
      "protected",
    ],
    [
      "* in the last segment under ArnLike covers colons",
      arn("ArnEquals", "s3:x:y:a:z"),
      arn("ArnLike", "s3:x:y:*"),
      "protected",
    ],
    [
      "* in an earlier segment under ArnLike does not cover colons",
      arn("StringEquals", "s3:x:y:a:z"),
      arn("ArnLike", "s3:*:a:z"),
      "bypassable",
    ],
    [
      "* under StringLike covers colons",
      arn("StringEquals", "s3:x:y:a:z"),
      arn("StringLike", "s3:*:a:z"),
      "protected",
    ],
    [
      "a policy variable under ArnLike does not cover the Allow",
      {},
      arn("ArnLike", `s3:::\${aws:username}`),
      "bypassable",
    ],
    [
      "an incomplete ARN under ArnLike does not cover the same text",
      arn("StringEquals", "s3:x"),
      arn("ArnLike", "s3:x"),
      "bypassable",
    ],
    [
      "StringEquals covers ArnEquals of the same ARN",
      arn("ArnEquals", "s3:x:y:a"),
      arn("StringEquals", "s3:x:y:a"),
      "protected",
    ],
    [
      "a pattern of the account covers it",
      {},
      { StringLike: { "aws:PrincipalAccount": "1111*" } },
      "protected",
    ],
    [
      "a pattern of another account does not cover the account",
      {},
      { StringLike: { "aws:PrincipalAccount": "4444*" } },
      "bypassable",
    ],
    [
      "a policy variable as the account does not cover it",
      {},
      { StringLike: { "aws:PrincipalAccount": `\${aws:username}` } },
      "bypassable",
    ],
    [
      "a pattern under StringEquals does not cover the account",
      {},
      { StringEquals: { "aws:PrincipalAccount": "1111*" } },
      "bypassable",
    ],
    [
      "aws:username covers the user with a path",
      { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/team/bob" } },
      { StringEquals: { "aws:username": "bob" } },
      "protected",
    ],
    [
      "the path as aws:username does not cover the user",
      { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/team/bob" } },
      { StringLike: { "aws:username": "team*" } },
      "bypassable",
    ],
    ...["Numeric", "Date"].flatMap((family) => {
      const [key, at] =
        family === "Date" ? ["aws:CurrentTime", "2030-01-01T12:00:00Z"] : ["aws:PrincipalTag/n", "5"];
      const is = (how: string) => ({ [`${family}${how}`]: { [key]: at } });
      return (
        [
          ["Equals", "LessThan", "bypassable"],
          ["Equals", "LessThanEquals", "protected"],
          ["Equals", "GreaterThan", "bypassable"],
          ["Equals", "GreaterThanEquals", "protected"],
          ["Equals", "NotEquals", "bypassable"],
          ["NotEquals", "NotEquals", "protected"],
          ["LessThan", "LessThanEquals", "protected"],
          ["LessThanEquals", "LessThan", "bypassable"],
          ["GreaterThan", "GreaterThanEquals", "protected"],
          ["GreaterThanEquals", "GreaterThan", "bypassable"],
          ["GreaterThan", "LessThan", "bypassable"],
        ] as const
      ).map(([inAllow, inDeny, verdict]): [string, object, object, string] => [
        `${family}${inDeny} ${verdict === "protected" ? "covers" : "does not cover"} ${family}${inAllow} of the same value`,
        is(inAllow),
        is(inDeny),
        verdict,
      ]);
    }),
  ])("a Deny with %s", (_, inAllow, inDeny, verdict) => {
    expect(decide([allow(inAllow), deny({ ...inDeny, ...NO_MFA })]).kind).toBe(verdict);
  });

  test("complementary numbers miss text that is not a number, while dates cover a date key", () => {
    const below = (operator: string, key: string, value: string) =>
      deny({ ...NO_MFA, [operator]: { [key]: value } });
    const there = (key: string) => allow({ Null: { [key]: "false" } });
    const tag = "aws:PrincipalTag/level";
    expect(
      decide([there(tag), below("NumericLessThan", tag, "5"), below("NumericGreaterThanEquals", tag, "5")]),
    ).toMatchObject({ kind: "bypassable", witnesses: [{ exact: false }] });
    const noon = "2030-01-01T12:00:00Z";
    for (const now of ["aws:CurrentTime", "aws:TokenIssueTime"]) {
      const denies = [below("DateLessThan", now, noon), below("DateGreaterThanEquals", now, noon)];
      expect(decide([there(now), ...denies]).kind).toBe("protected");
    }
  });

  test("a caller with an ARN has an account", () => {
    expect(decide(allow({ Null: { "aws:PrincipalAccount": "true" } })).kind).toBe("protected");
  });

  test("a user's unique ID is bypassable with an inexact witness", () => {
    expect(decide(allow({}, { Principal: { AWS: "AIDACKCEVSQ6C2EXAMPLE" } }))).toMatchObject({
      kind: "bypassable",
      witnesses: [{ class: "user", exact: false }],
    });
  });

  test("two values that exclude each other protect, unless the key is multivalued", () => {
    const both = (key: string) => allow({ StringEquals: { [key]: "a" }, StringLike: { [key]: "b" } });
    expect(decide(both("sts:ExternalId")).kind).toBe("protected");
    expect(decide(both("aws:TagKeys"))).toMatchObject({ kind: "bypassable", witnesses: [{ exact: false }] });
  });

  test("a condition that cannot be met protects", () => {
    expect(
      decide(allow({ StringEquals: { "sts:ExternalId": "blue" }, StringNotLike: { "sts:ExternalId": "b*" } }))
        .kind,
    ).toBe("protected");
  });

  test("a condition and its negation in two Deny statements cover every caller", () => {
    const https = (value: string) => deny({ ...NO_MFA, Bool: { "aws:SecureTransport": value } });
    expect(decide([allow(), https("true"), https("false")]).kind).toBe("protected");
    expect(decide([allow(), https("true")]).kind).toBe("bypassable");
  });
});

describe("a known way around MFA", () => {
  test.each<[string, unknown]>([
    ["Allow with BoolIfExists true", allow({ BoolIfExists: { [PRESENT]: "true" } })],
    ["Deny with Bool false", [allow(), deny({ Bool: { [PRESENT]: "false" } })]],
    [
      "an Allow with MFA beside one without the condition",
      [allow(WITH_MFA), allow({}, { Principal: { AWS: BOB } })],
    ],
    ["sts:* in another statement", [allow(WITH_MFA), allow({}, { Action: "sts:*" })]],
    [
      "NotAction in another statement",
      [allow(WITH_MFA), allow({}, { Action: undefined, NotAction: "iam:*" })],
    ],
    ["a Deny that names some of the principals", [allow(), deny(NO_MFA, { Principal: { AWS: BOB } })]],
    ["Null false under Allow", allow({ Null: { [PRESENT]: "false" } })],
    ["both values under Allow", allow({ Bool: { [PRESENT]: ["true", "false"] } })],
  ])("is bypassable: %s", (_, statements) => {
    expect(decide(statements).kind).toBe("bypassable");
  });
});

describe("a maximum age", () => {
  const rules: TrustRules = { ...DEFAULT_TRUST_RULES, maxMfaAgeSeconds: 3600 };

  test.each<[string, object, string]>([
    ["is not enforced by MFA of any age", WITH_MFA, "stale"],
    ["is enforced by an age below the maximum", { NumericLessThan: { [AGE]: "3600" } }, "protected"],
    ["is enforced by an age up to the maximum", { NumericLessThanEquals: { [AGE]: "3600" } }, "protected"],
    ["is not enforced by an age of one second more", { NumericLessThanEquals: { [AGE]: "3601" } }, "stale"],
    [
      "is not enforced with IfExists, which admits requests without MFA",
      { NumericLessThanIfExists: { [AGE]: "3600" } },
      "absent",
    ],
  ])("%s", (_, condition, expected) => {
    expect(openIn(allow(condition), rules)).toBe(expected);
  });

  test("is undecided for an age that is not known yet", () => {
    expect(openIn(allow({ NumericLessThan: { [AGE]: new Unknown("later") } }), rules)).toBe("unknown");
    expect(openIn(allow({ StringLike: { [AGE]: new Unknown("later") } }), rules)).toBe("unknown");
  });

  test("is enforced by a Deny with NumericGreaterThanIfExists of the maximum", () => {
    expect(openIn([allow(), deny({ NumericGreaterThanIfExists: { [AGE]: "3600" } })], rules)).toBe(
      "protected",
    );
    expect(openIn([allow(), deny({ NumericGreaterThanIfExists: { [AGE]: "7200" } })], rules)).toBe("stale");
  });
});

describe("the witness", () => {
  test("names the statement, the principal, the context, and the other keys of the request", () => {
    const verdict = decide([
      allow(WITH_MFA),
      allow(
        { StringEquals: { "sts:ExternalId": "blue" }, Null: { [PRESENT]: "false" } },
        { Sid: "Legacy", Principal: { AWS: BOB } },
      ),
    ]);
    expect(verdict).toMatchObject({
      kind: "bypassable",
      decided: true,
      witnesses: [
        {
          statement: 1,
          sid: "Legacy",
          principal: BOB,
          class: "user",
          action: "sts:AssumeRole",
          context: { kind: "false" },
          exact: true,
        },
      ],
    });
    const request = verdict.kind === "bypassable" ? verdict.witnesses[0].request : new Map();
    expect(request.get("sts:externalid")).toEqual(["blue"]);
    expect(request.get("aws:principalarn")).toEqual([BOB]);
  });
});

test("the witness gives a user's name only in the ARN, so that the two never differ", () => {
  const named = { Null: { "aws:username": "false" }, StringLike: { "aws:username": "bo?" } };
  const verdict = decide(allow(named));
  const request = verdict.kind === "bypassable" ? verdict.witnesses[0].request : new Map();
  expect(request.get("aws:principalarn")?.[0]).toMatch(/\/bo.$/);
  expect(request.has("aws:username")).toBe(false);
});

describe("a trust policy with an unknown part", () => {
  const later = new Unknown("later");
  const account = new Unknown("AWS::AccountId", undefined, "account");
  const text = (...parts: Text[]) => Unknown.text("Fn::Sub", parts);

  test.each([
    ["StringNotEquals", "Deny"],
    ["StringNotEquals", "Allow"],
    ["StringEquals", "Allow"],
  ])("is undecided for a principal compared with the account: %s under %s", (operator, effect) => {
    const principal = new Unknown("Trusted", undefined, "trusted");
    const compared = { [operator]: { "aws:PrincipalAccount": [principal] } };
    const open = allow(effect === "Allow" ? compared : {}, { Principal: { AWS: principal } });
    expect(decide(effect === "Allow" ? [open] : [deny(compared), open]).kind).toBe("unknown");
  });

  test("has one value for a principal that two conditions compare with", () => {
    const principal = new Unknown("Trusted", undefined, "trusted");
    const isOfAccount = { StringEquals: { "aws:PrincipalAccount": [principal] } };
    const open = allow(isOfAccount, { Principal: { AWS: principal } });
    expect(decide([open, deny({ ...NO_MFA, ...isOfAccount })]).kind).toBe("protected");
  });

  const toBe = (AWS: unknown) => ({ Principal: { AWS } });
  const arnLike = (pattern: Text) => ({ ArnLike: { "aws:PrincipalArn": pattern } });
  const root = toBe(text("arn:aws:iam::", account, ":root"));

  test.each<[string, unknown, TrustVerdict["kind"]]>([
    ["the whole statement", later, "unknown"],
    ["the whole principal of an Allow without MFA", allow({}, { Principal: later }), "unknown"],
    ["the principal of an Allow without MFA", allow({}, toBe(later)), "bypassable"],
    ["the principal of an Allow with MFA", allow(WITH_MFA, toBe(later)), "protected"],
    [
      "a session whose role name differs in case from the role of a Deny",
      [
        allow({}, toBe(text("arn:aws:sts::111122223333:assumed-role/Build-", later, "/job"))),
        deny({}, toBe("arn:aws:iam::111122223333:role/build-prod")),
      ],
      "bypassable",
    ],
    [
      "anyone, beside a Deny of one unique ID",
      [allow({}, { Principal: "*" }), deny({}, toBe(text("AIDA", "CKCEVSQ6C2EXAMPLE")))],
      "bypassable",
    ],
    [
      "a key that two Null conditions test by values that may differ",
      [
        allow({ Null: { "aws:PrincipalTag/team": later } }),
        deny({ Null: { "aws:PrincipalTag/team": new Unknown("other") } }),
      ],
      "unknown",
    ],
    [
      "a principal narrowed by the caller's ARN",
      allow(arnLike("arn:aws:iam::*:role/x"), toBe(later)),
      "unknown",
    ],
    ["a service", allow({}, { Principal: { Service: later } }), "exempt"],
    ["an identity provider", allow({}, { Principal: { Federated: later }, Action: "sts:*" }), "exempt"],
    ["the account of a root principal without MFA", allow({}, root), "bypassable"],
    ["the account of a root principal with MFA", allow(WITH_MFA, root), "protected"],
    [
      "the same account in the principal and in the condition on the caller",
      allow(arnLike(text("arn:aws:iam::", account, ":role/ci-*")), root),
      "bypassable",
    ],
    [
      "a known account in the condition, which may be the same",
      allow(arnLike("arn:aws:iam::444455556666:role/ci-*"), root),
      "unknown",
    ],
    ["a condition that any account meets", allow(arnLike("arn:aws:iam::*:role/ci-*"), root), "bypassable"],
    ["a condition that no account meets", allow(arnLike("arn:aws-cn:iam::*:role/ci-*"), root), "protected"],
    ["a Deny of the same account", [allow({}, root), deny(NO_MFA, root)], "protected"],
    [
      "a Deny of the account's roles, beside its users",
      [allow({}, root), deny({ ...NO_MFA, ...arnLike(text("arn:aws:iam::", account, ":role/*")) })],
      "bypassable",
    ],
    [
      "a Deny of the account's roles and a Deny of its users",
      [
        allow({}, root),
        deny({ ...NO_MFA, ...arnLike(text("arn:aws:iam::", account, ":role/*")) }),
        deny({ ...NO_MFA, ...arnLike(text("arn:aws:iam::", account, ":user/*")) }),
      ],
      "protected",
    ],
    [
      "a Deny of a known account, which may be another",
      [allow({}, root), deny(NO_MFA, toBe("111122223333"))],
      "unknown",
    ],
    [
      "a principal that may be the session that a Deny names",
      [allow({}, toBe(later)), deny(NO_MFA, toBe("arn:aws:sts::111122223333:assumed-role/build/job"))],
      "unknown",
    ],
    [
      "a session that may be the one that a Deny names",
      [
        allow({}, toBe(text("arn:aws:sts::", account, ":assumed-role/build/job"))),
        deny(NO_MFA, toBe("arn:aws:sts::111122223333:assumed-role/build/job")),
      ],
      "unknown",
    ],
    [
      "a session of a role that may be the one that a Deny names",
      [
        allow({}, toBe(text("arn:aws:sts::", account, ":assumed-role/build/job"))),
        deny(NO_MFA, toBe("arn:aws:iam::111122223333:role/build")),
      ],
      "unknown",
    ],
    [
      "a session beside a Deny of a role that may be its own",
      [
        allow({}, toBe("arn:aws:sts::111122223333:assumed-role/build/job")),
        deny(NO_MFA, toBe(text("arn:aws:iam::111122223333:role/", later))),
      ],
      "unknown",
    ],
    [
      "a session beside a Deny of a role of another name, in an account that may be its own",
      [
        allow({}, toBe("arn:aws:sts::111122223333:assumed-role/build/job")),
        deny(NO_MFA, toBe(text("arn:aws:iam::", account, ":role/deploy"))),
      ],
      "bypassable",
    ],
    [
      "a principal that may be the user whose unique ID a Deny names",
      [allow({}, toBe(later)), deny(NO_MFA, toBe("AIDACKCEVSQ6C2EXAMPLE"))],
      "unknown",
    ],
    [
      "a Deny of a service, beside a user",
      [allow(), deny(NO_MFA, { Principal: { Service: later } })],
      "bypassable",
    ],
    [
      "a Deny of an identity provider, beside a user",
      [allow(), deny(NO_MFA, { Principal: { Federated: later } })],
      "bypassable",
    ],
    [
      "anyone, beside a Deny of unique IDs and an unknown user",
      [
        allow({}, { Principal: "*" }),
        deny(NO_MFA, toBe(["AIDACKCEVSQ6C2EXAMPLE", "AROACKCEVSQ6C2EXAMPLE", text(BOB, later)])),
      ],
      "bypassable",
    ],
    [
      "a principal that may be anyone, and so use an identity provider",
      allow({}, { ...toBe(later), Action: "sts:AssumeRoleWithSAML" }),
      "unknown",
    ],
    [
      "a principal that may use an identity provider, where the MFA key is never false",
      allow({ Bool: { [PRESENT]: "false" } }, { ...toBe(later), Action: "sts:AssumeRoleWithSAML" }),
      "protected",
    ],
    ["a Deny of a principal of any class", [allow(), deny(NO_MFA, { Principal: later })], "unknown"],
    ["a Deny of an AWS principal", [allow(), deny(NO_MFA, toBe(later))], "unknown"],
    ["a Deny of the same principal", [allow({}, toBe(later)), deny(NO_MFA, toBe(later))], "protected"],
    ["a needless Deny beside an Allow with MFA", [allow(WITH_MFA), deny(NO_MFA, toBe(later))], "protected"],
    [
      "an account whose known partition is the role's",
      [
        allow(WITH_MFA, toBe(text("arn:aws-us-gov:iam::", account, ":root"))),
        allow(arnLike("arn:aws:iam::*:user/*"), toBe("111122223333")),
      ],
      "protected",
    ],
    ["the value of the MFA condition", allow({ Bool: { [PRESENT]: later } }), "unknown"],
    [
      "the value of the MFA condition under StringEqualsIgnoreCase",
      allow({ StringEqualsIgnoreCase: { [PRESENT]: later } }),
      "unknown",
    ],
    ["one of two values of the MFA condition", allow({ Bool: { [PRESENT]: ["true", later] } }), "unknown"],
    [
      "the value of the MFA condition under StringEquals",
      allow({ StringEquals: { [PRESENT]: later } }),
      "unknown",
    ],
    ["an age, which a request without MFA lacks", allow({ NumericLessThan: { [AGE]: later } }), "protected"],
    ["the value of Null on the MFA key", allow({ Null: { [PRESENT]: later } }), "unknown"],
    [
      "the value of Null on a key that the caller never has",
      allow({ Null: { "aws:username": later } }, toBe(BUILD)),
      "unknown",
    ],
    ["one of two values of Null", allow({ Null: { "aws:username": ["true", later] } }, toBe(BOB)), "unknown"],
    ["the value of Null on another key", allow({ Null: { "aws:PrincipalTag/x": later } }), "unknown"],
    [
      "the value of Bool, which may be neither true nor false",
      allow({ Bool: { "aws:PrincipalTag/x": later } }),
      "unknown",
    ],
    [
      "the value of BinaryEquals, which may be invalid",
      allow({ BinaryEquals: { "aws:PrincipalTag/x": later } }),
      "unknown",
    ],
    ["one of two external IDs", allow({ StringEquals: { "sts:ExternalId": ["blue", later] } }), "bypassable"],
    ["the action of a Deny", [allow(), deny(NO_MFA, { Action: later })], "unknown"],
    ["the NotAction of a Deny", [allow(), deny(NO_MFA, { Action: undefined, NotAction: later })], "unknown"],
    [
      "the same unknown MFA condition in an Allow and a Deny",
      [allow({ Bool: { [PRESENT]: later } }), deny({ Bool: { [PRESENT]: later } })],
      "protected",
    ],
    [
      "an external ID, which the caller may know",
      allow({ StringEquals: { "sts:ExternalId": later } }),
      "bypassable",
    ],
    ["an address, which the caller may have", allow({ IpAddress: { "aws:SourceIp": later } }), "bypassable"],
    [
      "an external ID that may be the one that a Deny leaves out",
      [
        allow({ StringEquals: { "sts:ExternalId": later } }),
        deny({ StringNotEquals: { "sts:ExternalId": "blue" } }),
      ],
      "unknown",
    ],
    [
      "the same external ID in an Allow and a Deny",
      [
        allow({ StringEquals: { "sts:ExternalId": later } }),
        deny({ StringEquals: { "sts:ExternalId": later } }),
      ],
      "protected",
    ],
    [
      "the same external ID in an Allow, and beside another in a Deny",
      [
        allow({ StringEquals: { "sts:ExternalId": later } }),
        deny({ StringEquals: { "sts:ExternalId": [later, "blue"] } }),
      ],
      "protected",
    ],
    [
      "the same pattern in an Allow, and beside another in a Deny",
      [
        allow({ StringLike: { "sts:ExternalId": later } }),
        deny({ StringLike: { "sts:ExternalId": [later, "blue"] } }),
      ],
      "protected",
    ],
    [
      "a pattern in an Allow, which a Deny reads as literal text",
      [
        allow({ StringLike: { "sts:ExternalId": later } }),
        deny({ StringEquals: { "sts:ExternalId": later } }),
      ],
      "unknown",
    ],
    [
      "a principal narrowed to an organization",
      allow({ StringEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } }, toBe(later)),
      "bypassable",
    ],
    [
      "the address block of a Deny, which may be every address",
      [allow(), deny({ IpAddressIfExists: { "aws:SourceIp": later } })],
      "unknown",
    ],
    ["the action of an Allow", allow({}, { Action: later }), "unknown"],
    ["an action that cannot assume the role", allow({}, { Action: text("s3:", later) }), "protected"],
    ["one statement beside a bypassable one", [allow(), later], "unknown"],
  ])("is $2: %s", (_, statements, verdict) => {
    expect(decide(statements).kind).toBe(verdict);
  });

  test.each<[string, Partial<TrustRules>, string[]]>([
    ["trusted ARNs", { trustedPrincipalArns: ["arn:aws:iam::*:role/ci"] }, ["trustedPrincipalArns"]],
    [
      "an exempt class",
      { principals: { ...DEFAULT_TRUST_RULES.principals, role: "exempt" } },
      ["principals.role"],
    ],
  ])("is unknown for a principal that %s may exempt, and names that setting", (_, more, exemptBy) => {
    const rules = { ...DEFAULT_TRUST_RULES, ...more };
    expect(decide(allow({}, toBe(later)), rules)).toEqual({
      kind: "unknown",
      principals: [`\${later}`],
      exemptBy,
    });
    const narrowed = allow(arnLike("arn:aws:iam::*:role/x"), toBe(later));
    expect(decide(narrowed)).toEqual({ kind: "unknown", principals: [], exemptBy: [] });
    const unknownMfa = allow({ Bool: { [PRESENT]: later } }, toBe(BOB));
    expect(decide(unknownMfa, rules)).toEqual({ kind: "unknown", principals: [], exemptBy: [] });
    expect(decide(allow({}, toBe(BOB)), rules).kind).toBe("bypassable");
  });

  const EC2 = { Service: "ec2.amazonaws.com" };
  const GOOGLE = { Federated: "accounts.google.com" };
  const SAML = { Federated: "arn:aws:iam::111122223333:saml-provider/corp" };
  const IDS = ["AIDACKCEVSQ6C2EXAMPLE", "AROACKCEVSQ6C2EXAMPLE"];
  const SESSION = "arn:aws:sts::111122223333:assumed-role/build/job";

  test.each<[string, object, unknown, TrustVerdict["kind"]]>([
    ["a service", EC2, { Service: later }, "unknown"],
    ["a service", EC2, { Service: text("ec2.", later) }, "unknown"],
    ["a service", EC2, { Service: text("lambda.", later) }, "bypassable"],
    ["a service", EC2, { Federated: later }, "bypassable"],
    ["a service", EC2, { AWS: later }, "bypassable"],
    ["a service", EC2, later, "unknown"],
    ["a web provider", GOOGLE, { Federated: later }, "unknown"],
    ["a web provider", GOOGLE, { Service: later }, "bypassable"],
    ["a web provider", GOOGLE, { AWS: later }, "bypassable"],
    ["a web provider", GOOGLE, later, "unknown"],
    [
      "a SAML provider",
      SAML,
      { Federated: text("arn:aws:iam::", account, ":saml-provider/corp") },
      "unknown",
    ],
    [
      "a web provider",
      GOOGLE,
      { Federated: text("arn:aws:iam::", account, ":saml-provider/x") },
      "bypassable",
    ],
    ["anyone", { AWS: "*" }, { AWS: later }, "unknown"],
    ["anyone", { AWS: "*" }, { Service: later }, "bypassable"],
    ["an unknown principal", { AWS: later }, { AWS: new Unknown("other") }, "unknown"],
    ["an unknown principal", { AWS: later }, "*", "protected"],
    ["an account", { AWS: ROOT }, { AWS: [...IDS, text(BOB, later)] }, "bypassable"],
    ["anyone", { AWS: "*" }, { AWS: [...IDS, text(BOB, later)] }, "bypassable"],
    ["a user", { AWS: BOB }, { AWS: [SESSION, text(BUILD, later)] }, "bypassable"],
    ["a role", { AWS: BUILD }, { AWS: [SESSION, text(BOB, later)] }, "bypassable"],
    ["a role", { AWS: BUILD }, { AWS: ["AIDACKCEVSQ6C2EXAMPLE", text(BOB, later)] }, "bypassable"],
    ["a user", { AWS: BOB }, { AWS: ["AIDACKCEVSQ6C2EXAMPLE", text(BUILD, later)] }, "unknown"],
  ])("is $3 for %s that must prove MFA, beside a Deny (case %#)", (_, Principal, denied, verdict) => {
    const principals = {
      ...DEFAULT_TRUST_RULES.principals,
      service: "enforce",
      federated: "enforce",
    } as const;
    const statements = [
      allow({}, { Principal, Action: "sts:*" }),
      deny(NO_MFA, { Principal: denied, Action: "sts:*" }),
    ];
    expect(decide(statements, { ...DEFAULT_TRUST_RULES, principals }).kind).toBe(verdict);
  });

  test("is unknown for a principal that may be a service if services must prove MFA", () => {
    const service = { ...DEFAULT_TRUST_RULES.principals, service: "enforce" as const };
    const statement = allow({ Bool: { "aws:PrincipalIsAWSService": "true" } }, toBe(later));
    expect(decide(statement).kind).toBe("exempt");
    expect(decide(statement, { ...DEFAULT_TRUST_RULES, principals: service }).kind).toBe("unknown");
  });

  const isProd = (whenTrue: unknown, whenFalse: unknown) => new Choice("IsProd", whenTrue, whenFalse);

  test.each<[string, unknown, TrustVerdict["kind"]]>([
    [
      "protected in both branches",
      allow(isProd(WITH_MFA, { Bool: { [PRESENT]: true } }) as object),
      "protected",
    ],
    ["open in one branch", allow(isProd(WITH_MFA, {}) as object), "unknown"],
    ["open in both branches", allow({}, toBe(isProd(ROOT, BOB))), "bypassable"],
    ["open in both branches by different principals", [isProd(allow(), allow({}, toBe(BOB)))], "bypassable"],
    ["an open statement in one branch only", [allow(WITH_MFA), isProd(allow(), undefined)], "unknown"],
    [
      "two statements with the same choice",
      [isProd(allow(), allow(WITH_MFA)), isProd(deny(NO_MFA), undefined)],
      "protected",
    ],
    [
      "two statements with different choices",
      [isProd(allow(), allow(WITH_MFA)), new Choice("IsTest", deny(NO_MFA), undefined)],
      "unknown",
    ],
    ["all statements, open in one branch", isProd([allow(WITH_MFA)], [allow()]), "unknown"],
    ["no statements in one branch", isProd([], [allow()]), "unknown"],
    [
      "all statements, open in both branches",
      isProd([allow(WITH_MFA), allow({}, toBe(BOB))], [allow()]),
      "bypassable",
    ],
  ])("is $2 with a choice: %s", (_, statements, verdict) => {
    expect(decide(statements).kind).toBe(verdict);
  });

  test("has one form of a statement for each outcome of nested choices", () => {
    const when = (id: string, whenTrue: unknown, whenFalse: unknown) => new Choice(id, whenTrue, whenFalse);
    const principal = when("A", ROOT, when("B", ROOT, when("C", BOB, ROOT)));
    const verdict = decide([allow(when("A", {}, WITH_MFA) as object, toBe(principal))]);
    expect(verdict.kind).toBe("unknown");
    const parsed = parsePolicy({ Statement: allow({}, toBe(principal)) }, "trust");
    expect(parsed.ok && parsed.policy.statements.map((each) => [...(each.when ?? [])].join(" "))).toEqual([
      "A,true",
      "A,false B,true",
      "A,false B,false C,true",
      "A,false B,false C,false",
    ]);
  });

  test("is bypassable only if each outcome of several choices has a witness", () => {
    const [account, partition, other] = ["account", "partition", "other"].map(
      (id) => new Unknown(id, undefined, id),
    );
    const root = Unknown.text("Fn::Sub", ["arn:", partition ?? "", ":iam::", account ?? "", ":root"]);
    const elsewhere = { StringNotEquals: { "aws:PrincipalAccount": [account, other] } };
    const condition = (one: object, two: object) =>
      new Choice("A", new Choice("B", one, two), new Choice("C", two, new Choice("B", one, two))) as object;
    const rules = { ...DEFAULT_TRUST_RULES, trustedPrincipalArns: [BUILD] };
    const statements = [
      new Choice(
        "Home",
        allow(condition({ StringNotEquals: { "sts:ExternalId": other } }, NO_MFA)),
        undefined,
      ),
      allow(condition(NO_MFA, elsewhere), toBe(root)),
    ];
    expect(decide(statements, rules).kind).toBe("unknown");
    expect(decide([...statements, allow({}, toBe(BOB))], rules)).toMatchObject({
      kind: "bypassable",
      decided: true,
    });
  });

  test("has witnesses with the outcome of a choice, apart from the other needs", () => {
    const condition = isProd({ StringEquals: { "sts:ExternalId": "blue" } }, WITH_MFA) as object;
    const verdict = decide(allow(condition, toBe(BOB)));
    expect(verdict.kind).toBe("unknown");
    const open = decide(
      allow(isProd({}, { StringEquals: { "sts:ExternalId": "blue" } }) as object, toBe(BOB)),
    );
    if (open.kind !== "bypassable") throw new Error(open.kind);
    expect(open.witnesses.map(({ when, needs }) => [when, needs])).toEqual([
      [new Map([["IsProd", true]]), []],
    ]);
    const id = (value: string) => ({ StringEquals: { "sts:ExternalId": value } });
    expect(decide(allow(isProd(id("blue"), id("green")) as object, toBe(BOB)))).toMatchObject({
      witnesses: [
        { when: new Map([["IsProd", true]]), needs: [{ key: "sts:ExternalId", values: ["blue"] }] },
      ],
    });
  });

  test("has a witness with the outcome of a choice for each principal", () => {
    const verdict = decide([allow({}, toBe(isProd(ROOT, BOB)))]);
    expect(verdict).toMatchObject({
      kind: "bypassable",
      witnesses: [{ when: new Map([["IsProd", true]]) }, { when: new Map([["IsProd", false]]) }],
    });
  });
});

describe("anyone with MFA", () => {
  const anyone = { Principal: "*" };
  test.each<[string, object, TrustVerdict["kind"]]>([
    ["no other condition", {}, "anyone-with-mfa"],
    ["a recent MFA", { NumericLessThan: { [AGE]: "1" } }, "anyone-with-mfa"],
    ["an external ID", { StringEquals: { "sts:ExternalId": "blue" } }, "anyone-with-mfa"],
    ["an account", { StringEquals: { "aws:PrincipalAccount": "111122223333" } }, "protected"],
    [
      "all accounts but one",
      { StringNotEquals: { "aws:PrincipalAccount": "111122223333" } },
      "anyone-with-mfa",
    ],
    ["an organization", { StringEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } }, "protected"],
    [
      "ARNs of an account",
      { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/*" } },
      "protected",
    ],
    [
      "ARNs of any account",
      { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/ops" } },
      "anyone-with-mfa",
    ],
  ])("narrowed by %s is $2", (_, condition, verdict) => {
    expect(decide(allow({ ...WITH_MFA, ...condition }, anyone)).kind).toBe(verdict);
  });

  test("has its own verdict beside a service, and is bypassable without MFA", () => {
    const ec2 = allow({}, { Principal: { Service: "ec2.amazonaws.com" } });
    expect(decide([allow(WITH_MFA, anyone), ec2])).toMatchObject({
      kind: "anyone-with-mfa",
      witnesses: [{ statement: 0, principal: "*" }],
      exempt: [{ principal: "ec2.amazonaws.com" }],
    });
    expect(decide(allow({}, anyone)).kind).toBe("bypassable");
    expect(decide([allow({}, anyone), deny(NO_MFA)]).kind).toBe("anyone-with-mfa");
    expect(decide(allow(WITH_MFA, { Principal: { AWS: ["*", BOB] } })).kind).toBe("anyone-with-mfa");
    expect(decide([allow(WITH_MFA, anyone), deny(NO_MFA), deny({}, { Principal: { AWS: ROOT } })]).kind).toBe(
      "anyone-with-mfa",
    );
    expect(decide([allow(WITH_MFA, anyone), deny({}, { Principal: { AWS: "*" } })]).kind).toBe("protected");
  });
});

test.each<[string, unknown, boolean]>([
  ["anyone without MFA", allow({}, { Principal: "*" }), true],
  ["anyone with MFA", allow(WITH_MFA, { Principal: "*" }), true],
  ["an account", allow(), false],
  ["anyone, beside a Deny of everyone,", [allow({}, { Principal: "*" }), deny()], false],
])("a trust policy for %s is open to strangers: $2", (_, statements, isOpen) => {
  const parsed = parsePolicy({ Version: "2012-10-17", Statement: statements }, "trust");
  expect(parsed.ok && isOpenToStrangers(parsed.policy)).toBe(isOpen);
});

test("a Deny on a policy variable in version 2008-10-17 does not protect alone", () => {
  const variable = { StringNotEquals: { "aws:PrincipalTag/x": `\${aws:username}` } };
  const both = [
    allow(),
    deny({ ...variable, ...NO_MFA }),
    deny({ StringEquals: variable.StringNotEquals, ...NO_MFA }),
  ];
  expect(decide(both, DEFAULT_TRUST_RULES, "2008-10-17").kind).toBe("protected");
  expect(decide(both.slice(0, 2), DEFAULT_TRUST_RULES, "2008-10-17").kind).toBe("bypassable");
});
