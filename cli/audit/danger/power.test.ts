import { Permissions, type Policy, parsePolicy } from "aws-mfa-policy-pack/iam";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Danger } from "../report";
import { powerOf } from "./power";
import { isWorse } from "./rank";

type Given = Readonly<Record<string, unknown>>;

function policy(...statements: readonly Given[]): Policy {
  const parsed = parsePolicy({ Version: "2012-10-17", Statement: statements }, "identity");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.policy;
}

const allow = (Action: unknown, more: Given = {}): Given => ({
  Effect: "Allow",
  Action,
  Resource: "*",
  ...more,
});
const deny = (Action: unknown, more: Given = {}): Given => ({
  Effect: "Deny",
  Action,
  Resource: "*",
  ...more,
});
const power = (...statements: readonly Given[]) => powerOf(new Permissions([policy(...statements)], "user"));

const ROLE = "arn:aws:iam::111122223333:role/app";
// biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
const OWN = "arn:aws:iam::111122223333:user/${aws:username}";
const WITH_MFA = { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } };

describe("what permissions come to", () => {
  test.each<[why: string, statements: Given[], can: Danger["can"], because?: string]>([
    ["everything", [allow("*")], "administrator"],
    [
      "everything, in two halves",
      [allow("iam:*"), allow(undefined, { NotAction: "iam:*" })],
      "administrator",
    ],
    ["everything but one bucket's deletion", [allow("*"), deny("s3:DeleteBucket")], "administrator"],
    [
      "everything from some addresses",
      [allow("*", { Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } })],
      "administrator",
    ],
    ["everything with MFA alone", [allow("*", WITH_MFA)], "nothing"],
    [
      "everything, and a guard's Deny",
      [allow("*"), deny("*", { Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } } })],
      "nothing",
    ],
    [
      "a Deny that access keys pass",
      [allow("*"), deny("*", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } })],
      "administrator",
    ],
    ["everything but IAM", [allow("*"), deny("iam:*")], "escalation", "sts:AssumeRole"],
    [
      "everything but IAM, by NotAction",
      [allow(undefined, { NotAction: ["iam:*", "organizations:*"] })],
      "escalation",
      "sts:AssumeRole",
    ],
    ["all of IAM", [allow("iam:*")], "escalation", "iam:AttachGroupPolicy"],
    [
      "a policy of one's own",
      [allow("iam:PutUserPolicy", { Resource: OWN })],
      "escalation",
      "iam:PutUserPolicy",
    ],
    ["another user's key", [allow("iam:CreateAccessKey")], "escalation", "iam:CreateAccessKey"],
    ["a key of one's own", [allow("iam:*AccessKey*", { Resource: OWN })], "nothing"],
    [
      "a role named after the user",
      [allow("sts:AssumeRole", { Resource: OWN.replace("user/", "role/") })],
      "escalation",
      "sts:AssumeRole",
    ],
    [
      "a bucket's object named after the user",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      [allow("s3:PutObject", { Resource: "arn:aws:s3:::home/${aws:username}" })],
      "data",
      "s3:PutObject",
    ],
    ["the root user of any member account", [allow("sts:AssumeRoot")], "escalation", "sts:AssumeRoot"],
    [
      "to take off a permissions boundary",
      [allow("iam:DeleteUserPermissionsBoundary")],
      "escalation",
      "iam:DeleteUserPermissionsBoundary",
    ],
    ["any role", [allow("sts:AssumeRole")], "escalation", "sts:AssumeRole"],
    ["one role", [allow("sts:AssumeRole", { Resource: ROLE })], "nothing"],
    [
      "a role passed to a function",
      [allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"])],
      "escalation",
      "iam:PassRole, lambda:CreateFunction, and lambda:InvokeFunction",
    ],
    ["a role passed to nothing", [allow("iam:PassRole")], "data", "iam:PassRole"],
    [
      "one role passed to a function",
      [allow("iam:PassRole", { Resource: ROLE }), allow(["lambda:CreateFunction", "lambda:InvokeFunction"])],
      "data",
    ],
    [
      "a role passed to another service",
      [
        allow("iam:PassRole", {
          Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
        }),
        allow(["lambda:CreateFunction", "lambda:InvokeFunction"]),
      ],
      "data",
    ],
    ["any function's code", [allow("lambda:UpdateFunctionCode")], "escalation", "lambda:UpdateFunctionCode"],
    [
      "one function's code",
      [allow("lambda:UpdateFunctionCode", { Resource: "arn:aws:lambda:eu-west-1:111122223333:function:a" })],
      "data",
      "lambda:UpdateFunctionCode",
    ],
    ["a bucket", [allow("s3:*", { Resource: "arn:aws:s3:::assets/*" })], "data", "s3:*"],
    ["reading", [allow(["s3:Get*", "ec2:Describe*", "backup:List*"])], "read", "s3:Get*"],
    [
      "a service that writes are denied of",
      [allow("sqs:*"), deny(undefined, { NotAction: ["sqs:Get*", "sqs:List*", "sqs:ReceiveMessage"] })],
      "read",
    ],
    ["a service that nobody knows yet", [allow("novel:Ignite")], "data", "novel:Ignite"],
    ["reading of such a service", [allow("novel:ListSparks")], "read"],
    [
      "a role passed to a Spot Instance",
      [allow(["iam:PassRole", "ec2:RequestSpotInstances"])],
      "escalation",
      "iam:PassRole and ec2:RequestSpotInstances",
    ],
    [
      "the start-up script of any instance",
      [allow(["ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"])],
      "escalation",
      "ec2:ModifyInstanceAttribute, ec2:StopInstances, and ec2:StartInstances",
    ],
    [
      "what an App Runner service runs",
      [allow("apprunner:UpdateService")],
      "escalation",
      "apprunner:UpdateService",
    ],
    ["nothing", [deny("s3:*")], "nothing"],
  ])("%s", (_, statements, can, because) => {
    const found = power(...statements);
    expect(found.can).toBe(can);
    if (because !== undefined) expect(found.because).toEqual([because]);
  });

  test("who can be become is told by ARN, with what does it", () => {
    const { becomes } = power(allow("sts:AssumeRole", { Resource: ROLE }));
    expect(becomes).toEqual([{ arn: ROLE, by: "sts:AssumeRole", asks: "trust" }]);
  });

  test("a permissions boundary takes away what it does not allow", () => {
    const all = [policy(allow("*"))];
    const within = (...statements: readonly Given[]) =>
      powerOf(new Permissions(all, "role", [policy(...statements)])).can;
    expect(within(allow("*"))).toBe("administrator");
    expect(within(allow(["s3:Get*", "s3:List*"]))).toBe("read");
    expect(within(allow("*"), deny(["iam:*", "sts:*"]))).toBe("escalation");
    expect(within(allow("*", WITH_MFA))).toBe("nothing");
    expect(within(deny("*"))).toBe("nothing");
  });
});

