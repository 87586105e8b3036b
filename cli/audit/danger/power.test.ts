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

describe("permissions", () => {
  test.each<[why: string, statements: Given[], can: Danger["can"], because?: string]>([
    ["everything", [allow("*")], "administrator"],
    [
      "everything, in two statements",
      [allow("iam:*"), allow(undefined, { NotAction: "iam:*" })],
      "administrator",
    ],
    ["everything but s3:DeleteBucket", [allow("*"), deny("s3:DeleteBucket")], "administrator"],
    [
      "everything from an IP address range",
      [allow("*", { Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } })],
      "administrator",
    ],
    ["everything only with MFA", [allow("*", WITH_MFA)], "nothing"],
    [
      "everything, with a guard",
      [allow("*"), deny("*", { Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } } })],
      "nothing",
    ],
    [
      "everything, with a guard that lets access keys through",
      [allow("*"), deny("*", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } })],
      "administrator",
    ],
    ["everything but IAM", [allow("*"), deny("iam:*")], "escalation", "sts:AssumeRole"],
    [
      "everything but IAM and Organizations, by NotAction",
      [allow(undefined, { NotAction: ["iam:*", "organizations:*"] })],
      "escalation",
      "sts:AssumeRole",
    ],
    ["all of IAM", [allow("iam:*")], "escalation", "iam:AttachGroupPolicy"],
    [
      "writing an inline policy of one's own",
      [allow("iam:PutUserPolicy", { Resource: OWN })],
      "escalation",
      "iam:PutUserPolicy",
    ],
    ["creating any user's access keys", [allow("iam:CreateAccessKey")], "escalation", "iam:CreateAccessKey"],
    ["managing one's own access keys", [allow("iam:*AccessKey*", { Resource: OWN })], "nothing"],
    [
      "assuming a role named after the user",
      [allow("sts:AssumeRole", { Resource: OWN.replace("user/", "role/") })],
      "escalation",
      "sts:AssumeRole",
    ],
    [
      "writing an S3 object named after the user",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      [allow("s3:PutObject", { Resource: "arn:aws:s3:::home/${aws:username}" })],
      "data",
      "s3:PutObject",
    ],
    ["assuming root in any member account", [allow("sts:AssumeRoot")], "escalation", "sts:AssumeRoot"],
    [
      "deleting a permissions boundary",
      [allow("iam:DeleteUserPermissionsBoundary")],
      "escalation",
      "iam:DeleteUserPermissionsBoundary",
    ],
    ["assuming any role", [allow("sts:AssumeRole")], "escalation", "sts:AssumeRole"],
    ["assuming one role", [allow("sts:AssumeRole", { Resource: ROLE })], "nothing"],
    [
      "passing any role to a Lambda function",
      [allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"])],
      "escalation",
      "iam:PassRole, lambda:CreateFunction, and lambda:InvokeFunction",
    ],
    ["passing any role, and nothing else", [allow("iam:PassRole")], "data", "iam:PassRole"],
    [
      "passing one role to a Lambda function",
      [allow("iam:PassRole", { Resource: ROLE }), allow(["lambda:CreateFunction", "lambda:InvokeFunction"])],
      "data",
    ],
    [
      "creating Lambda functions, but passing roles only to ECS tasks",
      [
        allow("iam:PassRole", {
          Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
        }),
        allow(["lambda:CreateFunction", "lambda:InvokeFunction"]),
      ],
      "data",
    ],
    [
      "updating any Lambda function's code",
      [allow("lambda:UpdateFunctionCode")],
      "escalation",
      "lambda:UpdateFunctionCode",
    ],
    [
      "updating one Lambda function's code",
      [allow("lambda:UpdateFunctionCode", { Resource: "arn:aws:lambda:eu-west-1:111122223333:function:a" })],
      "data",
      "lambda:UpdateFunctionCode",
    ],
    ["one bucket's objects", [allow("s3:*", { Resource: "arn:aws:s3:::assets/*" })], "data", "s3:*"],
    ["reading S3, EC2 and Backup", [allow(["s3:Get*", "ec2:Describe*", "backup:List*"])], "read", "s3:Get*"],
    [
      "SQS, with a Deny on all but reads",
      [allow("sqs:*"), deny(undefined, { NotAction: ["sqs:Get*", "sqs:List*", "sqs:ReceiveMessage"] })],
      "read",
    ],
    ["an action of an unknown service", [allow("novel:Ignite")], "data", "novel:Ignite"],
    ["a List action of an unknown service", [allow("novel:ListSparks")], "read"],
    [
      "passing any role to a Spot Instance",
      [allow(["iam:PassRole", "ec2:RequestSpotInstances"])],
      "escalation",
      "iam:PassRole and ec2:RequestSpotInstances",
    ],
    [
      "changing any EC2 instance's user data",
      [allow(["ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"])],
      "escalation",
      "ec2:ModifyInstanceAttribute, ec2:StopInstances, and ec2:StartInstances",
    ],
    [
      "updating any App Runner service",
      [allow("apprunner:UpdateService")],
      "escalation",
      "apprunner:UpdateService",
    ],
    ["a Deny alone", [deny("s3:*")], "nothing"],
  ])("for %s are rated by the worst that they allow", (_, statements, can, because) => {
    const found = power(...statements);
    expect(found.can).toBe(can);
    if (because !== undefined) expect(found.because).toEqual([because]);
  });

  test("name the ARN of a role that they allow to assume, and the action", () => {
    const { becomes } = power(allow("sts:AssumeRole", { Resource: ROLE }));
    expect(becomes).toEqual([{ arn: ROLE, by: "sts:AssumeRole", asks: "trust" }]);
  });

  test("are limited by a permissions boundary", () => {
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

  test("never rises with a permissions boundary, and never falls when the boundary allows more", () => {
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
