import { expect, test } from "vitest";
import { SELF_SERVICE_ACTIONS } from "../iam/guard/verdict";
import { Unknown } from "../iam/policy/unknown";
import { type ExampleResource, iam, policyText, WITH_MFA, WITHOUT_MFA } from "./example";
import { iamGroupRequiresMfa } from "./iam-group-requires-mfa";
import { assessed } from "./testing";

const STAFF = iam("Group", "staff", { name: "staff" });
const policy = (document: unknown): ExampleResource =>
  iam("GroupPolicy", "work", { group: "staff", policy: document });
const GUARD = policyText({
  Effect: "Deny",
  NotAction: SELF_SERVICE_ACTIONS,
  Resource: "*",
  Condition: WITHOUT_MFA,
});
const GRANTS = policyText({ Effect: "Allow", Action: "s3:*", Resource: "*", Condition: WITH_MFA });

test.each<[string, ExampleResource[], string, object]>([
  ["no policy", [], "open no-guard, violation", {}],
  ["a guard", [policy(GUARD)], "closed guard, pass", {}],
  ["grants that require MFA", [policy(GRANTS)], "open no-guard, violation", {}],
  [
    "grants that require MFA, where the configuration accepts them",
    [policy(GRANTS)],
    "closed grants-require-mfa, pass",
    { requires: "grants" },
  ],
  ["a policy that is not known yet", [policy(new Unknown("an output"))], "unknown policy-unknown, note", {}],
  [
    "no policy, where the configuration accepts grants that require MFA",
    [],
    "open no-guard, violation",
    { requires: "grants" },
  ],
])("a group with %s is assessed as $2", (_, policies, expected, config) => {
  expect(assessed(iamGroupRequiresMfa, [STAFF, ...policies], config)).toEqual([`staff: ${expected}`]);
});

test('a group passes if guardedMembers is "accept" and every member has a guard', () => {
  const alice: ExampleResource[] = [
    iam("User", "alice", { name: "alice" }),
    iam("UserPolicy", "guard", { user: "alice", policy: GUARD }),
    iam("UserGroupMembership", "alice-groups", { user: "alice", groups: ["staff"] }),
  ];
  const accept = { guardedMembers: "accept" };
  expect(assessed(iamGroupRequiresMfa, [STAFF, ...alice], accept)).toEqual([
    "staff: closed members-guarded, pass",
  ]);
  expect(assessed(iamGroupRequiresMfa, [STAFF, ...alice])).toEqual(["staff: open no-guard, violation"]);
  const bob: ExampleResource[] = [
    iam("User", "bob", { name: "bob" }),
    iam("UserGroupMembership", "bob-groups", { user: "bob", groups: ["staff"] }),
  ];
  // A member who is not declared counts as unguarded too.
  for (const more of [bob, bob.slice(1)]) {
    expect(assessed(iamGroupRequiresMfa, [STAFF, ...alice, ...more], accept)).toEqual([
      "staff: open no-guard, violation",
    ]);
  }
});
