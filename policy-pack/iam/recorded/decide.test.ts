import { describe, expect, test } from "vitest";
import type { Policy, PolicyKind } from "../policy/model";
import { parsePolicy } from "../policy/parse";
import { Unknown } from "../policy/unknown";
import { decideRecorded } from "./decide";
import type { RecordedRequest } from "./request";

const ALICE = "arn:aws:iam::111122223333:user/alice";
const BOB = "arn:aws:iam::111122223333:user/bob";
const REQUEST: RecordedRequest = {
  actions: ["sts:AssumeRole"],
  caller: { kind: "user", arn: ALICE },
  mfa: { kind: "absent" },
  keys: new Map(),
};

function policyOf(Statement: unknown, kind: PolicyKind): Policy {
  const parsed = parsePolicy({ Version: "2012-10-17", Statement }, kind);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.policy;
}

describe("a trust policy", () => {
  const allow = { Effect: "Allow", Principal: { AWS: ALICE }, Action: "sts:AssumeRole" };

  test.each<[string, unknown, string]>([
    ["passes a principal that it names", allow, "passes"],
    ["stops a principal that it does not name", { ...allow, Principal: { AWS: BOB } }, "stopped"],
    ["is undecided for an unknown action", { ...allow, Action: new Unknown("later") }, "undecided"],
    [
      "is undecided for all but an unknown action",
      { ...allow, Action: undefined, NotAction: new Unknown("later") },
      "undecided",
    ],
    [
      "is undecided with NotPrincipal under Allow and under Deny",
      [
        { ...allow, Principal: undefined, NotPrincipal: { AWS: BOB } },
        { ...allow, Effect: "Deny", Principal: undefined, NotPrincipal: { AWS: ALICE } },
      ],
      "undecided",
    ],
  ])("%s", (_, statement, outcome) => {
    expect(decideRecorded(REQUEST, [policyOf(statement, "trust")], { grants: true })).toBe(outcome);
  });
});

test.each<[string, object, string]>([
  ["on every resource stops the request", { Resource: "*" }, "stopped"],
  [
    "on a resource that depends on the caller may stop the request",
    { Resource: `arn:aws:iam::*:role/\${aws:username}` },
    "undecided",
  ],
  [
    "on all but a resource that depends on the caller may stop the request",
    { NotResource: `arn:aws:iam::*:role/\${aws:username}` },
    "undecided",
  ],
  ["on an unknown resource may stop the request", { Resource: new Unknown("later") }, "undecided"],
])("a Deny %s", (_, resource, outcome) => {
  const deny = policyOf({ Effect: "Deny", Action: "sts:*", ...resource }, "identity");
  expect(decideRecorded(REQUEST, [deny], { grants: false })).toBe(outcome);
});
