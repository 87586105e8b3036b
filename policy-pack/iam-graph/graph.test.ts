// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates are full of them
import { describe, expect, test } from "vitest";
import { type Limit, parseLimit, Unknown } from "../iam";
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
  const [first] = graph.carriedBy(group).outcomes;
  return { documents: first?.documents.length, hasUnresolved: first?.hasUnresolved };
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
      "may have what names it under a condition",
      { GroupName: "team" },
      attached(either("team", "others")),
      [perhaps],
    ],
    [
      "may have what refers to it under a condition",
      {},
      attached(either({ Ref: "Team" }, "others")),
      [perhaps],
    ],
    [
      "has what names it, and once more under a condition",
      { GroupName: "team" },
      attached("team", { more: either("team", "others") }),
      [one],
    ],
    [
      "has what refers to it, and once more under a condition",
      {},
      attached({ Ref: "Team" }, { more: either({ Ref: "Team" }, "others") }),
      [one],
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
    const names = [
      "Stage",
      ...["a", "b", "c"].flatMap((name) => ["1", "2", "3", "4"].map((each) => name + each)),
    ];
    const Parameters = Object.fromEntries(names.map((name) => [name, { Type: "String" }]));
    const is = (stage: string) => ({ "Fn::Equals": [{ Ref: "Stage" }, stage] });
    const Conditions = { IsProd: is("prod"), IsTest: is("test"), IsNotTest: { "Fn::Not": [is("test")] } };
    const all = ["1", "2", "3", "4"].map((each): [string, object] => {
      const three = ["a", "b", "c"].map((name) => ({ "Fn::Equals": [{ Ref: name + each }, "x"] }));
      return [`IsAll${each}`, { "Fn::Not": [{ "Fn::Or": three.map((one) => ({ "Fn::Not": [one] })) }] }];
    });
    const templateBody = JSON.stringify({
      Parameters,
      Conditions: { ...Conditions, ...Object.fromEntries(all) },
      Resources,
    });
    const graph = new IamGraph([
      resource("aws:cloudformation/stackSet:StackSet", "example", { templateBody }),
    ]);
    const [team] = graph.holders("groups");
    if (team === undefined) throw new Error("no group");
    const { verdict, contested } = graph.guards({ allowedWithoutMfa: [], guardPolicyArns: [] })(team);
    return [verdict.kind, ...contested];
  };
  const inline = (statement: object, Condition?: string, PolicyName: unknown = "a") => ({
    Type: "AWS::IAM::Policy",
    ...(Condition === undefined ? {} : { Condition }),
    Properties: { ...document(statement), PolicyName, Groups: ["team"] },
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
      "the third may overwrite the one that is there with it",
      [inline(deny, "IsTest"), inline(deny, "IsNotTest"), inline(allow, "IsTest")],
      ["unknown", "P1", "P2", "P3"],
    ],
    [
      "of too many that are there or not no guard stays",
      [
        ...["IsAll1", "IsAll2", "IsAll3", "IsAll4"].map((condition) => inline(allow, condition)),
        inline(deny),
      ],
      ["open", "P1", "P2", "P3", "P4", "P5"],
    ],
    [
      "nor where a condition gives them different names",
      [inline(deny), inline(allow, undefined, { "Fn::If": ["IsProd", "b", "c"] })],
      ["guarded"],
    ],
    [
      "the other is the last where a condition gives them one name",
      [inline(deny), inline(allow, undefined, { "Fn::If": ["IsProd", "a", "c"] })],
      ["unknown", "P1", "P2"],
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
      Conditions: { IsNamed: { "Fn::Equals": [{ Ref: "Name" }, "guard"] } },
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
  const perhaps = (value: unknown) => ({ "Fn::If": ["IsNamed", value, { Ref: "AWS::NoValue" }] });

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
    ["may be it under a condition", perhaps(own("guard")), named, "unknown"],
    [
      "may be it where its name depends on a condition",
      own("guard"),
      { ManagedPolicyName: perhaps("guard") },
      "unknown",
    ],
    ["is a guard that the configuration names", own("org/guard"), named, "guarded"],
    [
      "may be a guard that the configuration names, under a condition",
      perhaps(own("org/guard")),
      named,
      "unknown",
    ],
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
    { policyArn: [declared("work").urn, guard.urn] },
  );
  expect(carried(team, guard, attachment)).toEqual({ documents: 1, hasUnresolved: false });
  const work = declared("work");
  expect(carried(team, guard, work, attachment, owner)).toEqual({ documents: 0, hasUnresolved: false });
});