const anyStatement = (effect: "Allow" | "Deny") =>
  fc
    .record({
      negated: fc.boolean(),
      actions: fc.subarray(
        [
          "*",
          "iam:*",
          "iam:Put*",
          "iam:PassRole",
          "lambda:*",
          "lambda:CreateFunction",
          "s3:*",
          "s3:Get*",
          "sts:AssumeRole",
          "novel:x",
        ],
        { minLength: 1, maxLength: 4 },
      ),
      Resource: fc.constantFrom("*", OWN, ROLE, "arn:aws:s3:::a/*", "arn:aws:iam::111122223333:role/*"),
      Condition: fc.constantFrom(
        undefined,
        WITH_MFA.Condition,
        { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
        { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
        { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
      ),
    })
    .map(({ negated, actions, Resource, Condition }) => ({
      Effect: effect,
      [negated ? "NotAction" : "Action"]: actions,
      Resource,
      ...(Condition && { Condition }),
    }));
const anyStatements = fc.array(fc.oneof(anyStatement("Allow"), anyStatement("Deny")), {
  minLength: 1,
  maxLength: 4,
});

describe("a danger", () => {
  test("never falls when more is allowed", () => {
    fc.assert(
      fc.property(anyStatements, anyStatement("Allow"), (statements, more) => {
        expect(isWorse(power(...statements).can, power(...statements, more).can)).toBe(false);
      }),
    );
  });

  test("never rises when more is denied", () => {
    fc.assert(
      fc.property(anyStatements, anyStatement("Deny"), (statements, more) => {
        expect(isWorse(power(...statements, more).can, power(...statements).can)).toBe(false);
      }),
    );
  });

  test("never rises by a boundary, and never falls when that allows more", () => {
    fc.assert(
      fc.property(anyStatements, anyStatements, anyStatement("Allow"), (statements, boundary, more) => {
        const within = (given: readonly Given[]) =>
          powerOf(new Permissions([policy(...statements)], "user", [policy(...given)])).can;
        expect(isWorse(within(boundary), power(...statements).can)).toBe(false);
        expect(isWorse(within(boundary), within([...boundary, more]))).toBe(false);
      }),
    );
  });
});
