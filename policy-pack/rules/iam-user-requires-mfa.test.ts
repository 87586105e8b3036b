import { expect, test } from "vitest";
import { SELF_SERVICE_ACTIONS } from "../iam/guard/verdict";
import { Unknown } from "../iam/policy/unknown";
import { type ExampleResource, policyText, WITHOUT_MFA } from "./example";
import { iamUserRequiresMfa } from "./iam-user-requires-mfa";
import { assessed } from "./testing";

const ALICE: ExampleResource = { type: "aws:iam/user:User", name: "alice", props: { name: "alice" } };
const KEY: ExampleResource = { type: "aws:iam/accessKey:AccessKey", name: "key", props: { user: "alice" } };
const GUARD = policyText({
  Effect: "Deny",
  NotAction: SELF_SERVICE_ACTIONS,
  Resource: "*",
  Condition: WITHOUT_MFA,
});
const own = (policy: unknown): ExampleResource => ({
  type: "aws:iam/userPolicy:UserPolicy",
  name: "own",
  props: { user: "alice", policy },
});

test.each<[string, ExampleResource[], string]>([
  ["no credentials", [], "closed no-credentials, pass"],
  ["an access key", [KEY], "open no-guard, violation"],
  [
    "a service-specific credential",
    [
      {
        type: "aws:iam/serviceSpecificCredential:ServiceSpecificCredential",
        name: "bedrock",
        props: { userName: "alice", serviceName: "bedrock.amazonaws.com" },
      },
    ],
    "open no-guard, violation",
  ],
  [
    "an SSH public key",
    [{ type: "aws:iam/sshKey:SshKey", name: "ssh", props: { username: "alice", publicKey: "ssh-rsa x" } }],
    "open no-guard, violation",
  ],
  ["an access key and a guard of their own", [KEY, own(GUARD)], "closed guarded, pass"],
  [
    "an access key and a policy that is not known yet",
    [KEY, own(new Unknown("an output"))],
    "unknown guard-unknown, note",
  ],
])("a user with %s", (_, more, expected) => {
  expect(assessed(iamUserRequiresMfa, [ALICE, ...more])).toEqual([`alice: ${expected}`]);
});

test("a credential of a user who is declared elsewhere is a note", () => {
  expect(assessed(iamUserRequiresMfa, [KEY])).toEqual(["key: unknown credential-of-another, note"]);
});
