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

describe("of two inline policies of one name in a template, of which one is there under a condition", () => {
  const document = (statement: object) => ({ PolicyName: "a", PolicyDocument: { Statement: statement } });
  const guardOf = (policies: readonly object[]) => {
    const Resources = Object.fromEntries(
      [group({ GroupName: "team" }), ...policies].map((each, index) => [
        index === 0 ? "Team" : `P${index}`,
        each,
      ]),
    );
    const Parameters = { Stage: { Type: "String" } };
    const is = (stage: string) => ({ "Fn::Equals": [{ Ref: "Stage" }, stage] });
    const Conditions = { IsProd: is("prod"), IsTest: is("test"), IsNotTest: { "Fn::Not": [is("test")] } };
    const templateBody = JSON.stringify({ Parameters, Conditions, Resources });
    const graph = new IamGraph([
      resource("aws:cloudformation/stackSet:StackSet", "example", { templateBody }),
    ]);
    const [team] = graph.holders("groups");
    if (team === undefined) throw new Error("no group");
    const { verdict, contested } = graph.guards({ allowedWithoutMfa: [], guardPolicyArns: [] })(team);
    return [verdict.kind, ...contested];
  };
  const inline = (statement: object, Condition?: string) => ({
    Type: "AWS::IAM::Policy",
    ...(Condition === undefined ? {} : { Condition }),
    Properties: { ...document(statement), Groups: ["team"] },
  });
  const deny = DENY.Statement;
  const allow = ALLOW.Statement;

  test.each<[string, object[], string[]]>([
    [
      "the guard stays where a guard under the condition is not there",
      [inline(deny), inline(deny, "IsProd")],
      ["guarded"],
    ],
    [
      "the guard stays where the other is not there, so that it depends",
      [inline(deny), inline(allow, "IsProd")],
      ["unknown", "P1", "P2"],
    ],
    [
      "a guard under the condition is none where it is not there",
      [inline(allow), inline(deny, "IsProd")],
      ["open", "P1", "P2"],
    ],
    [
      "neither overwrites the other where only one is ever there",
      [inline(deny, "IsTest"), inline(deny, "IsNotTest")],
      ["guarded"],
    ],
    [
      "the third stays where neither of the others is there",
      [inline(deny), inline(deny, "IsProd"), inline(deny, "IsTest")],
      ["guarded"],
    ],
    [
      "any of three may be the last of those that are there",
      [inline(deny), inline(deny, "IsProd"), inline(allow)],
      ["open", "P1", "P2", "P3"],
    ],
  ])("%s", (_, policies, expected) => {
    expect(guardOf(policies)).toEqual(expected);
  });
});

describe("a managed policy that is attached by its ARN", () => {
  const attachedTo = (arn: unknown, declared: object) => {
    const Guard = {
      Type: "AWS::IAM::ManagedPolicy",
      Properties: { PolicyDocument: DENY, ...declared },
    };
    const templateBody = {
      Parameters: { Name: { Type: "String" } },
      Resources: { Guard, Team: group({ ManagedPolicyArns: [arn] }) },
    };
    const graph = new IamGraph([
      resource("aws:cloudformation/stackSet:StackSet", "example", {
        templateBody: JSON.stringify(templateBody),
      }),
    ]);
    const [team] = graph.holders("groups");
    if (team === undefined) throw new Error("no group");
    const guardPolicyArns = ["arn:aws:iam::*:policy/org/*"];
    return graph.guards({ allowedWithoutMfa: [], guardPolicyArns })(team).verdict.kind;
  };
  const own = (name: string) => `arn:aws:iam::111122223333:policy/${name}`;
  const pseudo = (rest: string) => ({ "Fn::Sub": `arn:${AWS_PARTITION}:iam::${rest}` });
  const AWS_PARTITION = "${AWS::Partition}";
  const named = { ManagedPolicyName: "guard" };

  test.each<[string, unknown, object, string]>([
    ["is the declared one of that name, since an account has no other", own("guard"), named, "guarded"],
    ["is it in whatever letters, since names differ in more", own("Guard"), named, "guarded"],
    ["is it with its path", own("team/guard"), { ...named, Path: "/team/" }, "guarded"],
    ["is not it with another path", own("guard"), { ...named, Path: "/team/" }, "open"],
    ["is not it by another name", own("work"), named, "open"],
    ["is not it where AWS makes its name up", own("guard"), {}, "open"],
    [
      "may be it where its name is not known",
      own("guard"),
      { ManagedPolicyName: { Ref: "Name" } },
      "unknown",
    ],
    ["is not it where it is one of AWS, by whatever name", "arn:aws:iam::aws:policy/guard", named, "open"],
    [
      "is not it where it is one of AWS and the name is not known",
      pseudo("aws:policy/AdministratorAccess"),
      { ManagedPolicyName: { Ref: "Name" } },
      "open",
    ],
    [
      "is it in the template's own account, whichever that is",
      pseudo("${AWS::AccountId}:policy/guard"),
      named,
      "guarded",
    ],
    ["is another in the template's own account", pseudo("${AWS::AccountId}:policy/work"), named, "open"],
    ["may be it with a name that is not known", pseudo("${AWS::AccountId}:policy/${Name}"), named, "unknown"],
    [
      "may be it with an account that is not known",
      { "Fn::Sub": "arn:aws:iam::${Name}:policy/guard" },
      named,
      "unknown",
    ],
    ["is a guard that the configuration names", own("org/guard"), named, "guarded"],
    [
      "is a guard that the configuration names, whatever the account",
      { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:policy/org/guard" },
      named,
      "guarded",
    ],
    [
      "may be a guard that the configuration names in one partition",
      pseudo("${AWS::AccountId}:policy/org/guard"),
      named,
      "unknown",
    ],
  ])("%s", (_, arn, declared, expected) => {
    expect(attachedTo(arn, declared)).toBe(expected);
  });
});

test("an attachment that owns a policy takes it away from a group that has it by its ARN", () => {
  const arn = "arn:aws:iam::111122223333:policy/guard";
  const guard = resource("aws:iam/policy:Policy", "guard", { name: "guard", policy: DENY });
  const team = resource("aws:iam/group:Group", "team", { name: "team" });
  const attachment = resource("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "a", {
    ...{ group: "team", policyArn: arn },
  });
  const owner = resource(
    "aws:iam/policyAttachment:PolicyAttachment",
    "b",
    { groups: ["others"], policyArn: LATER },
    { policyArn: [guard.urn] },
  );
  expect(carried(team, guard, attachment)).toEqual({ documents: 1, hasUnresolved: false });
  expect(carried(team, guard, attachment, owner)).toEqual({ documents: 0, hasUnresolved: false });
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
