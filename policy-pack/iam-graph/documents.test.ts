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

describe("the documents that a resource holds, and what each is for", () => {
  test.each<[string, string, Readonly<Record<string, unknown>>, string[]]>([
    ["nothing of no type of IAM", "aws:s3/bucket:Bucket", { policy: PERMISSIONS }, []],
    ["none that is not there", "aws:iam/role:Role", {}, []],
    [
      "a role's trust policy and its own permissions",
      "aws:iam/role:Role",
      { assumeRolePolicy: TRUST, inlinePolicies: [{ name: "a", policy: JSON.stringify(PERMISSIONS) }] },
      ["policy assumeRolePolicy trust", "policy inlinePolicies[0].policy role-permissions"],
    ],
    [
      "the inline policies of a group's members",
      "aws-native:iam:Group",
      { policies: [{ policyName: "a", policyDocument: PERMISSIONS }] },
      ["policy policies[0].policyDocument member"],
    ],
    ["no inline policy of a type without any", "aws:iam/group:Group", { policies: [PERMISSIONS] }, []],
    [
      "a managed policy, which may be anybody's",
      "aws:iam/policy:Policy",
      { policy: PERMISSIONS },
      ["policy policy member"],
    ],
    ["a policy that is not known yet", "aws:iam/policy:Policy", { policy: later }, ["unknown policy member"]],
    ["a policy that AWS refuses", "aws:iam/policy:Policy", { policy: TRUST }, ["refused policy member"]],
    ["no policy without a document", "aws:iam/policy:Policy", {}, []],
    [
      "a role's own policy",
      "aws:iam/rolePolicy:RolePolicy",
      { policy: PERMISSIONS, role: "x" },
      ["policy policy role-permissions"],
    ],
    [
      "a user's own policy",
      "aws:iam/userPolicy:UserPolicy",
      { policy: PERMISSIONS, user: "x" },
      ["policy policy member"],
    ],
    [
      "a policy of roles alone",
      "aws-native:iam:ManagedPolicy",
      { policyDocument: PERMISSIONS, roles: ["x"] },
      ["policy policyDocument role-permissions"],
    ],
    [
      "a policy of roles and of users",
      "aws-native:iam:ManagedPolicy",
      { policyDocument: PERMISSIONS, roles: ["x"], users: ["y"] },
      ["policy policyDocument member"],
    ],
    [
      "a policy of roles and of groups",
      "aws-native:iam:ManagedPolicy",
      { policyDocument: PERMISSIONS, roles: ["x"], groups: ["y"] },
      ["policy policyDocument member"],
    ],
  ])("%s", (_, type, props, expected) => {
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
    ["is none", undefined, []],
    ["is not known yet", later, [[undefined, "unknown", "policies"]]],
    ["is no list", "text", [[undefined, "unknown", "policies"]]],
    ["has a name for each", [entry], [["a", "policy", "policies[0].policyDocument"]]],
    [
      "has names that are not known yet",
      [{ ...entry, policyName: later }],
      [[later, "policy", "policies[0].policyDocument"]],
    ],
    [
      "has entries that are not known yet, or none",
      [later, null, "text", entry],
      [
        [undefined, "unknown", "policies[0].policyDocument"],
        [undefined, "unknown", "policies[1].policyDocument"],
        [undefined, "unknown", "policies[2].policyDocument"],
        ["a", "policy", "policies[3].policyDocument"],
      ],
    ],
    ["has entries without a document", [{ policyName: "a" }, { policyName: "b", policyDocument: null }], []],
    [
      "has a document that is not known yet",
      [{ policyDocument: later }],
      [[undefined, "unknown", "policies[0].policyDocument"]],
    ],
    [
      "is there in one branch",
      new Choice("C", [entry], undefined),
      [["a", "policy", "policies[0].policyDocument"]],
    ],
    [
      "has an entry in one branch",
      [new Choice("C", undefined, entry)],
      [["a", "policy", "policies[0].policyDocument"]],
    ],
  ])("%s", (_, value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  test("of which each branch has its own statements, says under which each is there", () => {
    const [only] = readInline(new DocumentReader(), [new Choice("C", entry, undefined)], names);
    const statements = only?.document.kind === "policy" ? only.document.policy.statements : [];
    expect(statements.map(({ when }) => when)).toEqual([new Map([["C", true]])]);
  });
});

test("a text is read once for each kind of policy, wherever it stands", () => {
  const reader = new DocumentReader();
  const text = JSON.stringify(PERMISSIONS);
  const first = reader.read(text, "identity", "here");
  const again = reader.read(text, "identity", "there");
  expect([first, again].map(({ where }) => where)).toEqual(["here", "there"]);
  expect(again.kind === "policy" && again.policy).toBe(first.kind === "policy" && first.policy);
  expect(reader.read(text, "trust", "here").kind).toBe("refused");
  expect(reader.size).toBe(2);
});