test("an attachment that owns a policy takes it away from a group that has it in both branches of a condition", () => {
  const arn = "arn:aws:iam::111122223333:policy/guard";
  const templateBody = {
    Parameters: { Stage: { Type: "String" } },
    Conditions: { IsProd: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] } },
    Resources: { Team: group({ ManagedPolicyArns: { "Fn::If": ["IsProd", [arn], [arn, "arn:work"]] } }) },
  };
  const stack = resource("aws:cloudformation/stackSet:StackSet", "example", { templateBody });
  const verdictBeside = (...more: Resource[]) => {
    const graph = new IamGraph([stack, declared("guard"), ...more]);
    const [team] = graph.holders("groups");
    return team && graph.guards({ allowedWithoutMfa: [], guardPolicyArns: [] })(team).verdict.kind;
  };
  expect(verdictBeside()).toBe("guarded");
  expect(verdictBeside(owner("guard", "others"))).toBe("unknown");
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

const GROUP = "aws:iam/group:Group";
const USER = "aws:iam/user:User";
const ATTACHMENT = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment";
const team = (name = "team") => resource(GROUP, name, { name });
const inlineOf = (name: unknown, more: Resource["props"] = {}, by = String(name)) =>
  resource("aws:iam/groupPolicy:GroupPolicy", by, { name, group: "team", policy: DENY, ...more });
const declared = (name: string) => resource("aws:iam/policy:Policy", name, { name, policy: DENY });
const arnOf = (name: string) => `arn:aws:iam::111122223333:policy/${name}`;
const attach = (
  policyArn: unknown,
  more: Resource["props"] = {},
  dependencies: Resource["dependencies"] = {},
) =>
  resource(
    ATTACHMENT,
    `${written(policyArn)}-${more.group ?? "team"}`,
    { group: "team", policyArn, ...more },
    dependencies,
  );
const text = (...parts: (string | Unknown)[]) => Unknown.text("a name", parts);
const STACK = new Unknown("AWS::StackName", undefined, "stack");
const written = (value: unknown) => (typeof value === "string" ? value : "later");
const onlyInline = (policyNames: unknown) =>
  resource("aws:iam/groupPoliciesExclusive:GroupPoliciesExclusive", "only", {
    groupName: "team",
    policyNames,
  });
const onlyAttached = (name: string, ...policyArns: readonly unknown[]) =>
  resource("aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive", name, {
    groupName: "team",
    policyArns,
  });
const owner = (name: string, ...groups: readonly unknown[]) =>
  resource("aws:iam/policyAttachment:PolicyAttachment", `owner-of-${name}-${groups}`, {
    policyArn: arnOf(name),
    groups,
  });

/** In each order of the writes: where the documents are and which are not known, what is attached from outside, and whether there may be more. */
function outcomesOf(...resources: Resource[]) {
  const graph = new IamGraph(resources);
  const group = graph.holders("groups").find(({ name }) => name === "team");
  if (group === undefined) throw new Error("no group");
  const { outcomes, contested } = graph.carriedBy(group);
  const texts = outcomes.map(({ documents, outside, hasUnresolved }) =>
    [
      ...documents.map(({ where, kind }) => (kind === "unknown" ? `${where}?` : where)),
      ...outside,
      ...(hasUnresolved ? ["?"] : []),
    ].join(" "),
  );
  return contested.length === 0 ? texts : [...texts, `contested: ${contested}`];
}

