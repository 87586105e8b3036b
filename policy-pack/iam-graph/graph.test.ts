import { expect, test } from "vitest";
import { Unknown } from "../iam";
import { IamGraph } from "./graph";
import type { Resource } from "./resource";

const urn = (type: string, name: string) => `urn:pulumi:dev::example::${type}::${name}`;

function resource(
  type: string,
  name: string,
  props: Resource["props"],
  dependencies: Resource["dependencies"] = {},
) {
  return { urn: urn(type, name), type, name, props, dependencies, secretOutputs: [] };
}

const DENY = { Statement: { Effect: "Deny", Action: "*", Resource: "*" } };
const POLICY = "aws-native:iam:ManagedPolicy";
const POLICIES = ["one", "two"].map((name) => resource(POLICY, name, { policyDocument: DENY }));
const URNS = POLICIES.map((each) => each.urn);
const LATER = new Unknown("policyArn");

function carried(...resources: Resource[]) {
  const graph = new IamGraph([...resources, ...POLICIES]);
  const [group] = graph.holders("groups");
  if (group === undefined) throw new Error("no group");
  const [{ documents, hasUnresolved }] = graph.carriedBy(group).outcomes;
  return { documents: documents.length, hasUnresolved };
}

test("two outputs in one list, which depends on two policies, are these two", () => {
  const props = { groupName: "team", managedPolicyArns: [LATER, new Unknown("policyArn")] };
  const group = resource("aws-native:iam:Group", "team", props, { managedPolicyArns: URNS });
  expect(carried(group)).toEqual({ documents: 2, hasUnresolved: false });
});

test("one output that depends on two policies is either, also where there are two such lists", () => {
  const attachment = (name: string) =>
    resource(
      "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
      name,
      { group: "team", policyArn: LATER },
      { policyArn: [...URNS] },
    );
  const group = resource("aws:iam/group:Group", "team", { name: "team" });
  expect(carried(group, attachment("a"), attachment("b"))).toEqual({ documents: 0, hasUnresolved: true });
});

test("what a holder carries are the policies that are known, each once", () => {
  const props = {
    groupName: "team",
    managedPolicyArns: [LATER],
    policies: [{ policyName: "a", policyDocument: LATER }],
  };
  const group = resource("aws-native:iam:Group", "team", props, { managedPolicyArns: URNS.slice(0, 1) });
  const graph = new IamGraph([group, ...POLICIES]);
  const [holder] = graph.holders("groups");
  expect(holder && graph.policiesOf(holder).map(({ statements }) => statements.length)).toEqual([1]);
});

test("a credential is its user's, or nobody's who is known", () => {
  const user = resource("aws:iam/user:User", "alice", { name: "alice" });
  const native = resource("aws-native:iam:User", "bob", { userName: "bob", loginProfile: { password: "x" } });
  const key = (name: string, of: unknown) => resource("aws:iam/accessKey:AccessKey", name, { user: of });
  const graph = new IamGraph([
    user,
    native,
    resource("aws:iam/group:Group", "mallory", { name: "mallory" }),
    key("own", "alice"),
    key("other", "mallory"),
    key("later", LATER),
  ]);
  const { of, stray } = graph.credentials();
  const named = [...of].map(([holder, all]) => [holder.resource.name, all.map((each) => each.resource.name)]);
  expect(named).toEqual(
    expect.arrayContaining([
      ["alice", ["own"]],
      ["bob", ["bob"]],
    ]),
  );
  expect(stray.map((each) => each.resource.name)).toEqual(["other"]);
});
