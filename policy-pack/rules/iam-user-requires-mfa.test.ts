import { expect, test } from "vitest";
import { SELF_SERVICE_ACTIONS } from "../iam/guard/verdict";
import { Unknown } from "../iam/policy/unknown";
import { type ExampleResource, iam, policyText, WITHOUT_MFA } from "./example";
import { iamUserRequiresMfa } from "./iam-user-requires-mfa";
import { assessed } from "./testing";

const ALICE = iam("User", "alice", { name: "alice" });
const KEY = iam("AccessKey", "key", { user: "alice" });
const GUARD = policyText({
  Effect: "Deny",
  NotAction: SELF_SERVICE_ACTIONS,
  Resource: "*",
  Condition: WITHOUT_MFA,
});
const own = (policy: unknown): ExampleResource => iam("UserPolicy", "own", { user: "alice", policy });

test.each<[string, ExampleResource[], string]>([
  ["no credentials", [], "closed no-credentials, pass"],
  ["an access key", [KEY], "open no-guard, violation"],
  [
    "a service-specific credential",
    [
      iam("ServiceSpecificCredential", "bedrock", {
        userName: "alice",
        serviceName: "bedrock.amazonaws.com",
      }),
    ],
    "open no-guard, violation",
  ],
  [
    "an SSH public key",
    [iam("SshKey", "ssh", { username: "alice", publicKey: "ssh-rsa x" })],
    "open no-guard, violation",
  ],
  ["an access key and a guard", [KEY, own(GUARD)], "closed guarded, pass"],
  [
    "an access key and a policy that is not known yet",
    [KEY, own(new Unknown("an output"))],
    "unknown guard-unknown, note",
  ],
])("a user with %s is assessed as $2", (_, more, expected) => {
  expect(assessed(iamUserRequiresMfa, [ALICE, ...more])).toEqual([`alice: ${expected}`]);
});

const BOUNDARY = "arn:aws:iam::111122223333:policy/boundary";
const allow = (more: object = {}) => ({ Effect: "Allow", Action: "*", Resource: "*", ...more });
const deny = (more: object = {}) => ({
  Effect: "Deny",
  NotAction: SELF_SERVICE_ACTIONS,
  Resource: "*",
  Condition: WITHOUT_MFA,
  ...more,
});

test.each<[string, unknown, string]>([
  ["that is a guard", policyText(allow(), deny()), "closed guarded, pass"],
  ["that denies too little", policyText(allow(), deny({ NotAction: "*:List*" })), "open no-guard, violation"],
  ["that denies nothing", policyText(allow()), "open no-guard, violation"],
  ["that is not known yet", new Unknown("an output"), "unknown guard-unknown, note"],
])("a user with an access key and a permissions boundary %s is assessed as $2", (_, policy, expected) => {
  const user = { ...ALICE, props: { name: "alice", permissionsBoundary: BOUNDARY } };
  const boundary = iam("Policy", "boundary", { name: "boundary", policy });
  const template = {
    Resources: {
      Boundary: {
        Type: "AWS::IAM::ManagedPolicy",
        Properties: { PolicyDocument: typeof policy === "string" ? JSON.parse(policy) : { Ref: "Later" } },
      },
      alice: { Type: "AWS::IAM::User", Properties: { PermissionsBoundary: { Ref: "Boundary" } } },
      key: { Type: "AWS::IAM::AccessKey", Properties: { UserName: { Ref: "alice" } } },
    },
    Parameters: { Later: { Type: "String" } },
  };
  const stack = { type: "aws:cloudformation/stack:Stack", name: "people", props: { templateBody: template } };
  expect(assessed(iamUserRequiresMfa, [user, KEY, boundary])).toEqual([`alice: ${expected}`]);
  expect(assessed(iamUserRequiresMfa, [stack])).toEqual([expect.stringContaining(`alice: ${expected}`)]);
});

test("a conditional permissions boundary leaves it unknown whether the user is guarded", () => {
  const named = (PermissionsBoundary: unknown) => ({
    Conditions: { Strict: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] } },
    Parameters: { Stage: { Type: "String" } },
    Resources: {
      Boundary: {
        Type: "AWS::IAM::ManagedPolicy",
        Properties: { PolicyDocument: JSON.parse(policyText(allow(), deny())) },
      },
      alice: { Type: "AWS::IAM::User", Properties: { PermissionsBoundary } },
      key: { Type: "AWS::IAM::AccessKey", Properties: { UserName: { Ref: "alice" } } },
    },
  });
  const found = (boundary: unknown) =>
    assessed(iamUserRequiresMfa, [
      {
        type: "aws:cloudformation/stack:Stack",
        name: "people",
        props: { templateBody: named(boundary), parameters: { Stage: new Unknown("a stage") } },
      },
    ]);
  expect(found({ Ref: "Boundary" })).toEqual([expect.stringContaining("closed guarded")]);
  expect(found({ "Fn::If": ["Strict", { Ref: "Boundary" }, { Ref: "AWS::NoValue" }] })).toEqual([
    expect.stringContaining("unknown guard-unknown"),
  ]);
});

test("an access key of a user who is not declared is a note", () => {
  expect(assessed(iamUserRequiresMfa, [KEY])).toEqual(["key: unknown credential-of-another, note"]);
});
