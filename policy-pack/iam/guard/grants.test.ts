import { runSimulation } from "@cloud-copilot/iam-simulate";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Policy } from "../policy/model";
import { parsePolicy } from "../policy/parse";
import { Unknown } from "../policy/unknown";
import { grantsRequireMfa } from "./grants";
import { DEFAULT_GUARD_RULES } from "./verdict";

const KEY = "aws:MultiFactorAuthPresent";
const condition = fc.constantFrom<object>(
  {},
  { Bool: { [KEY]: "true" } },
  { Bool: { [KEY]: "false" } },
  { BoolIfExists: { [KEY]: "true" } },
  { BoolIfExists: { [KEY]: "false" } },
  { Null: { [KEY]: "true" } },
);
const actions = fc.constantFrom<object>(
  { Action: "s3:GetObject" },
  { Action: ["s3:*", "sts:GetSessionToken"] },
  { Action: "iam:GetUser" },
  { Action: "*" },
  { NotAction: "s3:*" },
  { NotAction: ["iam:GetUser", "sts:GetSessionToken"] },
);
const resources = fc.constantFrom<object>({ Resource: "*" }, { Resource: "arn:aws:s3:::logs/*" });
const statement = fc
  .tuple(fc.constantFrom("Allow", "Allow", "Deny"), actions, resources, condition)
  .map(([Effect, action, resource, Condition]) => ({ Effect, ...action, ...resource, Condition }));
const document = fc
  .array(statement, { minLength: 1, maxLength: 3 })
  .map((Statement) => ({ Version: "2012-10-17", Statement }));

function requires(...documents: readonly object[]): boolean {
  return grantsRequireMfa(documents.map(policyOf), DEFAULT_GUARD_RULES);
}

function policyOf(document: object): Policy {
  const parsed = parsePolicy(document, "identity");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.policy;
}

/** Requests that tell the actions and resources of the documents apart. */
const REQUESTS = [
  ["s3:GetObject", "arn:aws:s3:::logs/a"],
  ["s3:GetObject", "arn:aws:s3:::others/a"],
  ["s3:PutObject", "arn:aws:s3:::others/a"],
  ["ec2:DescribeInstances", "*"],
  ["iam:CreateUser", "arn:aws:iam::111122223333:user/eve"],
] as const;

/** Whether the evaluator that we did not write grants anything without MFA. */
async function grantsWithoutMfa(policy: object): Promise<boolean> {
  for (const [action, resource] of REQUESTS) {
    for (const contextVariables of [{}, { [KEY]: "false" }]) {
      const answer = await runSimulation(
        {
          request: {
            principal: "arn:aws:iam::111122223333:user/alice",
            action,
            resource: { resource, accountId: "111122223333" },
            contextVariables,
          },
          identityPolicies: [{ name: "group", policy }],
          serviceControlPolicies: [],
          resourceControlPolicies: [],
        },
        {},
      );
      if (answer.resultType === "error") throw new Error(JSON.stringify(answer.errors));
      if (answer.overallResult === "Allowed") return true;
    }
  }
  return false;
}