describe("a group carries", () => {
  const guard = declared("guard");
  test.each<[string, Resource[], string[]]>([
    ["nothing by itself", [team()], [""]],
    ["an inline policy", [team(), inlineOf("a")], ["a.policy"]],
    [
      "perhaps one, beside another whose name may turn out to be the same",
      [team(), inlineOf(LATER, {}, "x"), inlineOf("a")],
      ["a.policy? x.policy?"],
    ],
    [
      "both of two whose names are different, whatever is not known of them",
      [team(), inlineOf(text(LATER, "-x"), {}, "x"), inlineOf("a")],
      ["a.policy x.policy"],
    ],
    [
      "the last of two that are written to one name, of which a part is not known",
      [team(), inlineOf(text(STACK, "-a"), {}, "x"), inlineOf(text(STACK, "-A"), {}, "y")],
      ["x.policy", "y.policy", "contested: x,y"],
    ],
    [
      "one whose name AWS makes up, beside any other",
      [team(), inlineOf(undefined, {}, "x"), inlineOf(LATER, {}, "y")],
      ["x.policy y.policy"],
    ],
    [
      "the last one that is written to a name, of two",
      [team(), inlineOf("a"), inlineOf("A"), inlineOf("b")],
      ["A.policy b.policy", "a.policy b.policy", "contested: A,a"],
    ],
    [
      "of all only those that an exclusive list names",
      [team(), inlineOf("a"), inlineOf("b"), onlyInline(["a"])],
      ["a.policy"],
    ],
    ["perhaps it, where that list is not known", [team(), inlineOf("a"), onlyInline(LATER)], ["a.policy?"]],
    [
      "perhaps one, where that list or its own name has a part that is not known",
      [team(), inlineOf("a"), inlineOf(text(LATER, "-b"), {}, "x"), onlyInline([text(LATER, "-c"), "1-b"])],
      ["x.policy?"],
    ],
    [
      "one whose name AWS makes up, where that list may name it",
      [team(), inlineOf(undefined, {}, "x"), onlyInline(["a", LATER])],
      ["x.policy?"],
    ],
    ["what is attached to it", [team(), guard, attach(arnOf("guard"))], ["guard.policy"]],
    [
      "nothing that is attached to another",
      [team(), team("others"), guard, attach(arnOf("guard"), { group: "others" })],
      [""],
    ],
    [
      "what is attached, and is declared nowhere",
      [team(), attach("arn:aws:iam::aws:policy/ReadOnlyAccess")],
      ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    ],
    [
      "each of several that are attached",
      [team(), guard, attach(arnOf("guard")), attach(arnOf("work"))],
      [`guard.policy ${arnOf("work")}`],
    ],
    ["perhaps a policy, while the attachment is not known", [team(), guard, attach(LATER)], ["?"]],
    [
      "perhaps a policy that is no policy of the program",
      [team(), guard, attach(LATER, {}, { policyArn: ["urn:other"] })],
      ["?"],
    ],
    [
      "only the attachments of an exclusive list",
      [team(), guard, attach(arnOf("work")), onlyAttached("one", arnOf("guard"))],
      ["guard.policy"],
    ],
    [
      "those of the last of two such lists",
      [team(), guard, onlyAttached("one", arnOf("guard")), onlyAttached("two")],
      ["guard.policy", "", "contested: one,two"],
    ],
    [
      "nothing of a policy whose attachments another resource owns",
      [team(), guard, attach(arnOf("guard")), owner("guard", "others")],
      [""],
    ],
    [
      "nothing of it by whichever of two owners",
      [team(), guard, attach(arnOf("guard")), owner("guard", "team"), owner("guard", "others")],
      [""],
    ],
    [
      "a policy that it shares with another group",
      [team(), guard, attach(arnOf("guard")), attach(arnOf("guard"), { group: "others" })],
      ["guard.policy"],
    ],
    [
      "one of which the other's attachments are owned",
      [team(), guard, attach(arnOf("guard")), owner("work", "others")],
      ["guard.policy"],
    ],
    [
      "nothing that attaches itself, beside an exclusive list without it",
      [team(), resource(POLICY, "own", { policyDocument: DENY, groups: ["team"] }), onlyAttached("one")],
      [""],
    ],
    [
      "what attaches itself",
      [team(), resource(POLICY, "own", { policyDocument: DENY, groups: ["team"] })],
      ["own.policyDocument"],
    ],
    [
      "nothing of one that is declared nowhere, whose attachments another resource owns",
      [team(), attach(arnOf("work")), owner("work", "others")],
      [""],
    ],
    [
      "one that has the name of AWS's, whose attachments another resource owns",
      [
        team(),
        guard,
        attach(arnOf("guard")),
        resource("aws:iam/policyAttachment:PolicyAttachment", "owner", {
          ...{ policyArn: "arn:aws:iam::aws:policy/guard", groups: ["others"] },
        }),
      ],
      ["guard.policy"],
    ],
    [
      "one by an ARN that is none of IAM's",
      [team(), { ...guard, props: { ...guard.props, arn: "guard-arn" } }, attach("guard-arn")],
      ["guard.policy"],
    ],
    [
      "its own attachments, whatever list another group has to itself",
      [
        team(),
        team("others"),
        guard,
        attach(arnOf("guard")),
        resource("aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive", "only", {
          ...{ groupName: "others", policyArns: [arnOf("guard")] },
        }),
      ],
      ["guard.policy"],
    ],
    [
      "perhaps one of two policies of one name",
      [team(), guard, resource("aws:iam/policy:Policy", "other", guard.props), attach(arnOf("guard"))],
      ["?"],
    ],
    [
      "perhaps it, while it is not known whose attachments are owned",
      [team(), guard, attach(arnOf("guard")), owner("guard", LATER)],
      ["?"],
    ],
  ])("%s", (_, resources, expected) => {
    expect(outcomesOf(...resources)).toEqual(expected);
  });

  test("what names it by one of the resources that the name depends on, whatever the others are", () => {
    const bucket = resource("aws:s3/bucket:Bucket", "bucket", {});
    const group = resource(GROUP, "team", { name: "team" });
    const policy = resource(
      "aws:iam/groupPolicy:GroupPolicy",
      "a",
      { name: "a", group: LATER, policy: DENY },
      { group: [bucket.urn, declared("x").urn, group.urn] },
    );
    expect(outcomesOf(group, bucket, declared("x"), policy)).toEqual(["a.policy"]);
  });

  test("of seven names with two policies each, in more orders than are told apart, what they allow", () => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const all = names.flatMap((name) => [inlineOf(name), inlineOf(name.toUpperCase())]);
    const guarded = (...more: Resource[]) => {
      const graph = new IamGraph([team(), ...more]);
      const [group] = graph.holders("groups");
      if (group === undefined) throw new Error("no group");
      const { outcomes } = graph.carriedBy(group);
      const statements = graph
        .policiesOf(group)
        .flatMap((each) => each.statements.map(({ effect }) => effect));
      const { verdict } = graph.guards({ allowedWithoutMfa: [], guardPolicyArns: [] })(group);
      return [outcomes.length, verdict.kind, new Set(statements)];
    };
    expect(guarded(...all.slice(2))).toEqual([64, "guarded", new Set(["Deny"])]);
    expect(guarded(...all)).toEqual([1, "open", new Set([])]);
    const [first, ...others] = all;
    const allow = inlineOf("a", { policy: ALLOW });
    expect(guarded(allow, ...others)).toEqual([1, "open", new Set(["Allow"])]);
    expect(guarded(...all, inlineOf("h"))).toEqual([1, "guarded", new Set(["Deny"])]);
    expect(guarded(inlineOf("a", { policy: LATER }), ...others)).toEqual([1, "unknown", new Set([])]);
    expect(first?.name).toBe("a");
  });
});

