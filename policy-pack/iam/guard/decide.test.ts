import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Policy } from "../policy/model";
import { parsePolicy } from "../policy/parse";
import { Choice, type Text, Unknown } from "../policy/unknown";
import type { Home } from "../principal/arn";
import { decideGuard } from "./decide";
import { type ExceptionsGap, type GuardForm, type GuardGap, SELF_SERVICE_ACTIONS } from "./verdict";

const NO_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } };

function policy(...statements: readonly unknown[]): Policy {
  return policyOf("2012-10-17", statements);
}

function policyOf(Version: string, statements: readonly unknown[]): Policy {
  const parsed = parsePolicy({ Version, Statement: statements }, "identity");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.policy;
}

const guard = (more: object = {}) => ({
  Effect: "Deny",
  NotAction: SELF_SERVICE_ACTIONS,
  Resource: "*",
  Condition: NO_MFA,
  ...more,
});
/** A guard under a further condition. */
const guardIf = (conditions: object, more: object = {}) =>
  guard({ Condition: { ...NO_MFA, ...conditions }, ...more });
const listed = (...more: readonly string[]) => ({ NotAction: [...SELF_SERVICE_ACTIONS, ...more] });
const except = (NotResource: unknown) => ({ Resource: undefined, NotResource });
const deny = (actions: unknown, Condition: object = NO_MFA) => ({
  Effect: "Deny",
  Action: actions,
  Resource: "*",
  Condition,
});

