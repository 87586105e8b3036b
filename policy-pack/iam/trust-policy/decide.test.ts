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

/** The contexts in which somebody gets in, by the first statement and principal. */
function openIn(statements: unknown, rules?: TrustRules): string {
  const verdict = decide(statements, rules);
  return verdict.kind === "bypassable" ? verdict.witnesses[0].context.kind : verdict.kind;
}

describe("section 2: a condition alone, under Allow and under Deny", () => {
  // Whether it lets a request in that carries: no key / false / true.
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
    ["true and false at once", { Bool: { [PRESENT]: ["true", "false"] } }, "false", "absent"],
    ["ForAllValues:Bool true", { "ForAllValues:Bool": { [PRESENT]: "true" } }, "absent", "false"],
    ["ForAnyValue:Bool true", { "ForAnyValue:Bool": { [PRESENT]: "true" } }, "protected", "absent"],
    ["ForAllValues:Null", { "ForAllValues:Null": { [PRESENT]: "false" } }, "absent", "protected"],
    ["ForAnyValue:Null", { "ForAnyValue:Null": { [PRESENT]: "true" } }, "protected", "absent"],
    ["ForAnyValue:BoolIfExists", { "ForAnyValue:BoolIfExists": { [PRESENT]: "true" } }, "absent", "absent"],
    ["Null of both", { Null: { [PRESENT]: ["true", "false"] } }, "absent", "protected"],
    ["Null of nothing", { Null: { [PRESENT]: [] } }, "absent", "absent"],
    ["an age as a text", { StringLike: { [AGE]: "*" } }, "protected", "absent"],
    ["no age as a text, which is not documented", { StringNotLike: { [AGE]: "*" } }, "absent", "absent"],
    ["StringEquals true", { StringEquals: { [PRESENT]: "true" } }, "protected", "absent"],
    ["a JSON boolean", { Bool: { [PRESENT]: true } }, "protected", "absent"],
    [
      "another case of key and value",
      { bool: { "AWS:MULTIFACTORAUTHPRESENT": "TRUE" } },
      "protected",
      "absent",
    ],
    ["a value that is neither", { Bool: { [PRESENT]: "yes" } }, "false", "absent"],
    ["a value that ends like one", { Bool: { [PRESENT]: "untrue" } }, "false", "absent"],
    ["a value that starts like one", { Bool: { [PRESENT]: "true story" } }, "false", "absent"],
    ["a policy variable", { Bool: { [PRESENT]: `\${${PRESENT}}` } }, "false", "absent"],
    ["no value at all", { Bool: { [PRESENT]: [] } }, "absent", "absent"],
  ])("%s", (_, condition, underAllow, underDeny) => {
    expect(openIn(allow(condition))).toBe(underAllow);
    expect(openIn([allow(), deny(condition)])).toBe(underDeny);
  });

  test.each(["False", "F*"])("the letters of the key's text are not promised: %s", (value) => {
    expect(decide(allow({ StringLike: { [PRESENT]: value } })).kind).toBe("bypassable");
    expect(decide(allow({ StringLike: { [PRESENT]: ["true", value] } })).kind).toBe("bypassable");
    expect(decide(allow({ StringEqualsIgnoreCase: { [PRESENT]: "True" } })).kind).toBe("protected");
  });

  test("string operators on the MFA key under Deny are not documented, so they stop nothing", () => {
    const statements = [allow(), deny({ StringNotEquals: { [PRESENT]: "true" } })];
    expect(openIn(statements)).toBe("absent");
    expect(decide(statements)).toMatchObject({ witnesses: [{ needs: [], exact: false }] });
  });
});

