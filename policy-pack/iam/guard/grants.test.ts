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

/** Requests that distinguish the actions and resources of the documents. */
const REQUESTS = [
  ["s3:GetObject", "arn:aws:s3:::logs/a"],
  ["s3:GetObject", "arn:aws:s3:::others/a"],
  ["s3:PutObject", "arn:aws:s3:::others/a"],
  ["ec2:DescribeInstances", "*"],
  ["iam:CreateUser", "arn:aws:iam::111122223333:user/eve"],
] as const;

/** Whether an evaluator that we did not write grants anything without MFA. */
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

test("a policy's grants require MFA only if another evaluator grants nothing without it", async () => {
  await fc.assert(
    fc.asyncProperty(document, async (policy) => {
      const isHeld = !(await grantsWithoutMfa(policy));
      if (requires(policy)) expect(isHeld).toBe(true);
      // For narrower resources, the evaluator knows which actions cannot apply to them.
      else if (policy.Statement.every((each) => "Resource" in each && each.Resource === "*"))
        expect(isHeld).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test("policies are evaluated together, and an unknown policy may grant anything", () => {
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

describe("a policy that grants", () => {
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
    ["nothing, beside a Deny of an incomplete ARN pattern,", [deny(on("arn:aws:s3:*"))], true],
    [
      "only actions that are allowed without MFA",
      [allow({ Action: ["iam:GetUser", "sts:GetSessionToken"] })],
      true,
    ],
    ["all but every action", [allow({ Action: undefined, NotAction: "*" })], true],
    ["all but an unknown action", [allow({ Action: undefined, NotAction: [later] })], false],
    ["an unknown statement", [later], false],
    ["everything, beside a Deny of an unknown action,", [allow({}), deny({ Action: [later] })], false],
    ["the denied resources alone", [allow(on(logs)), deny(on(logs))], true],
    ["resources that are not denied", [allow(on(logs)), deny(on("arn:aws:s3:::other/*"))], false],
    [
      "an unknown bucket, beside a Deny of all buckets,",
      [allow(on(bucket)), deny(on("arn:aws:s3:::*"))],
      true,
    ],
    ["an unknown bucket, beside a Deny of one bucket,", [allow(on(bucket)), deny(on(logs))], false],
    ["the denied resources and others", [allow(on([logs, "arn:aws:s3:::other/*"])), deny(on(logs))], false],
    ["all resources, of which some are denied,", [allow({}), deny(on(logs))], false],
    ["all resources but those that are not denied", [allow(notOn(logs)), deny(notOn(logs))], true],
    ["all resources but the denied ones", [allow(notOn(logs)), deny(on(logs))], false],
    [
      "all resources but some that vary with the caller",
      [allow(notOn(`u/\${aws:username}`)), deny(notOn(logs))],
      false,
    ],
    [
      "resources that vary with the caller",
      [allow(on(`arn:aws:s3:::u/\${aws:username}`)), deny(on(logs))],
      false,
    ],
    [
      "resources that vary with the caller and are not ARNs",
      [allow(on(`u/\${aws:username}`)), deny(on(logs))],
      true,
    ],
    [
      "resources that vary with an unknown tag of the caller",
      [
        allow(on(Unknown.text("Fn::Sub", [`arn:aws:s3:::b/\${aws:PrincipalTag/`, later, "}"]))),
        deny(notOn("arn:aws:s3:::b/public")),
      ],
      false,
    ],
    ["an unknown resource", [allow(on(later)), deny(on(logs))], false],
    [
      "a pattern whose wildcard spans several ARN segments",
      [allow(on("arn:aws:s3:*")), deny(on("arn:aws:s3:*:*:*"))],
      true,
    ],
    [
      "all resources but a pattern that is read narrowly",
      [allow(notOn("arn:aws:s3:*:logs")), deny(notOn("arn:aws:s3:*:logs"))],
      false,
    ],
    [
      "actions to a user by name, beside a Deny of the user by ARN,",
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
  ])("%s requires MFA: $2", (_, Statement, isHeld) => {
    expect(requires({ Version: "2012-10-17", Statement })).toBe(isHeld);
  });

  test("an escaped star grants a literal star only in version 2012-10-17", () => {
    const denied = (resource: string) => [allow(on(`arn:aws:s3:::\${*}`)), deny(on(resource))];
    expect(requires({ Version: "2012-10-17", Statement: denied("arn:aws:s3:::?") })).toBe(true);
    expect(requires({ Version: "2008-10-17", Statement: denied("arn:aws:s3:::?") })).toBe(false);
    expect(requires({ Version: "2008-10-17", Statement: denied("arn:aws:s3:::*") })).toBe(true);
  });

  test("a user access also grants it to a GetFederationToken session, if that call is allowed", () => {
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

  test("without MFA in any policy or statement does not require MFA", () => {
    const closed = { Statement: allow({ Condition: { Bool: { [KEY]: "true" } } }) };
    expect(requires(closed, closed)).toBe(true);
    expect(requires(closed, { Statement: allow({}) })).toBe(false);
    expect(requires(closed, { Statement: [later] })).toBe(false);
  });
});