const IN_TEAM = { declared: ["team"], hasUnresolved: false };

describe("a user is in", () => {
  const alice = resource(USER, "alice", { name: "alice" });
  const membership = (name: string, ...groups: readonly unknown[]) =>
    resource("aws:iam/userGroupMembership:UserGroupMembership", name, { user: name, groups });
  const members = (group: unknown, ...users: readonly unknown[]) =>
    resource("aws:iam/groupMembership:GroupMembership", `members-${group}-${users}`, { users, group });
  const later = new Unknown("later");

  test.each<[string, Resource[], object]>([
    ["no group", [team()], {}],
    [
      "the groups that a membership names",
      [team(), membership("alice", "team", "elsewhere")],
      { declared: ["team"], outside: ["elsewhere"] },
    ],
    ["no group of another user", [team(), membership("bob", "team")], {}],
    [
      "a group beside others",
      [team(), membership("alice", "team"), membership("bob", "team")],
      { declared: ["team"] },
    ],
    ["a group that owns its members", [team(), members("team", "alice")], { declared: ["team"] }],
    ["no group that owns its members without the user", [team(), members("team", "bob")], {}],
    [
      "perhaps none that another resource takes the user out of, by the group's output",
      [
        team(),
        membership("alice", "team"),
        resource(
          "aws:iam/groupMembership:GroupMembership",
          "owner",
          { users: ["bob"], group: later },
          { group: [team().urn] },
        ),
      ],
      { contested: ["team: owner"] },
    ],
    [
      "perhaps one of two groups that a list beside another name depends on",
      [
        team(),
        team("work"),
        resource(
          "aws:iam/userGroupMembership:UserGroupMembership",
          "m",
          { user: "alice", groups: ["elsewhere", later] },
          { groups: [team().urn, team("work").urn] },
        ),
      ],
      { outside: ["elsewhere"], hasUnresolved: true },
    ],
    [
      "perhaps none that another resource takes the user out of",
      [team(), membership("alice", "team"), members("team", "bob")],
      { contested: ["team: members-team-bob"] },
    ],
    [
      "perhaps one whose owner is not known",
      [team(), membership("alice", "team"), members("team", later)],
      { hasUnresolved: true },
    ],
    [
      "perhaps one that another resource may turn out to own",
      [team(), membership("alice", "team"), members(later, "bob")],
      { hasUnresolved: true },
    ],
    [
      "perhaps none of which one owner is not known and the other names somebody else",
      [team(), membership("alice", "team"), members("team", later), members("team", "bob")],
      { contested: ["team: members-team-[object Object],members-team-bob"], hasUnresolved: true },
    ],
    [
      "perhaps a group, while the membership is not known",
      [team(), membership("alice", later)],
      { hasUnresolved: true, mayBeOutside: true },
    ],
    [
      "the only group there is, and perhaps one from elsewhere",
      [team(), membership("alice", "team", later)],
      { declared: ["team"], mayBeOutside: true },
    ],
    [
      "perhaps a group, while whose membership it is is not known",
      [
        team(),
        resource("aws:iam/userGroupMembership:UserGroupMembership", "m", { user: later, groups: ["team"] }),
      ],
      { hasUnresolved: true },
    ],
    [
      "no group to which the same policy is attached",
      [
        team(),
        resource("aws-native:iam:ManagedPolicy", "p", {
          policyDocument: DENY,
          users: ["alice"],
          groups: ["team"],
        }),
      ],
      {},
    ],
  ])("%s", (_, resources, expected) => {
    const graph = new IamGraph([alice, ...resources]);
    const [user] = graph.holders("users");
    if (user === undefined) throw new Error("no user");
    const { declared, contested, ...more } = graph.groupsOf(user);
    const found = {
      ...more,
      declared: declared.map(({ name }) => name),
      contested: contested.map(({ group, by }) => `${String(group.name)}: ${by}`),
    };
    expect(found).toEqual({
      ...{ declared: [], outside: [], mayBeOutside: false, hasUnresolved: false, contested: [] },
      ...expected,
    });
    const [group] = graph.holders("groups");
    expect(group && graph.membersOf(group).map(({ name }) => name)).toEqual(
      found.declared.map(() => "alice"),
    );
  });

  const when = (value: unknown) => ({ "Fn::If": ["C", value, { Ref: "AWS::NoValue" }] });
  const addition = (more: object) => ({
    Both: {
      Type: "AWS::IAM::UserToGroupAddition",
      Properties: { Users: ["alice"], GroupName: "team" },
      ...more,
    },
  });

  test.each<[string, object, object, object]>([
    ["perhaps a group, under the membership's condition", {}, addition({ Condition: "C" }), {}],
    ["perhaps a group that it names under a condition", { Groups: [when("team")] }, {}, {}],
    ["perhaps a group that it refers to under a condition", { Groups: [when({ Ref: "Team" })] }, {}, {}],
    ["perhaps a group of which it names another under a condition", { Groups: [when("others")] }, {}, {}],
    [
      "a group that it names, and once more under a condition",
      { Groups: ["team", when("team")] },
      {},
      IN_TEAM,
    ],
    [
      "a group that it names under a condition and refers to",
      { Groups: [when("team"), { Ref: "Team" }] },
      {},
      IN_TEAM,
    ],
  ])("of a template: %s", (_, properties, more, expected) => {
    const Resources = {
      Alice: { Type: "AWS::IAM::User", Properties: { UserName: "alice", ...properties } },
      Team: { Type: "AWS::IAM::Group", Properties: { GroupName: "team" } },
      Elsewhere: { Type: "AWS::IAM::Group", Properties: { GroupName: "elsewhere" } },
      ...more,
    };
    const Parameters = { P: { Type: "String" } };
    const Conditions = { C: { "Fn::Equals": [{ Ref: "P" }, "x"] } };
    const templateBody = { Parameters, Conditions, Resources };
    const graph = new IamGraph([resource("aws:cloudformation/stackSet:StackSet", "set", { templateBody })]);
    const [user] = graph.holders("users");
    const { declared, hasUnresolved } = (user && graph.groupsOf(user)) ?? {};
    const found = { declared: declared?.map(({ name }) => name), hasUnresolved };
    expect(found).toEqual({ declared: [], hasUnresolved: true, ...expected });
  });
});