describe("section 1: what a caller always or never carries", () => {
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

  /** By the context in which somebody gets in. */
  test.each<[string, object, object, string]>([
    ["a user's type", { AWS: BOB }, equals("aws:PrincipalType", "User"), "absent"],
    ["no MFA key, of a web identity", GOOGLE, { Bool: { [PRESENT]: "false" } }, "protected"],
    ["no MFA key, of a service", EC2, { Bool: { [PRESENT]: "false" } }, "protected"],
    ["a user's type", { AWS: BOB }, equals("aws:PrincipalType", "AssumedRole"), "protected"],
    ["a role's type", { AWS: BUILD }, equals("aws:PrincipalType", "AssumedRole"), "absent"],
    ["a role's type", { AWS: BUILD }, equals("aws:PrincipalType", "User"), "protected"],
    ["a service's type, which nobody promises", EC2, isAbsent("aws:PrincipalType"), "absent"],
    ["a user's name", { AWS: BOB }, isAbsent("aws:username"), "protected"],
    ["a user's name", { AWS: BOB }, equals("aws:username", "bob"), "absent"],
    ["a user's name", { AWS: BOB }, equals("aws:username", "alice"), "protected"],
    ["a user's name, which has no star in it", { AWS: BOB }, like("aws:username", `\${*}`), "protected"],
    [
      "a user's name, in which there is no path",
      { AWS: "arn:aws:iam::111122223333:user/b/b" },
      like("aws:username", "b?b"),
      "protected",
    ],
    ["a role's name, which is none", { AWS: BUILD }, isThere("aws:username"), "protected"],
    [
      "a role's name, which is none",
      { AWS: BUILD },
      { StringEqualsIfExists: { "aws:username": "bob" } },
      "absent",
    ],
    ["a service's name, which nobody promises", EC2, isThere("aws:username"), "absent"],
    ["a user's id", { AWS: BOB }, like("aws:userid", "AIDA*"), "absent"],
    ["a user's id", { AWS: BOB }, like("aws:userid", "AROA*"), "protected"],
    ["a user's id", { AWS: BOB }, isAbsent("aws:userid"), "protected"],
    ["a role's id", { AWS: BUILD }, like("aws:userid", "AROA*:*"), "absent"],
    ["a role's id", { AWS: BUILD }, like("aws:userid", "AIDA*"), "protected"],
    ["a named id", { AWS: "AIDACKCEVSQ6C2EXAMPLE" }, equals("aws:userid", "AIDACKCEVSQ6C2EXAMPLE"), "absent"],
    [
      "a named id",
      { AWS: "AIDACKCEVSQ6C2EXAMPLE" },
      equals("aws:userid", "AIDACKCEVSQ6C2OTHERS"),
      "protected",
    ],
    [
      "a role's named id",
      { AWS: "AROACKCEVSQ6C2EXAMPLE" },
      like("aws:userid", "AROACKCEVSQ6C2EXAMPLE:*"),
      "absent",
    ],
    [
      "a role's named id",
      { AWS: "AROACKCEVSQ6C2EXAMPLE" },
      like("aws:userid", "AROACKCEVSQ6C2OTHERS:*"),
      "protected",
    ],
    [
      "access keys, which were not issued with a token",
      { AWS: BOB },
      isAbsent("aws:TokenIssueTime"),
      "absent",
    ],
    ["a user's session, which was", { AWS: BOB }, isThere("aws:TokenIssueTime"), "false"],
    ["a role's session, which was", { AWS: BUILD }, isAbsent("aws:TokenIssueTime"), "protected"],
    ["a web identity, which was not", GOOGLE, isThere("aws:TokenIssueTime"), "protected"],
    ["a service, of which nobody says", EC2, isThere("aws:TokenIssueTime"), "absent"],
    [
      "a web identity's account, which is in no ARN",
      GOOGLE,
      { ...equals("aws:PrincipalAccount", "111122223333"), ...isAbsent("aws:PrincipalArn") },
      "absent",
    ],
    [
      "a number, which is compared in its own way",
      { AWS: BOB },
      { NumericLessThan: { "aws:PrincipalAccount": "5" } },
      "absent",
    ],
    ["a service, of which nobody says", EC2, isAbsent("aws:TokenIssueTime"), "absent"],
    ["a web identity's id, of which nobody says", GOOGLE, like("aws:userid", "AIDA*"), "absent"],
    [
      "that a user is no service",
      { AWS: BOB },
      { Bool: { "aws:PrincipalIsAWSService": "true" } },
      "protected",
    ],
    ["that a user is no service", { AWS: BOB }, { Bool: { "aws:PrincipalIsAWSService": "false" } }, "absent"],
    ["that a service is one", EC2, { Bool: { "aws:PrincipalIsAWSService": "true" } }, "absent"],
    ["that a service is one", EC2, { Bool: { "aws:PrincipalIsAWSService": "false" } }, "protected"],
    ["nothing of that, unsigned", GOOGLE, isThere("aws:PrincipalIsAWSService"), "protected"],
    ["a service's own name", EC2, isAbsent("aws:PrincipalServiceName"), "protected"],
    ["no service's name", { AWS: BOB }, isThere("aws:PrincipalServiceName"), "protected"],
    ["an account", { AWS: BUILD }, isAbsent("aws:PrincipalAccount"), "protected"],
    ["whether it is encrypted", { AWS: BOB }, isAbsent("aws:SecureTransport"), "protected"],
    ["that, by true or false", { AWS: BOB }, equals("aws:SecureTransport", "maybe"), "protected"],
    [
      "a service calling on, by true or false",
      { AWS: BOB },
      equals("aws:ViaAWSService", "maybe"),
      "protected",
    ],
    ["the time", { AWS: BOB }, isAbsent("aws:CurrentTime"), "protected"],
    ["the time", { AWS: BOB }, isAbsent("aws:EpochTime"), "protected"],
    ["perhaps an address", { AWS: BOB }, isAbsent("aws:SourceIp"), "absent"],
  ])("%s: %o %o", (_, Principal, condition, expected) => {
    expect(openIn(allow(condition, { Principal, Action: "sts:*" }), rules)).toBe(expected);
  });

  test.each<[string, object, object[]]>([
    ["a service's ARN, by whom is trusted", EC2, []],
    [
      "a web identity's ARN, by whom a Deny names",
      GOOGLE,
      [deny({}, { Principal: { AWS: ROOT }, Action: "sts:*" })],
    ],
  ])("nothing rests on %s", (_, Principal, denies) => {
    const statement = allow({ ArnEquals: { "aws:PrincipalArn": BUILD } }, { Principal, Action: "sts:*" });
    expect(openIn([statement, ...denies], { ...rules, trustedPrincipalArns: [BUILD] })).toBe("absent");
  });

  test("an age is there exactly with an MFA", () => {
    const stale = { ...rules, maxMfaAgeSeconds: 3600 };
    expect(openIn(allow({ Null: { [AGE]: "false" } }), stale)).toBe("stale");
    expect(openIn(allow({ ...WITH_MFA, Null: { [AGE]: "true" } }), stale)).toBe("protected");
  });
});

describe("section 2: forms that are complete though they look odd", () => {
  test.each<[string, unknown[]]>([
    [
      "Allow with BoolIfExists true and Null false together",
      [allow({ BoolIfExists: { [PRESENT]: "true" }, Null: { [PRESENT]: "false" } })],
    ],
    [
      "two Deny statements, one for each context",
      [allow(), deny({ Bool: { [PRESENT]: "false" } }), deny({ Null: { [PRESENT]: "true" } })],
    ],
  ])("%s", (_, statements) => {
    expect(decide(statements).kind).toBe("protected");
  });

  test("both in one Deny statement never fire", () => {
    expect(openIn([allow(), deny({ Bool: { [PRESENT]: "false" }, Null: { [PRESENT]: "true" } })])).toBe(
      "absent",
    );
  });
});

