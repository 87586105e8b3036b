import { runSimulation } from "@cloud-copilot/iam-simulate";
import fc from "fast-check";
import { expect, test } from "vitest";
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
  const policies = documents.map((each) => {
    const parsed = parsePolicy(each, "identity");
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    return parsed.policy;
  });
  return grantsRequireMfa(policies, DEFAULT_GUARD_RULES);
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