test("what a policy grants requires MFA only where the evaluator grants nothing without it", async () => {
  await fc.assert(
    fc.asyncProperty(document, async (policy) => {
      const isHeld = !(await grantsWithoutMfa(policy));
      if (requires(policy)) expect(isHeld).toBe(true);
      // On some resources alone, the evaluator knows which actions there can be none of.
      else if (policy.Statement.every((each) => "Resource" in each && each.Resource === "*"))
        expect(isHeld).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test("several policies grant together, and one that is not known yet may grant anything", () => {
  const allow = { Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } };
  const deny = {
    Statement: {
      Effect: "Deny",
      Action: "s3:*",
      Resource: "*",
      Condition: { BoolIfExists: { [KEY]: "false" } },
    },
  };
  expect(requires(allow)).toBe(false);
  expect(requires(allow, deny)).toBe(true);
  expect(grantsRequireMfa([new Unknown("a policy")], DEFAULT_GUARD_RULES)).toBe(false);
});

describe("what is granted, and where", () => {
  const later = new Unknown("later");
  const bucket = Unknown.text("Fn::Sub", ["arn:aws:s3:::", later]);
  const logs = "arn:aws:s3:::logs/*";
  const allow = (more: object) => ({ Effect: "Allow", Action: "s3:*", Resource: "*", ...more });
  const deny = (more: object) => ({
    Effect: "Deny",
    Action: "*",
    Resource: "*",
    Condition: { BoolIfExists: { [KEY]: "false" } },
    ...more,
  });
  const on = (Resource: unknown) => ({ Resource });
  const notOn = (NotResource: unknown) => ({ Resource: undefined, NotResource });

  test.each<[string, unknown[], boolean]>([
    ["nothing", [deny({ Condition: {} })], true],
    ["a Deny alone, of a pattern that is no ARN's", [deny(on("arn:aws:s3:*"))], true],
    ["what may stay open", [allow({ Action: ["iam:GetUser", "sts:GetSessionToken"] })], true],
    ["everything but all", [allow({ Action: undefined, NotAction: "*" })], true],
    ["everything but what is not known", [allow({ Action: undefined, NotAction: [later] })], false],
    ["a statement that is not known", [later], false],
    ["what a Deny that is not known may stop", [allow({}), deny({ Action: [later] })], false],
    ["the denied resources", [allow(on(logs)), deny(on(logs))], true],
    ["others than the denied", [allow(on(logs)), deny(on("arn:aws:s3:::other/*"))], false],
    [
      "a bucket that is not known, beside a Deny of all",
      [allow(on(bucket)), deny(on("arn:aws:s3:::*"))],
      true,
    ],
    ["a bucket that is not known, beside a Deny of one", [allow(on(bucket)), deny(on(logs))], false],
    ["others, too", [allow(on([logs, "arn:aws:s3:::other/*"])), deny(on(logs))], false],
    ["all, of which some are denied", [allow({}), deny(on(logs))], false],
    ["all but the ones that are not denied", [allow(notOn(logs)), deny(notOn(logs))], true],
    ["all but the denied", [allow(notOn(logs)), deny(on(logs))], false],
    [
      "all but some that vary with the caller",
      [allow(notOn(`u/\${aws:username}`)), deny(notOn(logs))],
      false,
    ],
    ["what varies with the caller", [allow(on(`arn:aws:s3:::u/\${aws:username}`)), deny(on(logs))], false],
    ["what varies with the caller, and is no ARN", [allow(on(`u/\${aws:username}`)), deny(on(logs))], true],
    [
      "what varies with the caller by a tag that is not known",
      [
        allow(on(Unknown.text("Fn::Sub", [`arn:aws:s3:::b/\${aws:PrincipalTag/`, later, "}"]))),
        deny(notOn("arn:aws:s3:::b/public")),
      ],
      false,
    ],
    ["what is not known", [allow(on(later)), deny(on(logs))], false],
    ["a pattern of more than one part", [allow(on("arn:aws:s3:*")), deny(on("arn:aws:s3:*:*:*"))], true],
    [
      "all but a pattern that is taken narrowly",
      [allow(notOn("arn:aws:s3:*:logs")), deny(notOn("arn:aws:s3:*:logs"))],
      false,
    ],
    [
      "what is of one user, by name and by ARN",
      [
        allow({ Condition: { StringEquals: { "aws:username": "alice" } } }),
        deny({
          Condition: {
            BoolIfExists: { [KEY]: "false" },
            ArnLike: { "aws:PrincipalArn": ["arn:*:iam::*:user/alice", "arn:*:iam::*:user/*/alice"] },
          },
        }),
      ],
      true,
    ],
  ])("%s", (_, Statement, isHeld) => {
    expect(requires({ Version: "2012-10-17", Statement })).toBe(isHeld);
  });

  test("a star in braces is a star in a document of version 2012-10-17 alone", () => {
    const denied = (resource: string) => [allow(on(`arn:aws:s3:::\${*}`)), deny(on(resource))];
    expect(requires({ Version: "2012-10-17", Statement: denied("arn:aws:s3:::?") })).toBe(true);
    expect(requires({ Version: "2008-10-17", Statement: denied("arn:aws:s3:::?") })).toBe(false);
    expect(requires({ Version: "2008-10-17", Statement: denied("arn:aws:s3:::*") })).toBe(true);
  });

  test("a session of sts:GetFederationToken has what the user has, where that call is accepted", () => {
    const ofUsers = (...arns: readonly string[]) =>
      deny({
        NotAction: ["iam:GetUser", "sts:GetFederationToken"],
        Action: undefined,
        Condition: { BoolIfExists: { [KEY]: "false" }, ArnLike: { "aws:PrincipalArn": arns } },
      });
    const users = "arn:*:iam::*:user/*";
    const holds = (actions: readonly string[], ...statements: readonly object[]) =>
      grantsRequireMfa([policyOf({ Statement: [allow({}), ...statements] })], {
        allowedWithoutMfa: ["iam:GetUser", ...actions],
      });
    expect(holds([], ofUsers(users))).toBe(true);
    expect(holds(["sts:GetFederationToken"], ofUsers(users))).toBe(false);
    expect(holds(["sts:GetFederationToken"], ofUsers(users, "arn:*:sts::*:federated-user/*"))).toBe(true);
    expect(holds(["sts:GetFederationToken"], ofUsers(users), deny({ Action: "sts:*" }))).toBe(true);
    expect(holds(["sts:GetFederationToken"], ofUsers(users), deny({ Action: [later] }))).toBe(false);
  });

  test("each policy and each statement counts", () => {
    const closed = { Statement: allow({ Condition: { Bool: { [KEY]: "true" } } }) };
    expect(requires(closed, closed)).toBe(true);
    expect(requires(closed, { Statement: allow({}) })).toBe(false);
    expect(requires(closed, { Statement: [later] })).toBe(false);
  });
});
