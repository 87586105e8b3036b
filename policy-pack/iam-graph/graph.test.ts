// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates are full of them
import { describe, expect, test } from "vitest";
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
const ALLOW = { Statement: { Effect: "Allow", Action: "*", Resource: "*" } };
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

/** The documents that the group of a template carries, in each order of the writes. */
function carriedInTemplate(resources: object) {
  const Parameters = { Stage: { Type: "String" } };
  const Conditions = { IsProd: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] } };
  const templateBody = JSON.stringify({ Parameters, Conditions, Resources: resources });
  const set = resource("aws:cloudformation/stackSet:StackSet", "example", { templateBody });
  const graph = new IamGraph([set]);
  const group = graph.holders("groups").find((each) => each.resource.name === "Team");
  if (group === undefined) throw new Error("no group");
  return graph.carriedBy(group).outcomes.map(({ documents, hasUnresolved }) => {
    return { documents: documents.length, hasUnresolved };
  });
}

const inlinePolicy = (PolicyName: string) => ({ PolicyName, PolicyDocument: DENY });
const group = (Properties: object) => ({ Type: "AWS::IAM::Group", Properties });

describe("the group of a template", () => {
  const attached = (name: unknown, more = {}) => ({
    Type: "AWS::IAM::Policy",
    Properties: { ...inlinePolicy("a"), Groups: [name, ...Object.values(more)] },
  });
  const either = (...two: unknown[]) => ({ "Fn::If": ["IsProd", ...two] });
  const none = { documents: 0, hasUnresolved: false };
  const one = { documents: 1, hasUnresolved: false };
  const perhaps = { documents: 0, hasUnresolved: true };

  test.each<[string, object, object, object[]]>([
    ["has what names it", { GroupName: "team" }, attached("team"), [one]],
    ["has nothing that names another", { GroupName: "team" }, attached("others"), [none]],
    ["has what refers to it", {}, attached({ Ref: "Team" }), [one]],
    ["has no name in a text while AWS makes it up", {}, attached("team"), [none]],
    ["may have what may name it", { GroupName: { Ref: "Stage" } }, attached("team"), [perhaps]],
    ["may have what may name it, too", { GroupName: either("team", "others") }, attached("team"), [perhaps]],
    ["may have what a parameter names", { GroupName: "team" }, attached({ Ref: "Stage" }), [perhaps]],
    [
      "may have what a parameter names beside another group",
      { GroupName: "team" },
      attached({ Ref: "Stage" }, { other: { Ref: "Other" } }),
      [perhaps],
    ],
    [
      "may have what names a group by a text that is made of its own name",
      {},
      attached({ "Fn::Sub": "${Team}-others" }),
      [perhaps],
    ],
    [
      "has one of two policies of a name by a condition, and neither takes the other's place",
      { Policies: [either(inlinePolicy("a"), { ...inlinePolicy("a"), PolicyDocument: ALLOW })] },
      attached("others"),
      [{ documents: 2, hasUnresolved: false }],
    ],
    [
      "has the one that was written last of two of a name",
      { GroupName: "team", Policies: either([inlinePolicy("a")], [inlinePolicy("A")]) },
      attached("team"),
      [{ documents: 2, hasUnresolved: false }, one],
    ],
  ])("%s", (_, properties, beside, outcomes) => {
    expect(carriedInTemplate({ Team: group(properties), Other: group({}), Beside: beside })).toEqual(
      outcomes,
    );
  });
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