describe("section 3: principals", () => {
  test.each<[string, unknown, string]>([
    [
      "a Deny on the account covers its users",
      deny(NO_MFA, { Principal: { AWS: "111122223333" } }),
      "protected",
    ],
    ["a Deny on one user covers that user only", deny(NO_MFA, { Principal: { AWS: BOB } }), "bypassable"],
    [
      "a Deny on another account covers nobody here",
      deny(NO_MFA, { Principal: { AWS: "444455556666" } }),
      "bypassable",
    ],
    [
      "NotPrincipal leaves out whom it names",
      deny(NO_MFA, { Principal: undefined, NotPrincipal: { AWS: BOB } }),
      "bypassable",
    ],
    [
      "NotPrincipal is refused by AWS, so that it covers nobody",
      deny(NO_MFA, { Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::444455556666:user/x" } }),
      "bypassable",
    ],
    [
      "a Deny that asks for an address too covers only that",
      deny({ ...NO_MFA, IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
      "bypassable",
    ],
    [
      "a Deny on a session covers none of the others",
      deny(NO_MFA, { Principal: { AWS: "arn:aws:sts::111122223333:assumed-role/build/job" } }),
      "bypassable",
    ],
    [
      "a Deny on the account covers them beside one on another of the same length",
      [
        deny(NO_MFA, { Principal: { AWS: "444455556666" } }),
        deny(NO_MFA, { Principal: { AWS: "111122223333" } }),
      ],
      "protected",
    ],
    ["a Deny on another action covers nothing", deny(NO_MFA, { Action: "sts:TagSession" }), "bypassable"],
    [
      "a Deny by NotAction of another action covers it",
      deny(NO_MFA, { Action: undefined, NotAction: "sts:TagSession" }),
      "protected",
    ],
    [
      "two Deny statements may share the callers",
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

  test("a Deny on several roles covers the sessions of each", () => {
    const session = { Principal: { AWS: "arn:aws:sts::111122223333:assumed-role/build/job" } };
    const roles = deny({}, { Principal: { AWS: ["arn:aws:iam::111122223333:role/other", BUILD] } });
    expect(decide([allow({}, session), roles]).kind).toBe("protected");
  });

  test("a wildcard of an ARN's part is no colon", () => {
    const bob = "arn:aws:iam::111122223333:user/a:b/bob";
    const others = deny({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam?:111122223333:user/a:b/bob" } });
    expect(decide([allow({}, { Principal: { AWS: bob } }), others]).kind).toBe("bypassable");
  });

  test("what an identity provider vouches for has no account to rest on", () => {
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

  test("a Deny on a role covers its sessions, one on a session no other session", () => {
    const session = "arn:aws:sts::111122223333:assumed-role/build/job";
    const role = allow({}, { Principal: { AWS: BUILD } });
    expect(decide([role, deny(NO_MFA, { Principal: { AWS: BUILD } })]).kind).toBe("protected");
    expect(decide([role, deny(NO_MFA, { Principal: { AWS: session } })]).kind).toBe("bypassable");
    const one = allow({}, { Principal: { AWS: session } });
    expect(decide([one, deny(NO_MFA, { Principal: { AWS: BUILD } })]).kind).toBe("protected");
    expect(decide([one, deny(NO_MFA, { Principal: { AWS: session } })]).kind).toBe("protected");
  });

  test.each<[string, object]>([
    ["users in folders", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/team/*" } }],
    ["users in none", { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:*/*/*" } }],
  ])("an account has %s", (_, condition) => {
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

  test.each([BOB, BUILD])("a Deny on %s covers all of an account that a condition narrows to it", (AWS) => {
    const narrowed = allow({ ArnEquals: { "aws:PrincipalArn": AWS } });
    expect(decide([narrowed, deny(NO_MFA, { Principal: { AWS } })]).kind).toBe("protected");
    const other = AWS === BOB ? BUILD : BOB;
    expect(decide([narrowed, deny(NO_MFA, { Principal: { AWS: other } })]).kind).toBe("bypassable");
  });

  test.each<[string, string, string, string]>([
    ["its roles' sessions", ROOT, "arn:aws:sts::111122223333:assumed-role/build/job", "protected"],
    ["its roles", ROOT, BUILD, "protected"],
    [
      "no session of another",
      "444455556666",
      "arn:aws:sts::111122223333:assumed-role/build/job",
      "bypassable",
    ],
  ])("a Deny on an account covers %s", (_, account, AWS, verdict) => {
    const denied = deny(NO_MFA, { Principal: { AWS: account } });
    expect(decide([allow({}, { Principal: { AWS } }), denied]).kind).toBe(verdict);
  });

  test("a session of GetFederationToken cannot assume a role, so that a statement for it lets nobody in", () => {
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
  ])("a Deny on anyone is not relied on for %s", (_, Principal) => {
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

  test("in one mixed statement each principal is judged by its own class", () => {
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

  test("anyone is anyone, whatever else is exempt, also through an identity provider", () => {
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

  test("anyone is a service too, which has no ARN and is judged as a service", () => {
    const unlessNoArn = deny({ StringLike: { "aws:PrincipalArn": "*" } });
    const anyone = allow({}, { Principal: "*" });
    expect(decide([anyone, unlessNoArn])).toMatchObject({
      kind: "exempt",
      witnesses: [{ class: "service" }],
    });
    expect(decide([anyone, deny()]).kind).toBe("protected");
  });

  test("a way in of anyone says of what kind the caller is", () => {
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

  test("an account that is narrowed by the caller's ARN is judged by what is left", () => {
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
    ["its users' names", { StringLike: { "aws:username": "*" } }, "user"],
    ["users, by their type", { StringEquals: { "aws:PrincipalType": "User" } }, "user"],
    ["users, by their unique ids", { StringLike: { "aws:userid": "AIDA*" } }, "user"],
    ["roles, by their unique ids", { StringLike: { "aws:userid": "AROA*" } }, "role"],
    ["a user's ARN", { ArnEquals: { "aws:PrincipalArn": BOB } }, "user"],
  ])("an account that a condition narrows to %s is judged by their class", (_, condition, judged) => {
    const principals = { ...DEFAULT_TRUST_RULES.principals, [judged]: "exempt" as const };
    const rules = { ...DEFAULT_TRUST_RULES, principals };
    expect(decide(allow(condition)).kind).toBe("bypassable");
    expect(decide(allow(condition), rules).kind).toBe("exempt");
    expect(decide(allow(), rules).kind).toBe("bypassable");
  });

  test.each([
    ["that leaves some out", { StringNotEquals: { "aws:username": "bob" } }],
    ["that only asks for a key", { Null: { "aws:username": "false" } }],
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
    ["a role's unique id", { AWS: "AROACKCEVSQ6C2EXAMPLE" }, { class: "role", caller: "role", exact: false }],
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
  ])("%s gets in as what it is", (_, Principal, way) => {
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

  test("a condition key that is called as the session is not the session", () => {
    const roles = allow({}, { Principal: { AWS: BUILD } });
    expect(openIn([roles, deny({ StringLike: { session: "*" } })])).toBe("absent");
  });

  test.each([
    ["a web provider", { Federated: "accounts.google.com" }, "sts:AssumeRoleWithSAML"],
    ["a SAML provider", { Federated: "arn:aws:iam::111122223333:saml-provider/corp" }, "sts:AssumeRole"],
    ["a user", { AWS: BOB }, "sts:AssumeRoleWithWebIdentity"],
  ])("%s cannot make another's call", (_, Principal, Action) => {
    expect(decide(allow({}, { Principal, Action })).kind).toBe("protected");
  });

  test("a way in names the caller by its ARN, and a session by its own, too", () => {
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

  test.each(["aws", "aws-us-gov", "aws-cn"])("partition %s", (partition) => {
    const root = { Principal: { AWS: `arn:${partition}:iam::111122223333:root` } };
    expect(decide(allow({}, root)).kind).toBe("bypassable");
    expect(decide([allow({}, root), deny(NO_MFA, { Principal: { AWS: "111122223333" } })]).kind).toBe(
      "protected",
    );
  });
});

describe("section 3: partitions", () => {
  const GOV_USERS = { ArnLike: { "aws:PrincipalArn": "arn:aws-us-gov:iam::111122223333:user/*" } };

  test("where no principal says the partition it may be any, so that users of each get in", () => {
    expect(decide(allow(GOV_USERS, { Principal: "*" })).kind).toBe("bypassable");
    expect(decide(allow(GOV_USERS, { Principal: { AWS: "111122223333" } })).kind).toBe("bypassable");
  });

  test("there a trusted pattern is about the accounts that it names, in whichever partition they are", () => {
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

  test("where one does, no ARN of another partition is a caller's", () => {
    expect(decide(allow(GOV_USERS)).kind).toBe("protected");
  });

  test.each([
    [
      "an identity provider",
      { Federated: "arn:aws-us-gov:iam::111122223333:saml-provider/corp" },
      "bypassable",
    ],
    [
      "an identity provider of another",
      { Federated: "arn:aws:iam::111122223333:saml-provider/corp" },
      "protected",
    ],
    ["a provider that is no ARN", { Federated: "id.example.com/arn:aws:x" }, "bypassable"],
    ["a user's unique id, which says none", { AWS: "AIDACKCEVSQ6C2EXAMPLE" }, "bypassable"],
  ])("it is said by %s, also in another statement", (_, Principal, verdict) => {
    const beside = allow(WITH_MFA, { Principal, Action: "sts:AssumeRoleWithSAML" });
    expect(decide([beside, allow(GOV_USERS, { Principal: { AWS: "111122223333" } })]).kind).toBe(verdict);
    const anyone = decide([beside, allow(GOV_USERS, { Principal: "*" })]).kind;
    expect(anyone === "bypassable").toBe(verdict === "bypassable");
  });

  test.each([
    ["", "arn:aws-cn:iam::111122223333:saml-provider/corp"],
    [
      ", whatever the account",
      Unknown.text("x", ["arn:aws-cn:iam::", new Unknown("account"), ":saml-provider/corp"]),
    ],
  ])("an identity provider tells the partition, too%s", (_, Federated) => {
    const only = { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/*" } };
    const statement = allow(only, { Principal: { AWS: "111122223333", Federated } });
    expect(decide(statement).kind).toBe("protected");
  });

  test("a trusted pattern with more before it names nobody", () => {
    const only = { ArnLike: { "aws:PrincipalArn": BUILD } };
    const trusting = (pattern: string) =>
      decide(allow(only, { Principal: { AWS: "111122223333" } }), {
        ...DEFAULT_TRUST_RULES,
        trustedPrincipalArns: [pattern],
      }).kind;
    expect(trusting(BUILD)).toBe("exempt");
    expect(trusting(`x${BUILD}`)).toBe("bypassable");
  });

  test("a Deny of an account by its number is of the role's own partition", () => {
    const gov = "arn:aws-us-gov:iam::111122223333";
    const denied = deny(NO_MFA, { Principal: { AWS: "111122223333" } });
    expect(decide([allow({}, { Principal: { AWS: `${gov}:user/bob` } }), denied]).kind).toBe("protected");
    expect(decide([allow(GOV_USERS, { Principal: { AWS: `${gov}:root` } }), denied]).kind).toBe("protected");
    const other = deny(NO_MFA, { Principal: { AWS: "arn:aws-cn:iam::111122223333:root" } });
    expect(decide([allow({}, { Principal: { AWS: `${gov}:user/bob` } }), other]).kind).toBe("bypassable");
  });

  test("a condition on ARNs of one partition denies the callers of no other", () => {
    const denied = (pattern: string) => deny({ ...NO_MFA, ArnLike: { "aws:PrincipalArn": pattern } });
    const anyone = allow({}, { Principal: "*" });
    expect(decide([anyone, denied("arn:aws:iam::*:*")]).kind).toBe("bypassable");
    expect(decide([anyone, denied("arn:*:iam::*:*")])).toMatchObject({
      kind: "anyone-with-mfa",
      exempt: [{ class: "service" }],
    });
  });
});

describe("section 3: NotPrincipal", () => {
  const others = (AWS: unknown) => ({ Principal: undefined, NotPrincipal: { AWS } });

  test("beside Deny covers nobody", () => {
    expect(decide([allow(), deny(NO_MFA, others("444455556666"))]).kind).toBe("bypassable");
    expect(decide([allow(WITH_MFA), deny(NO_MFA, others(BOB))]).kind).toBe("protected");
  });

  test("beside Allow counts as anyone", () => {
    expect(decide(allow({}, others(BOB)))).toMatchObject({
      kind: "bypassable",
      witnesses: [{ principal: "NotPrincipal", class: "anyone" }],
    });
    expect(decide(allow({ ArnEquals: { "aws:PrincipalArn": BOB } }, others(BOB))).kind).toBe("bypassable");
    expect(decide(allow(WITH_MFA, others(BOB))).kind).toBe("anyone-with-mfa");
  });
});

describe("section 3: conditions on other keys", () => {
  const BLUE = { StringEquals: { "sts:ExternalId": "blue" } };
  const NO_ID = { Null: { "sts:ExternalId": "true" } };
  const text = (...values: string[]) => ({ StringEquals: { "sts:ExternalId": values } });
  const like = (pattern: string) => ({ StringLike: { "sts:ExternalId": pattern } });
  const ignoringCase = (value: string) => ({ StringEqualsIgnoreCase: { "sts:ExternalId": value } });
  const arn = (operator: string, value: string) => ({ [operator]: { "aws:SourceArn": `arn:aws:${value}` } });
  const TAG = (value: string) => ({ "aws:PrincipalTag/key": value });
  const TAGS = (value: string) => ({ "aws:TagKeys": value });
  const VIA = (value: string) => ({ "aws:ViaAWSService": value });

  test("are free, since whoever calls may satisfy them: an external id is not MFA", () => {
    expect(decide(allow(BLUE)).kind).toBe("bypassable");
    expect(decide(allow({ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } })).kind).toBe("bypassable");
  });

  test.each<[string, object, object, string]>([
    ["the same condition is the same atom", BLUE, BLUE, "protected"],
    ["its negation is its negation", BLUE, { StringNotEquals: { "sts:ExternalId": "blue" } }, "bypassable"],
    ["another value is another atom", BLUE, { StringEquals: { "sts:ExternalId": "green" } }, "bypassable"],
    [
      "a pattern that holds the value covers it",
      BLUE,
      { StringLike: { "sts:ExternalId": "b*" } },
      "protected",
    ],
    [
      "an address block that holds the other covers it",
      { IpAddress: { "aws:SourceIp": "203.0.113.128/25" } },
      { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
      "protected",
    ],
    [
      "one that does not, does not",
      { IpAddress: { "aws:SourceIp": "203.0.112.0/23" } },
      { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
      "bypassable",
    ],
    [
      "the addresses outside a block are outside each part of it",
      { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
      { NotIpAddress: { "aws:SourceIp": "203.0.113.0/25" } },
      "protected",
    ],
    ["values in another order are the same", text("a", "b"), text("b", "a"), "protected"],
    ["one value of two is not both", text("a", "b"), text("a"), "bypassable"],
    ["no value at all stops nobody", text("a"), { StringEquals: { "sts:ExternalId": [] } }, "bypassable"],
    ["? is one character", text("ab"), like("a?"), "protected"],
    ["? is no two", text("ab"), like("a??"), "bypassable"],
    ["? is itself where nothing is a wildcard", text("ab"), text("a?"), "bypassable"],
    ["* is itself in braces", text("a*b"), like(`a\${*}b`), "protected"],
    ["* in braces is nothing else", text("axb"), like(`a\${*}b`), "bypassable"],
    ["? in braces is nothing else", text("axb"), like(`a\${?}b`), "bypassable"],
    ["$ in braces is itself", text("a$b"), text(`a\${$}b`), "protected"],
    ["a variable may be anything", text("alice"), text(`\${aws:username}`), "bypassable"],
    ["letters count", text("Blue"), text("blue"), "bypassable"],
    ["letters do not count, if so asked", text("Blue"), ignoringCase("blue"), "protected"],
    ["what ignores them is more", ignoringCase("blue"), text("blue"), "bypassable"],
    ["an absent key is not equal", NO_ID, text("a"), "bypassable"],
    ["an absent key is equal with IfExists", NO_ID, { StringEqualsIfExists: BLUE.StringEquals }, "protected"],
    ["an absent key is not unequal to anything", NO_ID, { StringNotEquals: BLUE.StringEquals }, "protected"],
    ["all of no values", { Null: TAGS("true") }, { "ForAllValues:StringEquals": TAGS("a") }, "protected"],
    ["any of no values", { Null: TAGS("true") }, { "ForAnyValue:StringEquals": TAGS("a") }, "bypassable"],
    [
      "any of no values with IfExists, which is not documented",
      { Null: TAGS("true") },
      { "ForAnyValue:StringEqualsIfExists": TAGS("a") },
      "bypassable",
    ],
    ["bytes are the same bytes", { BinaryEquals: TAG("YQ==") }, { BinaryEquals: TAG("YQ==") }, "protected"],
    ["bytes are no others", { BinaryEquals: TAG("YQ==") }, { BinaryEquals: TAG("Yg==") }, "bypassable"],
    ["true in any letters", { Bool: VIA("true") }, { Bool: VIA("True") }, "protected"],
    ["true is not false", { Bool: VIA("true") }, { Bool: VIA("false") }, "bypassable"],
    ["an ARN by its parts", arn("ArnEquals", "s3:x:y:a"), arn("ArnLike", "s3:*:*:*"), "protected"],
    ["the last part holds colons", arn("ArnEquals", "s3:x:y:a:z"), arn("ArnLike", "s3:x:y:*"), "protected"],
    [
      "a wildcard holds none before it",
      arn("StringEquals", "s3:x:y:a:z"),
      arn("ArnLike", "s3:*:a:z"),
      "bypassable",
    ],
    [
      "a text with wildcards holds them",
      arn("StringEquals", "s3:x:y:a:z"),
      arn("StringLike", "s3:*:a:z"),
      "protected",
    ],
    [
      "an ARN that varies with the caller is none that is known",
      {},
      arn("ArnLike", `s3:::\${aws:username}`),
      "bypassable",
    ],
    ["what has fewer parts is no ARN", arn("StringEquals", "s3:x"), arn("ArnLike", "s3:x"), "bypassable"],
    [
      "the same text as an ARN and as a text",
      arn("ArnEquals", "s3:x:y:a"),
      arn("StringEquals", "s3:x:y:a"),
      "protected",
    ],
    ["an account by a pattern", {}, { StringLike: { "aws:PrincipalAccount": "1111*" } }, "protected"],
    ["another account", {}, { StringLike: { "aws:PrincipalAccount": "4444*" } }, "bypassable"],
    ["a variable account", {}, { StringLike: { "aws:PrincipalAccount": `\${aws:username}` } }, "bypassable"],
    ["an account by its letters", {}, { StringEquals: { "aws:PrincipalAccount": "1111*" } }, "bypassable"],
    [
      "a user in a folder by its name",
      { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/team/bob" } },
      { StringEquals: { "aws:username": "bob" } },
      "protected",
    ],
    [
      "a user's name holds no folder",
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
        `${family}${inAllow} beside ${family}${inDeny} of one value`,
        is(inAllow),
        is(inDeny),
        verdict,
      ]);
    }),
  ])("%s", (_, inAllow, inDeny, verdict) => {
    expect(decide([allow(inAllow), deny({ ...inDeny, ...NO_MFA })]).kind).toBe(verdict);
  });

  test("numbers that leave none out leave out a text that is no number, but for keys that hold dates only", () => {
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

  test("a unique id is somebody's, and nobody knows whose", () => {
    expect(decide(allow({}, { Principal: { AWS: "AIDACKCEVSQ6C2EXAMPLE" } }))).toMatchObject({
      kind: "bypassable",
      witnesses: [{ class: "user", exact: false }],
    });
  });

  test("one value that another excludes lets nobody in, unless the key may hold both", () => {
    const both = (key: string) => allow({ StringEquals: { [key]: "a" }, StringLike: { [key]: "b" } });
    expect(decide(both("sts:ExternalId")).kind).toBe("protected");
    expect(decide(both("aws:TagKeys"))).toMatchObject({ kind: "bypassable", witnesses: [{ exact: false }] });
  });

  test("a condition that nobody can meet lets nobody in", () => {
    expect(
      decide(allow({ StringEquals: { "sts:ExternalId": "blue" }, StringNotLike: { "sts:ExternalId": "b*" } }))
        .kind,
    ).toBe("protected");
  });

  test("an atom and its negation, in two Deny statements, cover everybody together", () => {
    const https = (value: string) => deny({ ...NO_MFA, Bool: { "aws:SecureTransport": value } });
    expect(decide([allow(), https("true"), https("false")]).kind).toBe("protected");
    expect(decide([allow(), https("true")]).kind).toBe("bypassable");
  });
});

describe("section 5: ways around MFA that look fine", () => {
  test.each<[string, unknown]>([
    ["1. Allow with BoolIfExists true", allow({ BoolIfExists: { [PRESENT]: "true" } })],
    ["2. Deny with Bool false", [allow(), deny({ Bool: { [PRESENT]: "false" } })]],
    [
      "3. a good Allow beside one without the condition",
      [allow(WITH_MFA), allow({}, { Principal: { AWS: BOB } })],
    ],
    ["4. sts:* in another statement", [allow(WITH_MFA), allow({}, { Action: "sts:*" })]],
    ["4. NotAction", [allow(WITH_MFA), allow({}, { Action: undefined, NotAction: "iam:*" })]],
    ["5. a Deny that names some of the principals", [allow(), deny(NO_MFA, { Principal: { AWS: BOB } })]],
    ["6. Null false under Allow", allow({ Null: { [PRESENT]: "false" } })],
    ["7. both values", allow({ Bool: { [PRESENT]: ["true", "false"] } })],
  ])("%s", (_, statements) => {
    expect(decide(statements).kind).toBe("bypassable");
  });
});

describe("a maximum age", () => {
  const rules: TrustRules = { ...DEFAULT_TRUST_RULES, maxMfaAgeSeconds: 3600 };

  test.each<[string, object, string]>([
    ["MFA of any age is not enough", WITH_MFA, "stale"],
    ["a younger one than the maximum is", { NumericLessThan: { [AGE]: "3600" } }, "protected"],
    ["one as old as the maximum is", { NumericLessThanEquals: { [AGE]: "3600" } }, "protected"],
    ["one second more is not", { NumericLessThanEquals: { [AGE]: "3601" } }, "stale"],
    ["IfExists opens it to everybody", { NumericLessThanIfExists: { [AGE]: "3600" } }, "absent"],
  ])("%s", (_, condition, expected) => {
    expect(openIn(allow(condition), rules)).toBe(expected);
  });

  test("of an age that is not known yet is not decided yet", () => {
    expect(openIn(allow({ NumericLessThan: { [AGE]: new Unknown("later") } }), rules)).toBe("unknown");
    expect(openIn(allow({ StringLike: { [AGE]: new Unknown("later") } }), rules)).toBe("unknown");
  });

  test("a Deny by age covers the old and, with IfExists, those without", () => {
    expect(openIn([allow(), deny({ NumericGreaterThanIfExists: { [AGE]: "3600" } })], rules)).toBe(
      "protected",
    );
    expect(openIn([allow(), deny({ NumericGreaterThanIfExists: { [AGE]: "7200" } })], rules)).toBe("stale");
  });
});

describe("the witness", () => {
  test("says which statement lets whom in, in which context, and what else must hold", () => {
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

test("the witness says a user's name by the ARN alone, so that the two never differ", () => {
  const named = { Null: { "aws:username": "false" }, StringLike: { "aws:username": "bo?" } };
  const verdict = decide(allow(named));
  const request = verdict.kind === "bypassable" ? verdict.witnesses[0].request : new Map();
  expect(request.get("aws:principalarn")?.[0]).toMatch(/\/bo.$/);
  expect(request.has("aws:username")).toBe(false);
});

describe("what is not known yet", () => {
  const later = new Unknown("later");
  const account = new Unknown("AWS::AccountId", undefined, "account");
  const text = (...parts: Text[]) => Unknown.text("Fn::Sub", parts);

  test.each([
    ["StringNotEquals", "Deny"],
    ["StringNotEquals", "Allow"],
    ["StringEquals", "Allow"],
  ])(
    "a principal that is compared with is an account or one of its users: %s under %s",
    (operator, effect) => {
      const principal = new Unknown("Trusted", undefined, "trusted");
      const compared = { [operator]: { "aws:PrincipalAccount": [principal] } };
      const open = allow(effect === "Allow" ? compared : {}, { Principal: { AWS: principal } });
      expect(decide(effect === "Allow" ? [open] : [deny(compared), open]).kind).toBe("unknown");
    },
  );

  test("what two conditions compare with may be a principal, too, and is one value", () => {
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
      "a session that another Deny's role may be of, but for the letters of its name",
      [
        allow({}, toBe(text("arn:aws:sts::111122223333:assumed-role/Build-", later, "/job"))),
        deny({}, toBe("arn:aws:iam::111122223333:role/build-prod")),
      ],
      "bypassable",
    ],
    [
      "anyone but somebody of whom the id alone is known",
      [allow({}, { Principal: "*" }), deny({}, toBe(text("AIDA", "CKCEVSQ6C2EXAMPLE")))],
      "bypassable",
    ],
    [
      "a key that two conditions ask for by values that may differ",
      [
        allow({ Null: { "aws:PrincipalTag/team": later } }),
        deny({ Null: { "aws:PrincipalTag/team": new Unknown("other") } }),
      ],
      "unknown",
    ],
    [
      "a principal that the caller's ARN has to fit",
      allow(arnLike("arn:aws:iam::*:role/x"), toBe(later)),
      "unknown",
    ],
    ["a service", allow({}, { Principal: { Service: later } }), "exempt"],
    ["an identity provider", allow({}, { Principal: { Federated: later }, Action: "sts:*" }), "exempt"],
    ["the account of an open root", allow({}, root), "bypassable"],
    ["the account, with MFA", allow(WITH_MFA, root), "protected"],
    [
      "the same account in the principal and in the condition on the caller",
      allow(arnLike(text("arn:aws:iam::", account, ":role/ci-*")), root),
      "bypassable",
    ],
    [
      "another account in the condition, which may be the same",
      allow(arnLike("arn:aws:iam::444455556666:role/ci-*"), root),
      "unknown",
    ],
    ["a condition that any account fits", allow(arnLike("arn:aws:iam::*:role/ci-*"), root), "bypassable"],
    ["a condition that no account fits", allow(arnLike("arn:aws-cn:iam::*:role/ci-*"), root), "protected"],
    ["a Deny of the same account", [allow({}, root), deny(NO_MFA, root)], "protected"],
    [
      "a Deny of its roles, beside users",
      [allow({}, root), deny({ ...NO_MFA, ...arnLike(text("arn:aws:iam::", account, ":role/*")) })],
      "bypassable",
    ],
    [
      "a Deny of its users and of its roles",
      [
        allow({}, root),
        deny({ ...NO_MFA, ...arnLike(text("arn:aws:iam::", account, ":role/*")) }),
        deny({ ...NO_MFA, ...arnLike(text("arn:aws:iam::", account, ":user/*")) }),
      ],
      "protected",
    ],
    [
      "a Deny of the users of an account that may be another",
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
      "a principal that may be the user whose unique id a Deny names",
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
      "anyone, beside a Deny of unique ids",
      [
        allow({}, { Principal: "*" }),
        deny(NO_MFA, toBe(["AIDACKCEVSQ6C2EXAMPLE", "AROACKCEVSQ6C2EXAMPLE", text(BOB, later)])),
      ],
      "bypassable",
    ],
    [
      "a principal that may be anyone, and so come in by an identity provider",
      allow({}, { ...toBe(later), Action: "sts:AssumeRoleWithSAML" }),
      "unknown",
    ],
    [
      "a principal that may come in by an identity provider, which never says that there was no MFA",
      allow({ Bool: { [PRESENT]: "false" } }, { ...toBe(later), Action: "sts:AssumeRoleWithSAML" }),
      "protected",
    ],
    ["a Deny of anybody", [allow(), deny(NO_MFA, { Principal: later })], "unknown"],
    ["a Deny of somebody not known", [allow(), deny(NO_MFA, toBe(later))], "unknown"],
    ["a Deny of the same principal", [allow({}, toBe(later)), deny(NO_MFA, toBe(later))], "protected"],
    ["a needless Deny", [allow(WITH_MFA), deny(NO_MFA, toBe(later))], "protected"],
    [
      "an account whose partition says which the role is in",
      [
        allow(WITH_MFA, toBe(text("arn:aws-us-gov:iam::", account, ":root"))),
        allow(arnLike("arn:aws:iam::*:user/*"), toBe("111122223333")),
      ],
      "protected",
    ],
    ["the value of the MFA condition", allow({ Bool: { [PRESENT]: later } }), "unknown"],
    ["the value in whatever letters", allow({ StringEqualsIgnoreCase: { [PRESENT]: later } }), "unknown"],
    ["one of its values", allow({ Bool: { [PRESENT]: ["true", later] } }), "unknown"],
    ["a text that the MFA key is compared with", allow({ StringEquals: { [PRESENT]: later } }), "unknown"],
    ["an age, which nobody without MFA has", allow({ NumericLessThan: { [AGE]: later } }), "protected"],
    ["whether the MFA key is asked for", allow({ Null: { [PRESENT]: later } }), "unknown"],
    [
      "whether a key is asked for that the caller never has",
      allow({ Null: { "aws:username": later } }, toBe(BUILD)),
      "unknown",
    ],
    [
      "whether a key is asked for by one value of two",
      allow({ Null: { "aws:username": ["true", later] } }, toBe(BOB)),
      "unknown",
    ],
    ["whether another key is asked for", allow({ Null: { "aws:PrincipalTag/x": later } }), "unknown"],
    ["true or false, which may be neither", allow({ Bool: { "aws:PrincipalTag/x": later } }), "unknown"],
    ["bytes, which may be none", allow({ BinaryEquals: { "aws:PrincipalTag/x": later } }), "unknown"],
    ["one of two external ids", allow({ StringEquals: { "sts:ExternalId": ["blue", later] } }), "bypassable"],
    ["the action of a Deny", [allow(), deny(NO_MFA, { Action: later })], "unknown"],
    [
      "an action that a Deny leaves out",
      [allow(), deny(NO_MFA, { Action: undefined, NotAction: later })],
      "unknown",
    ],
    [
      "the same unknown MFA condition in an Allow and a Deny",
      [allow({ Bool: { [PRESENT]: later } }), deny({ Bool: { [PRESENT]: later } })],
      "protected",
    ],
    [
      "an external id, which the caller may know",
      allow({ StringEquals: { "sts:ExternalId": later } }),
      "bypassable",
    ],
    ["an address, which the caller may have", allow({ IpAddress: { "aws:SourceIp": later } }), "bypassable"],
    [
      "an external id that may be the one that is denied",
      [
        allow({ StringEquals: { "sts:ExternalId": later } }),
        deny({ StringNotEquals: { "sts:ExternalId": "blue" } }),
      ],
      "unknown",
    ],
    [
      "the same external id in an Allow and a Deny",
      [
        allow({ StringEquals: { "sts:ExternalId": later } }),
        deny({ StringEquals: { "sts:ExternalId": later } }),
      ],
      "protected",
    ],
    [
      "the same external id in an Allow, and beside another in a Deny",
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
      "a pattern in an Allow, which a Deny reads as a text",
      [
        allow({ StringLike: { "sts:ExternalId": later } }),
        deny({ StringEquals: { "sts:ExternalId": later } }),
      ],
      "unknown",
    ],
    [
      "somebody of an organization",
      allow({ StringEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } }, toBe(later)),
      "bypassable",
    ],
    [
      "an address that a Deny leaves out, which may be every one",
      [allow(), deny({ IpAddressIfExists: { "aws:SourceIp": later } })],
      "unknown",
    ],
    ["the action of an Allow", allow({}, { Action: later }), "unknown"],
    ["an action that can be no way in", allow({}, { Action: text("s3:", later) }), "protected"],
    ["one statement beside an open one", [allow(), later], "unknown"],
  ])("%s", (_, statements, verdict) => {
    expect(decide(statements).kind).toBe(verdict);
  });

  test.each<[string, Partial<TrustRules>, string[]]>([
    ["trusted ARNs", { trustedPrincipalArns: ["arn:aws:iam::*:role/ci"] }, ["trustedPrincipalArns"]],
    [
      "an exempt class",
      { principals: { ...DEFAULT_TRUST_RULES.principals, role: "exempt" } },
      ["principals.role"],
    ],
  ])(
    "who may turn out to be exempt by %s is not decided, and the verdict says by what",
    (_, more, exemptBy) => {
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
    },
  );

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
    ["somebody not known", { AWS: later }, { AWS: new Unknown("other") }, "unknown"],
    ["somebody not known", { AWS: later }, "*", "protected"],
    ["an account", { AWS: ROOT }, { AWS: [...IDS, text(BOB, later)] }, "bypassable"],
    ["anyone", { AWS: "*" }, { AWS: [...IDS, text(BOB, later)] }, "bypassable"],
    ["a user", { AWS: BOB }, { AWS: [SESSION, text(BUILD, later)] }, "bypassable"],
    ["a role", { AWS: BUILD }, { AWS: [SESSION, text(BOB, later)] }, "bypassable"],
    ["a role", { AWS: BUILD }, { AWS: ["AIDACKCEVSQ6C2EXAMPLE", text(BOB, later)] }, "bypassable"],
    ["a user", { AWS: BOB }, { AWS: ["AIDACKCEVSQ6C2EXAMPLE", text(BUILD, later)] }, "unknown"],
  ])("%s that has to prove MFA may be denied only by what may be it: %#", (_, Principal, denied, verdict) => {
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

  test("a principal that may be anyone may be a service, which has to prove MFA where it is configured so", () => {
    const service = { ...DEFAULT_TRUST_RULES.principals, service: "enforce" as const };
    const statement = allow({ Bool: { "aws:PrincipalIsAWSService": "true" } }, toBe(later));
    expect(decide(statement).kind).toBe("exempt");
    expect(decide(statement, { ...DEFAULT_TRUST_RULES, principals: service }).kind).toBe("unknown");
  });

  const isProd = (whenTrue: unknown, whenFalse: unknown) => new Choice("IsProd", whenTrue, whenFalse);

  test.each<[string, unknown, TrustVerdict["kind"]]>([
    ["closed in both", allow(isProd(WITH_MFA, { Bool: { [PRESENT]: true } }) as object), "protected"],
    ["open in one of them", allow(isProd(WITH_MFA, {}) as object), "unknown"],
    ["open in both", allow({}, toBe(isProd(ROOT, BOB))), "bypassable"],
    ["open in both, each by another statement", [isProd(allow(), allow({}, toBe(BOB)))], "bypassable"],
    [
      "a statement that is there only where it is open",
      [allow(WITH_MFA), isProd(allow(), undefined)],
      "unknown",
    ],
    [
      "branches that never mix",
      [isProd(allow(), allow(WITH_MFA)), isProd(deny(NO_MFA), undefined)],
      "protected",
    ],
    [
      "branches that mix, since another choice decides",
      [isProd(allow(), allow(WITH_MFA)), new Choice("IsTest", deny(NO_MFA), undefined)],
      "unknown",
    ],
    ["all statements", isProd([allow(WITH_MFA)], [allow()]), "unknown"],
    ["no statement in one of them", isProd([], [allow()]), "unknown"],
    [
      "all statements, open either way",
      isProd([allow(WITH_MFA), allow({}, toBe(BOB))], [allow()]),
      "bypassable",
    ],
  ])("a choice: %s", (_, statements, verdict) => {
    expect(decide(statements).kind).toBe(verdict);
  });

  test("a statement has one form for each way in which choices inside each other can fall", () => {
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

  test("choices that all matter are decided: one way in is enough for each way in which they fall", () => {
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

  test("a way in says how choices must fall for it, apart from what else must hold", () => {
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

  test("a way in says for each principal how choices must fall for it", () => {
    const verdict = decide([allow({}, toBe(isProd(ROOT, BOB)))]);
    expect(verdict).toMatchObject({
      kind: "bypassable",
      witnesses: [{ when: new Map([["IsProd", true]]) }, { when: new Map([["IsProd", false]]) }],
    });
  });
});

describe("section 3: anyone with MFA", () => {
  const anyone = { Principal: "*" };
  test.each<[string, object, TrustVerdict["kind"]]>([
    ["no other condition", {}, "anyone-with-mfa"],
    ["a young one", { NumericLessThan: { [AGE]: "1" } }, "anyone-with-mfa"],
    ["an external id", { StringEquals: { "sts:ExternalId": "blue" } }, "anyone-with-mfa"],
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
  ])("%s: %s", (_, condition, verdict) => {
    expect(decide(allow({ ...WITH_MFA, ...condition }, anyone)).kind).toBe(verdict);
  });

  test("has a standing of its own also beside a service, and without MFA it is open", () => {
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
  ["without MFA", allow({}, { Principal: "*" }), true],
  ["with MFA", allow(WITH_MFA, { Principal: "*" }), true],
  ["nobody but an account", allow(), false],
  ["nobody, since all are denied", [allow({}, { Principal: "*" }), deny()], false],
])("strangers get in: %s", (_, statements, isOpen) => {
  const parsed = parsePolicy({ Version: "2012-10-17", Statement: statements }, "trust");
  expect(parsed.ok && isOpenToStrangers(parsed.policy)).toBe(isOpen);
});

test("policy variables in a document of version 2008-10-17 are not documented, so nothing rests on them", () => {
  const variable = { StringNotEquals: { "aws:PrincipalTag/x": `\${aws:username}` } };
  const both = [
    allow(),
    deny({ ...variable, ...NO_MFA }),
    deny({ StringEquals: variable.StringNotEquals, ...NO_MFA }),
  ];
  expect(decide(both, DEFAULT_TRUST_RULES, "2008-10-17").kind).toBe("protected");
  expect(decide(both.slice(0, 2), DEFAULT_TRUST_RULES, "2008-10-17").kind).toBe("bypassable");
});