test("a user of CloudFormation is in the groups that it names itself", () => {
  const user = resource("aws-native:iam:User", "alice", { userName: "alice", groups: ["team"] });
  const graph = new IamGraph([user, team()]);
  const [alice] = graph.holders("users");
  expect(alice && graph.groupsOf(alice).declared.map(({ name }) => name)).toEqual(["team"]);
});

test("every answer is in the order of the resources' URNs, whatever order they come in", () => {
  const names = ["b", "a", "c", "a2"];
  for (const order of [names, [...names].reverse()]) {
    const graph = new IamGraph(order.map((name) => team(name)));
    expect(graph.resources.map(({ name }) => name)).toEqual(["a", "a2", "b", "c"]);
    expect(graph.holders("groups").map(({ name }) => name)).toEqual(["a", "a2", "b", "c"]);
    const stacks = order.map((name) => resource("aws:cloudformation/stack:Stack", name, {}));
    expect(new IamGraph(stacks).nested.map(({ holder }) => holder.name)).toEqual(["a", "a2", "b", "c"]);
  }
});

test("a role carries what depends on it", () => {
  const role = resource("aws:iam/role:Role", "deploy", {});
  const policy = resource("aws:iam/rolePolicy:RolePolicy", "a", { policy: DENY }, { role: [role.urn] });
  const graph = new IamGraph([role, { ...policy, props: { ...policy.props, role: LATER } }]);
  const [holder] = graph.holders("roles");
  expect(holder && graph.policiesOf(holder)).toHaveLength(1);
});