describe("a guard denies everything but a short list, in both contexts, on every resource", () => {
  test.each<[string, unknown[], string]>([
    ["the deny policy of the stack", [guard()], "guarded"],
    ["a shorter list", [guard({ NotAction: "iam:EnableMFADevice" })], "guarded"],
    ["the list of AWS's newer example", [guard(listed("iam:GetMFADevice"))], "guarded"],
    ["nothing at all without MFA", [deny("*")], "guarded"],
    ["a longer list", [guard(listed("iam:ChangePassword"))], "open"],
    ["a pattern that reaches farther", [guard(listed("iam:List*"))], "open"],
    ["a pattern that holds more names than one of the list", [guard(listed("IAM:listvirtualMFA*s"))], "open"],
    ["Bool, which lets access keys through", [guard({ Condition: { Bool: NO_MFA.BoolIfExists } })], "open"],
    [
      "by the age that is not there",
      [guard({ Condition: { Null: { "aws:MultiFactorAuthAge": "true" } } })],
      "guarded",
    ],
    [
      "under conditions on keys that no request carries, and that are called as parts of a request are",
      ["Action", "resource", "session"].map((key) => guardIf({ StringLike: { [key]: "*" } })),
      "open",
    ],
    ["one resource only", [guard({ Resource: "arn:aws:s3:::*" })], "open"],
    [
      "some resources, and the rest",
      [guard({ Resource: "arn:aws:s3:::*" }), guard(except("arn:aws:s3:::*"))],
      "guarded",
    ],
    ["a further condition", [guardIf({ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } })], "open"],
    [
      "a resource that depends on the user",
      [guard({ Resource: `arn:aws:iam::*:user/\${aws:username}` })],
      "open",
    ],
    [
      "all but a resource that depends on the user",
      [guard(except(`arn:aws:iam::*:user/\${aws:username}`))],
      "open",
    ],
    [
      "a resource and the same in other letters",
      [guard({ Resource: "arn:aws:s3:::Logs" }), guard(except("arn:aws:s3:::logs"))],
      "open",
    ],
    [
      "resources by a pattern that is no ARN's, and the rest",
      [guard({ Resource: "arn:aws:s3:*" }), guard(except("arn:aws:s3:*"))],
      "open",
    ],
    [
      "one user by name, the rest by ARN",
      [
        guardIf({ StringEquals: { "aws:username": "alice" } }),
        guardIf({
          ArnNotLike: { "aws:PrincipalArn": ["arn:*:iam::*:user/alice", "arn:*:iam::*:user/*/alice"] },
        }),
      ],
      "guarded",
    ],
    ["every user", [guardIf({ ArnLike: { "aws:PrincipalArn": "arn:*:iam::*:user/*" } })], "guarded"],
    ["one service in one statement, the rest in another", [deny("s3:*"), guard(listed("s3:*"))], "guarded"],
    ["a part of a service, and not the rest", [deny("s3:Get*"), guard(listed("s3:*"))], "open"],
    [
      "a service in patterns that meet",
      [deny(["s3:*a*", "s3:*e*"]), deny("s3:*"), guard(listed("s3:*"))],
      "guarded",
    ],
    ["every ARN, but no call on nothing in particular", [guard({ Resource: "arn:*:*:*:*:*" })], "open"],
    ["every ARN and the rest", [guard({ Resource: ["arn:*:*:*:*:*", "*"] })], "guarded"],
    ["every action that has a name", [deny("*:?*")], "guarded"],
    ["an Allow, which guards nothing", [{ ...guard(), Effect: "Allow" }], "open"],
    [
      "all but one value of a key that may be absent, and that value",
      [
        guardIf({ StringNotEqualsIfExists: { "aws:RequestedRegion": "eu-west-1" } }),
        guardIf({ StringEquals: { "aws:RequestedRegion": "eu-west-1" } }),
      ],
      "guarded",
    ],
    [
      "users by a pattern of their names and the rest by ARN, where a path may begin as the names do",
      [
        guardIf({ StringLike: { "aws:username": "a*" } }),
        guardIf({ ArnNotLike: { "aws:PrincipalArn": "arn:*:iam::*:user/a*" } }),
      ],
      "open",
    ],
    [
      "no value of a name, which AWS does not document",
      [guardIf({ StringNotEquals: { "aws:username": [] } })],
      "open",
    ],
    [
      "a resource with a brace, and the rest",
      [guard({ Resource: "arn:aws:s3:::a{b" }), guard(except("arn:aws:s3:::a{b"))],
      "guarded",
    ],
    [
      "resources by an ARN pattern, and the rest",
      [guard({ Resource: "arn:aws:iam::*:user/*" }), guard(except("arn:aws:iam::*:user/*"))],
      "guarded",
    ],
    [
      "resources by an ARN pattern, and the rest by a policy variable, which may reach further than a wildcard",
      [
        guard({ Resource: "arn:aws:iam::*:user/*" }),
        guard(except(`arn:aws:iam::\${aws:PrincipalTag/account}:user/*`)),
      ],
      "open",
    ],
    [
      "resources by an ARN pattern, and the rest, each under a condition, where a wildcard may pass a colon",
      [
        guardIf({ StringEquals: { "aws:PrincipalTag/a": "1" } }, { Resource: "arn:aws:iam::*:user/*" }),
        guardIf({ StringLike: { "aws:PrincipalTag/b": "2*" } }, except("arn:aws:iam::*:user/*")),
        guardIf({ StringNotEquals: { "aws:PrincipalTag/b": "2" } }),
        guard(except("arn:aws:iam::1111:role/x:user/*")),
      ],
      "open",
    ],
    [
      "a resource with a bar, and all but those on either side of it",
      [
        guard({ Resource: "arn:aws:s3:::a|arn:aws:s3:::b" }),
        guard(except(["arn:aws:s3:::a", "arn:aws:s3:::b"])),
      ],
      "open",
    ],
    [
      "one Deny for each context",
      [
        guard({ Condition: { Bool: NO_MFA.BoolIfExists } }),
        guard({ Condition: { Null: { "aws:MultiFactorAuthPresent": "true" } } }),
      ],
      "guarded",
    ],
  ])("%s", (_, statements, verdict) => {
    expect(decideGuard([policy(...statements)]).kind).toBe(verdict);
  });

  test("how far a wildcard in a Resource reaches is not documented, so that no guard rests on it", () => {
    const rest = guard(except("arn:aws:s3:::*"));
    const verdict = decideGuard([policy(rest, guard({ Resource: "arn:*" }))]);
    expect(verdict).toMatchObject({ kind: "open", decided: true, witness: { exact: false } });
    const undecided = [policy(rest, guard({ Resource: "arn:*" })), policy(deny([new Unknown("later")]))];
    expect(decideGuard(undecided).kind).toBe("unknown");
  });

  test("several policies guard together", () => {
    const parts = [policy(deny("s3:*")), policy(guard(listed("s3:*")))];
    expect(decideGuard(parts).kind).toBe("guarded");
    expect(decideGuard(parts.slice(0, 1)).kind).toBe("open");
  });

  test("without a variable a text is the same condition in a policy of another version", () => {
    const is = deny("*", { StringEquals: { "aws:RequestedRegion": "eu-west-1" } });
    const isNot = deny("*", { StringNotEquals: { "aws:RequestedRegion": "eu-west-1" } });
    expect(decideGuard([policyOf("2012-10-17", [is]), policyOf("2008-10-17", [isNot])]).kind).toBe("guarded");
    const names = ["bob", `\${aws:userid}`];
    const named = deny("*", { StringEquals: { "my:Name": names } });
    const others = deny("*", { StringNotEquals: { "my:Name": names } });
    expect(decideGuard([policyOf("2012-10-17", [named]), policyOf("2008-10-17", [others])]).kind).toBe(
      "open",
    );
  });

  test("the same text is another condition in a policy of another version, where it holds a variable", () => {
    const is = deny("*", { StringEquals: { "aws:username": `\${aws:userid}` } });
    const isNot = deny("*", { StringNotEquals: { "aws:username": `\${aws:userid}` } });
    expect(decideGuard([policyOf("2012-10-17", [is]), policyOf("2012-10-17", [isNot])]).kind).toBe("guarded");
    expect(decideGuard([policyOf("2012-10-17", [is]), policyOf("2008-10-17", [isNot])]).kind).toBe("open");
  });

  test("a star in braces is a star in a document of version 2012-10-17 alone", () => {
    const star = `arn:aws:s3:::\${*}`;
    const both = [guard({ Resource: star }), guard(except(star))];
    expect(decideGuard([policyOf("2012-10-17", both)]).kind).toBe("guarded");
    expect(decideGuard([policyOf("2008-10-17", both)]).kind).toBe("open");
  });

  test("the list is configurable", () => {
    const wider = policy(guard(listed("iam:ChangePassword")));
    expect(decideGuard([wider], { allowedWithoutMfa: [...SELF_SERVICE_ACTIONS, "iam:Change*"] }).kind).toBe(
      "guarded",
    );
    expect(decideGuard([policy(guard())], { allowedWithoutMfa: [] }).kind).toBe("open");
  });

  test("no policy is no guard, and the witness is a call", () => {
    expect(decideGuard([])).toMatchObject({
      kind: "open",
      witness: { action: "s3:ListAllMyBuckets", resource: "*", context: { kind: "absent" } },
    });
    expect(decideGuard([], { allowedWithoutMfa: [] })).toMatchObject({
      witness: { action: "s3:ListAllMyBuckets", resource: "*", needs: [] },
    });
  });
});

