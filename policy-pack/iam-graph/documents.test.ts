import { describe, expect, test } from "vitest";
import { Choice, Unknown } from "../iam/policy/unknown";
import { DocumentReader, readInline } from "./document-reader";
import { documentsIn } from "./documents";

const TRUST = {
  Statement: { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "sts:AssumeRole" },
};
const PERMISSIONS = { Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } };
const later = new Unknown("later");

function documents(type: string, props: Readonly<Record<string, unknown>>) {
  const resource = { urn: "urn", type, name: "example", props, dependencies: {}, secretOutputs: [] };
  return documentsIn(resource, new DocumentReader()).map(({ document, use }) =>
    [document.kind, document.where, use].join(" "),
  );
}

describe("the documents of a resource", () => {
  test.each<[string, string, Readonly<Record<string, unknown>>, string[]]>([
    ["none for a type outside IAM", "aws:s3/bucket:Bucket", { policy: PERMISSIONS }, []],
    ["none if they are absent", "aws:iam/role:Role", {}, []],
    [
      "a role's trust policy and its inline policies",
      "aws:iam/role:Role",
      { assumeRolePolicy: TRUST, inlinePolicies: [{ name: "a", policy: JSON.stringify(PERMISSIONS) }] },
      ["policy assumeRolePolicy trust", "policy inlinePolicies[0].policy role-permissions"],
    ],
    [
      "a group's inline policies, for its members",
      "aws-native:iam:Group",
      { policies: [{ policyName: "a", policyDocument: PERMISSIONS }] },
      ["policy policies[0].policyDocument member"],
    ],
    ["none for a group type without inline policies", "aws:iam/group:Group", { policies: [PERMISSIONS] }, []],
    [
      "a managed policy, for members",
      "aws:iam/policy:Policy",
      { policy: PERMISSIONS },
      ["policy policy member"],
    ],
    ["a policy that is not known yet", "aws:iam/policy:Policy", { policy: later }, ["unknown policy member"]],
    ["a policy that AWS refuses", "aws:iam/policy:Policy", { policy: TRUST }, ["refused policy member"]],
    ["none for a policy without a document", "aws:iam/policy:Policy", {}, []],
    [
      "a role's own policy, for roles",
      "aws:iam/rolePolicy:RolePolicy",
      { policy: PERMISSIONS, role: "x" },
      ["policy policy role-permissions"],
    ],
    [
      "a user's own policy, for members",
      "aws:iam/userPolicy:UserPolicy",
      { policy: PERMISSIONS, user: "x" },
      ["policy policy member"],
    ],
    [
      "a policy of roles alone, for roles",
      "aws-native:iam:ManagedPolicy",
      { policyDocument: PERMISSIONS, roles: ["x"] },
      ["policy policyDocument role-permissions"],
    ],
    [
      "a policy of roles and users, for members",
      "aws-native:iam:ManagedPolicy",
      { policyDocument: PERMISSIONS, roles: ["x"], users: ["y"] },
      ["policy policyDocument member"],
    ],
    [
      "a policy of roles and groups, for members",
      "aws-native:iam:ManagedPolicy",
      { policyDocument: PERMISSIONS, roles: ["x"], groups: ["y"] },
      ["policy policyDocument member"],
    ],
  ])("are %s", (_, type, props, expected) => {
    expect(documents(type, props)).toEqual(expected);
  });
});

describe("a list of inline policies", () => {
  const names = { list: "policies", document: "policyDocument", name: "policyName" };
  const entry = { policyName: "a", policyDocument: PERMISSIONS };
  const read = (value: unknown) =>
    readInline(new DocumentReader(), value, names).map(({ name, document }) => [
      name,
      document.kind,
      document.where,
    ]);

  test.each<[string, unknown, unknown[]]>([
    ["may be absent", undefined, []],
    ["may be unknown", later, [[undefined, "unknown", "policies"]]],
    ["is unknown if it is not a list", "text", [[undefined, "unknown", "policies"]]],
    ["has the name of each policy", [entry], [["a", "policy", "policies[0].policyDocument"]]],
    [
      "may have an unknown name",
      [{ ...entry, policyName: later }],
      [[later, "policy", "policies[0].policyDocument"]],
    ],
    [
      "has an unknown document for an entry that is unknown or not an object",
      [later, null, "text", entry],
      [
        [undefined, "unknown", "policies[0].policyDocument"],
        [undefined, "unknown", "policies[1].policyDocument"],
        [undefined, "unknown", "policies[2].policyDocument"],
        ["a", "policy", "policies[3].policyDocument"],
      ],
    ],
    [
      "omits entries without a document",
      [{ policyName: "a" }, { policyName: "b", policyDocument: null }],
      [],
    ],
    [
      "may have an unknown document",
      [{ policyDocument: later }],
      [[undefined, "unknown", "policies[0].policyDocument"]],
    ],
    [
      "may be in one branch of a choice",
      new Choice("C", [entry], undefined),
      [["a", "policy", "policies[0].policyDocument"]],
    ],
    [
      "may have an entry in one branch of a choice",
      [new Choice("C", undefined, entry)],
      [["a", "policy", "policies[0].policyDocument"]],
    ],
  ])("%s", (_, value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  test("has the branch of a choice in each statement", () => {
    const [only] = readInline(new DocumentReader(), [new Choice("C", entry, undefined)], names);
    const statements = only?.document.kind === "policy" ? only.document.policy.statements : [];
    expect(statements.map(({ when }) => when)).toEqual([new Map([["C", true]])]);
  });
});

test("a text is parsed once for each kind of policy", () => {
  const reader = new DocumentReader();
  const text = JSON.stringify(PERMISSIONS);
  const first = reader.read(text, "identity", "here");
  const again = reader.read(text, "identity", "there");
  expect([first, again].map(({ where }) => where)).toEqual(["here", "there"]);
  expect(again.kind === "policy" && again.policy).toBe(first.kind === "policy" && first.policy);
  expect(reader.read(text, "trust", "here").kind).toBe("refused");
  expect(reader.size).toBe(2);
});