test("only a role has a trust policy, where it declares one", () => {
  const trust = { Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" } };
  const of = (type: string, props: Resource["props"]) =>
    new IamGraph([]).trustOf(resource(type, "x", props))?.kind;
  expect(of("aws:iam/role:Role", { assumeRolePolicy: trust })).toBe("policy");
  expect(of("aws:iam/role:Role", { assumeRolePolicy: "{" })).toBe("refused");
  expect(of("aws:iam/role:Role", {})).toBeUndefined();
  expect(of(GROUP, { assumeRolePolicy: trust })).toBeUndefined();
  expect(of("aws:s3/bucket:Bucket", { undefined: trust })).toBeUndefined();
});

test("what a group may leave open is asked by each configuration", () => {
  const policy = { Statement: { Effect: "Deny", NotAction: "s3:*", Resource: "*" } };
  const graph = new IamGraph([team(), inlineOf("a", { policy })]);
  const [group] = graph.holders("groups");
  const kind = (allowedWithoutMfa: string[]) =>
    group && graph.guards({ allowedWithoutMfa, guardPolicyArns: [] })(group).verdict.kind;
  expect(["s3:*", "iam:*"].map((each) => kind([each]))).toEqual(["guarded", "open"]);
});

test("a document is read once, however often it is asked about", () => {
  const text = JSON.stringify(DENY);
  const graph = new IamGraph([team(), inlineOf("a", { policy: text }), inlineOf("b", { policy: text })]);
  const [group] = graph.holders("groups");
  const [a, b] = group ? graph.policiesOf(group) : [];
  expect(a).toBeDefined();
  expect(a).toBe(b);
});

describe("a credential is declared", () => {
  const native = (loginProfile?: object) =>
    resource("aws-native:iam:User", "bob", { userName: "bob", ...(loginProfile && { loginProfile }) });
  const key = (user: unknown, user_: string[] = []) =>
    resource("aws:iam/accessKey:AccessKey", "key", { user }, { user: user_ });
  const alice = resource(USER, "alice", { name: "alice", undefined: "x" });

  test.each<[string, Resource[], string[]]>([
    ["by a key", [alice, key("alice")], ["alice an access key"]],
    [
      "by a key of a user whose name depends on others, too",
      [alice, team(), key(LATER, [team().urn, alice.urn])],
      ["alice an access key"],
    ],
    ["by a password", [native({ password: "x" })], ["bob a console password"]],
    ["by no user without one", [native(), alice], []],
  ])("%s", (_, resources, expected) => {
    const { of, stray } = new IamGraph(resources).credentials();
    expect([...of].flatMap(([{ name }, all]) => all.map(({ what }) => `${String(name)} ${what}`))).toEqual(
      expected,
    );
    expect(stray).toEqual([]);
  });
});

describe("whom nothing of their own guards", () => {
  const ACCOUNT = "111122223333";
  const arn = `arn:aws:iam::${ACCOUNT}:user/alice`;
  const denyIf = (condition: object) => ({ ...DENY.Statement, Condition: condition });
  const DENY_FALSE = denyIf({ Bool: { "aws:MultiFactorAuthPresent": "false" } });
  const DENY_ABSENT = denyIf({ Null: { "aws:MultiFactorAuthPresent": "true" } });
  const limit = (name: string, Statement: object, more: Partial<Pick<Limit, "kind" | "accounts">> = {}) => ({
    document: { Statement },
    about: { kind: "SCP" as const, name, ...more },
  });
  type Written = ReturnType<typeof limit>;
  const RCP = { kind: "RCP" } as const;
  const ELSEWHERE = { accounts: new Set(["444455556666"]) };

  /** Whether they are guarded, and by what. */
  function guarding(of: Resource, limits: readonly Written[], ...more: Resource[]) {
    const parsed = limits.map(({ document, about }) => parseLimit(document, about));
    const graph = new IamGraph(
      [of, ...more],
      undefined,
      parsed.flatMap((each) => (each.ok ? [each.limit] : [])),
    );
    const [holder] = [...graph.holders("users"), ...graph.holders("groups")];
    if (holder === undefined || parsed.some(({ ok }) => !ok)) throw new Error("nobody, or a refused limit");
    const guardOf = graph.guards({ allowedWithoutMfa: [], guardPolicyArns: ["arn:aws:iam::*:policy/org/*"] });
    const { verdict, contested, closedBy = [] } = guardOf(holder);
    const by = closedBy.map(({ kind, name }) => `${kind} ${name}`);
    const form = verdict.kind === "guarded" ? [verdict.form] : [];
    return [verdict.kind, ...form, ...by, ...contested].join(" ");
  }

  const user = (props: Resource["props"] = { arn }) => resource(USER, "alice", { name: "alice", ...props });

  test.each<[string, Resource["props"], Written[], string]>([
    ["an SCP of the account guards them", { arn }, [limit("a", DENY.Statement)], "guarded complete SCP a"],
    [
      "an SCP guards them by CloudFormation's name",
      { Arn: arn },
      [limit("a", DENY.Statement)],
      "guarded complete SCP a",
    ],
    [
      "two SCPs guard them together, and a third is not needed",
      { arn },
      [limit("a", DENY_FALSE), limit("b", DENY_ABSENT), limit("c", DENY_FALSE)],
      "guarded complete SCP a SCP b",
    ],
    ["half an SCP does not", { arn }, [limit("a", DENY_FALSE)], "open"],
    ["an SCP of another account does not", { arn }, [limit("a", DENY.Statement, ELSEWHERE)], "open"],
    ["an RCP does not", { arn }, [limit("a", { ...DENY.Statement, Principal: "*" }, RCP)], "open"],
    ["an SCP that allows does not", { arn }, [limit("a", ALLOW.Statement)], "open"],
    ["an SCP of an account that is not known does not", {}, [limit("a", DENY.Statement)], "open"],
    ...[`${ACCOUNT}4`, `x${ACCOUNT}`, "1111", "a-dozen-char", ""].map(
      (account): [string, Resource["props"], Written[], string] => [
        `an SCP does not guard them in what is no account: ${account}`,
        { arn: `arn:aws:iam::${account}:user/alice` },
        [limit("a", DENY.Statement)],
        "open",
      ],
    ),
    ["an SCP does not guard them by what is no ARN", { arn: "alice" }, [limit("a", DENY.Statement)], "open"],
    [
      "an SCP does not guard them by an ARN that is not known",
      { arn: LATER },
      [limit("a", DENY.Statement)],
      "open",
    ],
  ])("%s", (_, props, limits, expected) => {
    expect(guarding(user(props), limits)).toBe(expected);
  });

  const boundary = (permissionsBoundary: unknown) => user({ permissionsBoundary });
  const policy = (name: string, statement: unknown) =>
    resource("aws:iam/policy:Policy", name, { name, policy: { Statement: statement } });

  test.each<[string, Resource, Resource[], string]>([
    [
      "a boundary that denies everything guards them",
      boundary(arnOf("b")),
      [policy("b", DENY.Statement)],
      `guarded complete permissions boundary ${arnOf("b")}`,
    ],
    [
      "a boundary guards them by its resource",
      { ...boundary(LATER), dependencies: { permissionsBoundary: [policy("b", []).urn] } },
      [policy("b", DENY.Statement)],
      "guarded complete permissions boundary b",
    ],
    [
      "a boundary guards them that the configuration names",
      boundary(arnOf("org/b")),
      [],
      `guarded complete permissions boundary ${arnOf("org/b")}`,
    ],
    ["a boundary that allows does not", boundary(arnOf("b")), [policy("b", ALLOW.Statement)], "open"],
    ["a boundary from elsewhere does not", boundary(arnOf("b")), [], "open"],
    [
      "a boundary of which a part is not known may",
      boundary(arnOf("b")),
      [policy("b", [ALLOW.Statement, LATER])],
      `unknown permissions boundary ${arnOf("b")}`,
    ],
    ["a boundary that is not known may", boundary(LATER), [], "unknown"],
    [
      "a group has none",
      resource(GROUP, "team", { name: "team", permissionsBoundary: arnOf("org/b") }),
      [],
      "open",
    ],
    [
      "a policy of which a part is not known may",
      team(),
      [inlineOf("a", { policy: { Statement: [ALLOW.Statement, LATER] } })],
      "unknown",
    ],
    ["a policy that AWS refuses does not", team(), [inlineOf("a", { policy: "{" })], "open"],
  ])("%s", (_, of, more, expected) => {
    expect(guarding(of, [], ...more)).toBe(expected);
  });

  test("who names no boundary has none", () => {
    const graph = new IamGraph([user()]);
    expect(graph.holders("users").map((each) => graph.boundaryOf(each))).toEqual([undefined]);
  });

  test("what guards them has nothing to do with an order of writes", () => {
    const inline = (name: string, statement: object) =>
      resource("aws:iam/userPolicy:UserPolicy", name, {
        name,
        user: "alice",
        policy: { Statement: statement },
      });
    const contested = [inline("a", DENY.Statement), inline("A", ALLOW.Statement)];
    expect(guarding(user(), [], ...contested)).toBe("open A a");
    expect(guarding(user(), [limit("a", DENY.Statement)], ...contested)).toBe("guarded complete SCP a");
    const [own] = contested;
    expect(guarding(user(), [limit("a", DENY.Statement)], ...(own ? [own] : []))).toBe("guarded complete");
  });
});