describe("a guard that is narrowed to the users of one account", () => {
  const OWN = { partition: "aws", account: "111122223333" };
  const account = new Unknown("AWS::AccountId", undefined, "account", undefined, "account");
  const partition = new Unknown("AWS::Partition", undefined, "partition");
  const users = (...before: Text[]) => ({
    ArnLike: { "aws:PrincipalArn": Unknown.text("Fn::Sub", ["arn:", ...before, ":user/*"]) },
  });
  const ofAccount = (id: Text) => ({ StringEquals: { "aws:PrincipalAccount": id } });

  test.each<[string, object, Home | undefined, string]>([
    ["is one in that account", ofAccount("111122223333"), OWN, "guarded"],
    ["is none in another", ofAccount("444455556666"), OWN, "open"],
    ["is none where the account may be any", ofAccount("111122223333"), undefined, "open"],
    ["is one by their ARNs", users("aws:iam::111122223333"), OWN, "guarded"],
    [
      "is none by the ARNs of some",
      { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/staff/*" } },
      OWN,
      "open",
    ],
    ["is none by ARNs of another partition", users("aws-cn:iam::111122223333"), OWN, "open"],
    [
      "is none by ARNs of a partition that may be another",
      users("aws:iam::111122223333"),
      { account: "111122223333" },
      "open",
    ],
    ["is one where the same account is not known in both places", ofAccount(account), { account }, "guarded"],
    [
      "is one by ARNs that are not known in the same places",
      users(partition, ":iam::", account),
      { partition, account },
      "guarded",
    ],
    ["depends where only its own is known", ofAccount(account), OWN, "unknown"],
    ["is none where only the other is known", ofAccount("111122223333"), { account }, "open"],
    [
      "is none by ARNs of a known account where its own is not",
      users(partition, ":iam::111122223333"),
      { account },
      "open",
    ],
    [
      "is none by ARNs of an unknown account where its own partition is not known",
      users("aws:iam::", account),
      { partition, account: "111122223333" },
      "open",
    ],
    [
      "depends where the partition of the ARNs is not known",
      users(partition, ":iam::111122223333"),
      OWN,
      "unknown",
    ],
  ])("%s", (_, condition, home, expected) => {
    const narrowed = policy(guard({ Condition: { ...NO_MFA, ...condition } }));
    expect(decideGuard([narrowed], undefined, home).kind).toBe(expected);
  });
});

describe("the way past an open guard", () => {
  test.each<[string, readonly string[], string]>([
    ["as AWS spells it", ["IAM:changepassword"], "iam:ChangePassword"],
    ["as the guard spells it, where nobody knows it", ["foo:barBaz"], "foo:barBaz"],
    ["a pattern of which no action is known", ["foo:Bar*"], "foo:Bar*"],
    ["the narrowest pattern", ["foo:Bar*", "foo:*"], "foo:Bar*"],
    ["a name before a longer pattern", ["foo:b", "foo:b*****"], "foo:b"],
  ])("names its action: %s", (_, entries, action) => {
    expect(decideGuard([policy(guard(listed(...entries)))])).toMatchObject({ witness: { action } });
  });

  test.each<[string, object, string, object[]]>([
    [
      "a region",
      { StringNotEquals: { "aws:requestedREGION": "eu-west-1" } },
      "*",
      [{ key: "aws:RequestedRegion", values: ["eu-west-1"] }],
    ],
    [
      "a key of the document's own",
      { StringNotEquals: { "My:Key": "a" } },
      "*",
      [{ key: "My:Key", values: ["a"] }],
    ],
    [
      "a user, who is told by the ARN",
      { ArnNotLike: { "aws:PrincipalArn": "arn:*:iam::*:user/a*" } },
      "*",
      [],
    ],
    ["a user's name, which is told by the ARN", { StringNotEquals: { "aws:username": "bob" } }, "*", []],
  ])("says all that it needs: %s", (_, condition, resource, needs) => {
    const verdict = decideGuard([policy(guardIf(condition))]);
    expect(verdict).toMatchObject({ kind: "open", decided: true, witness: { resource, needs, exact: true } });
    const request = verdict.kind === "open" ? verdict.witness.request : new Map();
    expect(request.has("action") || request.has("resource") || request.has("aws:username")).toBe(false);
  });

  test("says nothing of what a choice comes to", () => {
    const verdict = decideGuard([policy(new Choice("IsProd", deny("s3:*"), undefined))]);
    expect(verdict).toMatchObject({ kind: "open", witness: { request: new Map(), needs: [] } });
  });

  test("names a user of whom it depends, and a resource", () => {
    const others = {
      ...NO_MFA,
      ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/alice" },
    };
    const statement = guard({ Condition: others, Resource: undefined, NotResource: "arn:aws:s3:::logs" });
    const verdict = decideGuard([policy(statement), policy(guard({ Resource: "*", Condition: others }))]);
    const request = verdict.kind === "open" ? verdict.witness.request : new Map();
    expect([...request]).toEqual([["aws:principalarn", ["arn:aws:iam::111122223333:user/alice"]]]);
    const left = decideGuard([policy(guard(except("arn:aws:s3:::logs")))]);
    expect(left).toMatchObject({ witness: { resource: "arn:aws:s3:::logs" } });
  });
});

/** AWS's advice, so that a service can work for a person. */
const UNLESS_VIA_SERVICE = { BoolIfExists: { ...NO_MFA.BoolIfExists, "aws:ViaAWSService": "false" } };
const MCP = { ...NO_MFA, Bool: { "aws:ViaAWSMCPService": "true" } };
const unless = (...services: readonly string[]) => ({
  ...NO_MFA,
  StringNotEquals: { "aws:CalledViaFirst": services },
});

describe("a guard may exempt calls that a service makes on, but those of managed MCP servers", () => {
  test.each<[string, unknown[], GuardForm | undefined]>([
    ["no exemption", [guard()], "complete"],
    [
      "named services, by the first of them",
      [guard({ Condition: unless("cloudformation.amazonaws.com") })],
      "called-via",
    ],
    [
      "named services, by any of them",
      [guardIf({ "ForAllValues:StringNotEquals": { "aws:CalledVia": ["cloudformation.amazonaws.com"] } })],
      "called-via",
    ],
    ["an MCP server among them", [guard({ Condition: unless("aws-mcp.amazonaws.com") })], undefined],
    ["every service", [guard({ Condition: UNLESS_VIA_SERVICE })], undefined],
    [
      "every service, and a second Deny for MCP servers",
      [guard({ Condition: UNLESS_VIA_SERVICE }), guard({ Condition: MCP })],
      "via-aws-service",
    ],
    [
      "every service, and a second Deny for one call of MCP servers",
      [guard({ Condition: UNLESS_VIA_SERVICE }), deny("s3:GetObject", MCP)],
      undefined,
    ],
    [
      "every service and no MCP server, and a second Deny for MCP servers",
      [
        guard({
          Condition: {
            BoolIfExists: { ...UNLESS_VIA_SERVICE.BoolIfExists, "aws:ViaAWSMCPService": "false" },
          },
        }),
        guard({ Condition: MCP }),
      ],
      "via-aws-service",
    ],
    [
      "calls that say of no MCP server that it made them, which need not say it",
      [
        guard({ Condition: { ...UNLESS_VIA_SERVICE, Bool: { "aws:ViaAWSMCPService": "false" } } }),
        guard({ Condition: MCP }),
      ],
      undefined,
    ],
    [
      "every service, by a key that is always there, and MCP servers, which are services",
      [
        guardIf({ Bool: { "aws:ViaAWSService": "false" } }),
        guardIf({ Bool: { "aws:ViaAWSMCPService": "true", "aws:ViaAWSService": "true" } }),
      ],
      "via-aws-service",
    ],
    [
      "an MCP server among them, and a second Deny for MCP servers",
      [guard({ Condition: unless("aws-mcp.amazonaws.com") }), guard({ Condition: MCP })],
      "called-via",
    ],
    [
      "every service, beside an Allow that asks for one",
      [
        guard({ Condition: UNLESS_VIA_SERVICE }),
        guard({ Condition: MCP }),
        guard({ Effect: "Allow", Condition: { StringEquals: { "aws:CalledViaFirst": "a.amazonaws.com" } } }),
      ],
      "via-aws-service",
    ],
    [
      "named services, with more left open",
      [guard({ ...listed("s3:*"), Condition: unless("cloudformation.amazonaws.com") })],
      undefined,
    ],
  ])("%s", (_, statements, form) => {
    const verdict = decideGuard([policy(...statements)]);
    expect(verdict).toMatchObject(form === undefined ? { kind: "open" } : { kind: "guarded", form });
  });

  test("an allowed action that could call a service on leaves no such form", () => {
    const exempting = [policy(guard({ Condition: unless("cloudformation.amazonaws.com") }))];
    for (const action of ["cloudformation:*", "my-iam:Go"]) {
      const allowedWithoutMfa = [...SELF_SERVICE_ACTIONS, action];
      expect(decideGuard(exempting, { allowedWithoutMfa }).kind).toBe("open");
    }
  });
});

describe("a session of sts:GetFederationToken, where that call is accepted, has to be stopped, too", () => {
  const ACCEPTED = [...SELF_SERVICE_ACTIONS, "sts:GetFederationToken"];
  const USERS = "arn:*:iam::*:user/*";
  const SESSIONS = "arn:*:sts::*:federated-user/*";
  const narrowed = (more: object, actions: object = { NotAction: ACCEPTED }) =>
    guard({ ...actions, Condition: { ...NO_MFA, ...more } });
  const named = (...arns: readonly string[]) => narrowed({ ArnLike: { "aws:PrincipalArn": arns } });

  test.each<[string, unknown[], boolean | undefined]>([
    ["a guard of everybody reaches it", [narrowed({})], undefined],
    ["a guard of users by ARN does not", [named(USERS)], true],
    ["a guard of users and of such sessions does", [named(USERS, SESSIONS)], undefined],
    ["a second Deny for such sessions does", [named(USERS), named(SESSIONS)], undefined],
    [
      "a guard of all but roles does",
      [narrowed({ ArnNotLike: { "aws:PrincipalArn": "arn:*:iam::*:role/*" } })],
      undefined,
    ],
    [
      "a guard by the type of the caller does not",
      [narrowed({ StringEquals: { "aws:PrincipalType": "User" } })],
      false,
    ],
    [
      "one by both types does",
      [narrowed({ StringEquals: { "aws:PrincipalType": ["User", "FederatedUser"] } })],
      undefined,
    ],
    ["a guard by the user's name does not", [narrowed({ StringLike: { "aws:username": "*" } })], false],
    ["a guard by the user's id does not", [narrowed({ StringLike: { "aws:userid": "AIDA*" } })], false],
    [
      "a guard by the ids of users and such sessions does",
      [narrowed({ StringLike: { "aws:userid": ["AIDA*", "????????????:*"] } })],
      undefined,
    ],
    [
      "a guard by the account, and by the ARN in any other does",
      [
        narrowed({ StringEquals: { "aws:PrincipalAccount": "111122223333" } }),
        narrowed({ ArnNotLike: { "aws:PrincipalArn": "arn:*:*:*:111122223333:*" } }),
      ],
      undefined,
    ],
    ["a guard by the account does", [narrowed({ StringLike: { "aws:PrincipalAccount": "*" } })], undefined],
    [
      "a guard that fires for access keys alone does not",
      [
        narrowed({ Null: { "aws:TokenIssueTime": "true" } }),
        narrowed({ Null: { "aws:TokenIssueTime": "false" }, StringLike: { "aws:username": "*" } }),
      ],
      false,
    ],
    ["where the call is stopped there is none", [named(USERS), deny("sts:GetFederationToken")], undefined],
    [
      "where the call is no exception of the guard there is none",
      [narrowed({ ArnLike: { "aws:PrincipalArn": USERS } }, { NotAction: SELF_SERVICE_ACTIONS })],
      undefined,
    ],
    [
      "a session of the call from one address may come from anywhere",
      [
        named(USERS),
        deny("sts:GetFederationToken", { ...NO_MFA, NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
      ],
      true,
    ],
    [
      "of STS it may call nothing that matters",
      [named(USERS), narrowed({}, { NotAction: "sts:*" })],
      undefined,
    ],
    [
      "it calls through MCP servers, too",
      [
        guard({ NotAction: ACCEPTED, Condition: UNLESS_VIA_SERVICE }),
        guard({
          NotAction: ACCEPTED,
          Condition: { ...MCP, StringEquals: { "aws:PrincipalType": "User" } },
        }),
      ],
      false,
    ],
  ])("%s", (_, statements, byArn) => {
    const verdict = decideGuard([policy(...statements)], { allowedWithoutMfa: ACCEPTED });
    if (byArn === undefined) expect(verdict.kind).toBe("guarded");
    else {
      expect(verdict).toMatchObject({
        kind: "open",
        decided: true,
        witness: { caller: "federated-user", exact: true },
        gap: { kind: "sessions", byArn },
      });
    }
  });

  test("also where a pattern accepts the call", () => {
    const rules = { allowedWithoutMfa: ["iam:*", "STS:get*"] };
    const only = (...arns: readonly string[]) =>
      narrowed({ ArnLike: { "aws:PrincipalArn": arns } }, { NotAction: ["sts:Get*"] });
    expect(decideGuard([policy(only(USERS))], rules)).toMatchObject({
      witness: {
        action: "s3:ListAllMyBuckets",
        context: { kind: "absent" },
        request: new Map([["aws:principalarn", ["arn:aws:sts::111122223333:federated-user/alice"]]]),
      },
    });
    expect(decideGuard([policy(only(USERS, SESSIONS))], rules).kind).toBe("guarded");
  });

  test("whether it is opened may be undocumented, too", () => {
    const mayStop = deny("sts:GetFederationToken", {
      ...NO_MFA,
      StringNotEquals: { "aws:PrincipalTag/team": `\${aws:PrincipalTag/group}` },
    });
    const verdict = decideGuard([policy(named(USERS), mayStop)], { allowedWithoutMfa: ACCEPTED });
    expect(verdict).toMatchObject({ kind: "open", witness: { caller: "federated-user", exact: false } });
  });

  test("beside entries that are too much, the guard that is told of is one of everybody", () => {
    const wide = narrowed({ ArnLike: { "aws:PrincipalArn": USERS } }, { NotAction: [...ACCEPTED, "s3:*"] });
    const verdict = decideGuard([policy(wide)], { allowedWithoutMfa: ACCEPTED });
    expect(verdict).toMatchObject({
      kind: "open",
      witness: { caller: "user", action: "s3:ListAllMyBuckets" },
    });
    expect(verdict).not.toHaveProperty("gap");
  });
});

test("what two statements say in other words is not taken for the same", () => {
  expect(decideGuard([policy(guard({ NotAction: ["s3:Get*Object"] }), deny("s3:Get?Object"))]).kind).toBe(
    "open",
  );
  const isOwn = { "aws:PrincipalTag/owner": `\${aws:username}` };
  const one = policyOf("2008-10-17", [guardIf({ StringEquals: isOwn })]);
  const other = policyOf("2012-10-17", [guardIf({ StringNotEquals: isOwn })]);
  expect(decideGuard([one, other]).kind).toBe("open");
});

describe("an open guard says what keeps it from being one", () => {
  const gap = (tooMuch: readonly string[], more: Partial<ExceptionsGap> = {}): ExceptionsGap => ({
    kind: "exceptions",
    tooMuch,
    acceptable: true,
    exemptsServices: false,
    ...more,
  });

  test.each<[string, unknown[], GuardGap | undefined]>([
    ["one entry", [guard(listed("iam:ChangePassword"))], gap(["iam:ChangePassword"])],
    ["as it is written", [guard(listed("IAM:listusers", "s3:*"))], gap(["IAM:listusers", "s3:*"])],
    [
      "not an entry that another Deny covers",
      [deny("s3:*"), guard(listed("s3:*", "iam:ChangePassword"))],
      gap(["iam:ChangePassword"]),
    ],
    [
      "an entry of one Deny that another's exception lets through",
      [guard(listed("ec2:DescribeInstances")), guard(listed("ec2:Describe*"))],
      gap(["ec2:Describe*"]),
    ],
    [
      "the exemption of services",
      [guard({ Condition: UNLESS_VIA_SERVICE })],
      gap([], { exemptsServices: true }),
    ],
    [
      "both",
      [guard({ ...listed("iam:ChangePassword"), Condition: UNLESS_VIA_SERVICE })],
      gap(["iam:ChangePassword"], { exemptsServices: true }),
    ],
    [
      "an entry that cannot be accepted, since it could call an exempt service on",
      [guard({ ...listed("s3:*"), Condition: unless("cloudformation.amazonaws.com") })],
      gap(["s3:*"], { acceptable: false }),
    ],
    [
      "no entry of an Allow, and none that a Deny stops",
      [
        guard(listed("iam:ChangePassword")),
        deny("ec2:*"),
        guard({ Effect: "Allow", ...listed("s3:*") }),
        guard({ Effect: "Allow", NotAction: undefined, Action: "kms:*" }),
      ],
      gap(["iam:ChangePassword"]),
    ],
    [
      "no entry of an Allow, beside the one Deny",
      [
        guard(listed("iam:ChangePassword")),
        guard({ Effect: "Allow", ...listed("s3:*") }),
        guard({ Effect: "Allow", NotAction: undefined, Action: "kms:*" }),
      ],
      gap(["iam:ChangePassword"]),
    ],
    ["nothing of a Deny with Bool", [guard({ Condition: { Bool: NO_MFA.BoolIfExists } })], undefined],
    [
      "nothing of a guard of one resource",
      [guard({ Resource: "arn:aws:s3:::*", ...listed("s3:*") })],
      undefined,
    ],
    ["nothing of no guard", [deny("s3:*")], undefined],
  ])("%s", (_, statements, expected) => {
    const verdict = decideGuard([policy(...statements)]);
    expect(verdict.kind === "open" ? verdict.gap : verdict.kind).toEqual(expected);
    expect("gap" in verdict).toBe(expected !== undefined);
  });

  test("also where many entries are too much, and two Denies guard together", () => {
    const many = Array.from({ length: 120 }, (_, index) => `s3:Get${index}*`);
    const denies = [{ Bool: NO_MFA.BoolIfExists }, { Null: { "aws:MultiFactorAuthPresent": "true" } }].map(
      (Condition) => guard({ ...listed(...many), Condition }),
    );
    expect(decideGuard([policy(...denies)])).toMatchObject({ kind: "open", gap: gap(many) });
  });

  test("also where three Denies leave out a few each, one of them for a service", () => {
    const denies = [
      guard(listed("ec2:Describe*", "iam:List*")),
      guard(listed("s3:*", "ec2:Describe*")),
      guard({
        ...listed("s3:Get*", "ec2:*", "iam:List*", "iam:ChangePassword"),
        Condition: unless("cloudformation.amazonaws.com"),
      }),
    ];
    const expected = { kind: "open", gap: gap(["ec2:*"]) };
    expect(decideGuard([policy(...denies)])).toMatchObject(expected);
  });

  test("whatever its lists are, it is a guard without these entries, and with them allowed where acceptable", () => {
    const entries = fc.subarray([
      "s3:*",
      "s3:Get*",
      "ec2:Describe*",
      "ec2:*",
      "iam:List*",
      "iam:ChangePassword",
    ]);
    const condition = fc.constantFrom(NO_MFA, unless("cloudformation.amazonaws.com"));
    const statements = fc.array(fc.record({ entries, condition }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(statements, (some) => {
        const without = (removed: readonly string[]) =>
          policy(
            ...some.map(({ entries, condition: Condition }) =>
              guard({ ...listed(...entries.filter((each) => !removed.includes(each))), Condition }),
            ),
          );
        const verdict = decideGuard([without([])]);
        if (verdict.kind !== "open") return;
        // Three Denies may take more than the gap's budget: then it is not said.
        if (verdict.gap === undefined && some.length === 3) return;
        const { tooMuch, acceptable } = verdict.gap?.kind === "exceptions" ? verdict.gap : gap([]);
        expect(tooMuch).not.toEqual([]);
        expect(decideGuard([without(tooMuch)]).kind).toBe("guarded");
        for (const each of tooMuch) {
          expect(decideGuard([without(tooMuch.filter((other) => other !== each))]).kind).toBe("open");
        }
        const allowedWithoutMfa = [...SELF_SERVICE_ACTIONS, ...tooMuch];
        expect(decideGuard([without([])], { allowedWithoutMfa }).kind).toBe(acceptable ? "guarded" : "open");
      }),
    );
  });
});

describe("what is not known yet", () => {
  const later = new Unknown("later");
  const bucket: Text = Unknown.text("Fn::Sub", ["arn:aws:s3:::", later]);

  test.each<[string, (Policy | Unknown)[], string]>([
    ["a proven guard stays one beside an unknown policy", [policy(guard()), later], "guarded"],
    ["an unknown policy may be the guard", [policy(deny("s3:*")), later], "unknown"],
    ["an unknown statement may be the guard", [policy(later)], "unknown"],
    ["an unknown exception may be any action", [policy(guard({ NotAction: [later] }))], "unknown"],
    ["an unknown action of a Deny may be all", [policy(deny([later]))], "unknown"],
    ["an unknown resource of a Deny may be one", [policy(guard({ Resource: later }))], "unknown"],
    [
      "an unknown bucket of a Deny may be one, beside a Deny of all other resources",
      [policy(guard({ Resource: bucket }), guard(except("arn:aws:s3:::*")))],
      "unknown",
    ],
    ["an unknown bucket that a Deny leaves out may be none", [policy(guard(except(bucket)))], "unknown"],
    [
      "an unknown bucket of an Allow does not decide what a Deny leaves out by a policy variable",
      [
        policy(
          { Effect: "Allow", Action: "s3:GetObject", Resource: bucket },
          guard(except(`arn:aws:iam::*:user/\${aws:username}`)),
        ),
      ],
      "open",
    ],
    [
      "nor what it leaves out by a pattern that is no ARN's",
      [policy({ Effect: "Allow", Action: "s3:GetObject", Resource: bucket }, guard(except("arn:aws:s3:*")))],
      "open",
    ],
    ...["$", "{aws:username}"].flatMap((known): [string, (Policy | Unknown)[], string][] => {
      const part = known === "$" ? [known, later] : [later, known];
      const text = Unknown.text("Fn::Join", ["a", ...part]);
      const pattern = known === "$" ? "a$*" : `a*${known}`;
      const tag = "aws:PrincipalTag/a";
      return [
        [
          `beside ${known}, it may make a policy variable of the resources that a Deny leaves out`,
          [
            policy(
              guard(except(Unknown.text("Fn::Join", ["arn:aws:s3:::", text]))),
              guard({ Resource: `arn:aws:s3:::${pattern}` }),
            ),
          ],
          "unknown",
        ],
        [
          `beside ${known}, it may make a policy variable of a value`,
          [policy(guardIf({ StringNotLike: { [tag]: text } }), guardIf({ StringLike: { [tag]: pattern } }))],
          "unknown",
        ],
      ];
    }),
    [
      "an unknown region of one Deny may be the one that another leaves out",
      [
        policy(
          guardIf({ StringNotEquals: { "aws:RequestedRegion": "eu-west-1" } }),
          guardIf({ StringEquals: { "aws:RequestedRegion": later } }),
        ),
      ],
      "unknown",
    ],
    ["a guard that a choice takes away", [policy(new Choice("IsProd", guard(), undefined))], "unknown"],
    ["a guard that a choice adds", [policy(new Choice("IsProd", undefined, guard()))], "unknown"],
    [
      "a guard that a choice adds, beside a condition on a key that is called as the choice",
      [policy(new Choice("c", undefined, guard()), guardIf({ Null: { "choice c": "false" } }))],
      "unknown",
    ],
    ["no guard, whatever a choice comes to", [policy(new Choice("IsProd", deny("s3:*"), undefined))], "open"],
    [
      "more choices than are looked at",
      [policy(...Array.from({ length: 7 }, (_, at) => new Choice(`C${at}`, deny("s3:*"), undefined)))],
      "unknown",
    ],
    [
      "an unknown value of the MFA condition",
      [policy(guard({ Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": later } } }))],
      "unknown",
    ],
    [
      "a named service that a guard exempts, beside an unknown one",
      [
        policy(
          guard({
            Condition: unless("cloudformation.amazonaws.com"),
            NotAction: [...SELF_SERVICE_ACTIONS, later],
          }),
        ),
      ],
      "unknown",
    ],
    [
      "an unknown value of Null",
      [
        policy(
          guard({ Condition: { Bool: NO_MFA.BoolIfExists } }),
          guard({ Condition: { Null: { "aws:MultiFactorAuthPresent": later } } }),
        ),
      ],
      "unknown",
    ],
    [
      "an unknown Allow changes nothing",
      [policy({ Effect: "Allow", Action: later, Resource: later })],
      "open",
    ],
  ])("%s", (_, policies, verdict) => {
    expect(decideGuard(policies).kind).toBe(verdict);
  });
});
