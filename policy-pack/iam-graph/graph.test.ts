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

test("two unknown ARNs in a list that depends on two policies are these policies", () => {
  const props = { groupName: "team", managedPolicyArns: [LATER, new Unknown("policyArn")] };
  const group = resource("aws-native:iam:Group", "team", props, { managedPolicyArns: URNS });
  expect(carried(group)).toEqual({ documents: 2, hasUnresolved: false });
});

test("an unknown ARN that depends on two policies may be either, even in two attachments", () => {
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

test("the policies of a group exclude an unknown inline policy", () => {
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

/** The documents that the group of a template has, in each order of the writes. */
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
    ["has a policy that names it", { GroupName: "team" }, attached("team"), [one]],
    ["has no policy that names another group", { GroupName: "team" }, attached("others"), [none]],
    ["has a policy that refers to it", {}, attached({ Ref: "Team" }), [one]],
    ["has no policy that names a group by text if AWS generates its name", {}, attached("team"), [none]],
    [
      "may have a policy that names a group if its own name is unknown",
      { GroupName: { Ref: "Stage" } },
      attached("team"),
      [perhaps],
    ],
    [
      "may have a policy that names a group if its own name is conditional",
      { GroupName: either("team", "others") },
      attached("team"),
      [perhaps],
    ],
    [
      "may have a policy whose group is a parameter",
      { GroupName: "team" },
      attached({ Ref: "Stage" }),
      [perhaps],
    ],
    [
      "may have a policy whose groups are a parameter and another group",
      { GroupName: "team" },
      attached({ Ref: "Stage" }, { other: { Ref: "Other" } }),
      [perhaps],
    ],
    [
      "may have a policy that names it under a condition",
      { GroupName: "team" },
      attached(either("team", "others")),
      [perhaps],
    ],
    [
      "may have a policy that refers to it under a condition",
      {},
      attached(either({ Ref: "Team" }, "others")),
      [perhaps],
    ],
    [
      "has a policy that names it, and again under a condition",
      { GroupName: "team" },
      attached("team", { more: either("team", "others") }),
      [one],
    ],
    [
      "has a policy that refers to it, and again under a condition",
      {},
      attached({ Ref: "Team" }, { more: either({ Ref: "Team" }, "others") }),
      [one],
    ],
    [
      "may have a policy that names a group by text with its own name",
      {},
      attached({ "Fn::Sub": "${Team}-others" }),
      [perhaps],
    ],
    [
      "has each of two policies of one name in two branches, without replacement",
      { Policies: [either(inlinePolicy("a"), { ...inlinePolicy("a"), PolicyDocument: ALLOW })] },
      attached("others"),
      [{ documents: 2, hasUnresolved: false }],
    ],
    [
      "has the last written of two policies with one name",
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

describe("inline policies of one name in a template", () => {
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
      "guard if one is a guard and the other a conditional guard",
      [inline(deny), inline(deny, "IsProd")],
      ["guarded"],
    ],
    [
      "may guard if one is a guard and the other a conditional Allow",
      [inline(deny), inline(allow, "IsProd")],
      ["unknown", "P1", "P2"],
    ],
    [
      "do not guard if only the conditional one is a guard",
      [inline(allow), inline(deny, "IsProd")],
      ["open", "P1", "P2"],
    ],
    [
      "guard if both are guards with opposite conditions",
      [inline(deny, "IsTest"), inline(deny, "IsNotTest")],
      ["guarded"],
    ],
    [
      "guard if all three are guards, two of them conditional",
      [inline(deny), inline(deny, "IsProd"), inline(deny, "IsTest")],
      ["guarded"],
    ],
    [
      "may guard if a third one may replace the guard with its condition",
      [inline(deny, "IsTest"), inline(deny, "IsNotTest"), inline(allow, "IsTest")],
      ["unknown", "P1", "P2", "P3"],
    ],
    [
      "do not guard if too many of them are conditional",
      [
        ...["IsAll1", "IsAll2", "IsAll3", "IsAll4"].map((condition) => inline(allow, condition)),
        inline(deny),
      ],
      ["open", "P1", "P2", "P3", "P4", "P5"],
    ],
    [
      "guard if a condition gives them different names",
      [inline(deny), inline(allow, undefined, { "Fn::If": ["IsProd", "b", "c"] })],
      ["guarded"],
    ],
    [
      "may guard if a condition may give them one name",
      [inline(deny), inline(allow, undefined, { "Fn::If": ["IsProd", "a", "c"] })],
      ["unknown", "P1", "P2"],
    ],
    [
      "do not guard if any of three may be the last written",
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
    ["is the declared policy of that name, since it is unique in an account", own("guard"), named, "guarded"],
    [
      "is the declared policy in another case, since names differ in more than case",
      own("Guard"),
      named,
      "guarded",
    ],
    ["is the declared policy with its path", own("team/guard"), { ...named, Path: "/team/" }, "guarded"],
    ["is not the declared policy with another path", own("guard"), { ...named, Path: "/team/" }, "open"],
    ["is not the declared policy by another name", own("work"), named, "open"],
    ["is not the declared policy if AWS generates its name", own("guard"), {}, "open"],
    [
      "may be the declared policy if its name is unknown",
      own("guard"),
      { ManagedPolicyName: { Ref: "Name" } },
      "unknown",
    ],
    [
      "is not the declared policy if it is an AWS managed policy of that name",
      "arn:aws:iam::aws:policy/guard",
      named,
      "open",
    ],
    [
      "is not the declared policy of unknown name if it is an AWS managed policy",
      pseudo("aws:policy/AdministratorAccess"),
      { ManagedPolicyName: { Ref: "Name" } },
      "open",
    ],
    [
      "is the declared policy in the template's own account",
      pseudo("${AWS::AccountId}:policy/guard"),
      named,
      "guarded",
    ],
    [
      "is not the declared policy by another name in the template's own account",
      pseudo("${AWS::AccountId}:policy/work"),
      named,
      "open",
    ],
    [
      "may be the declared policy by an unknown name",
      pseudo("${AWS::AccountId}:policy/${Name}"),
      named,
      "unknown",
    ],
    [
      "may be the declared policy in an unknown account",
      { "Fn::Sub": "arn:aws:iam::${Name}:policy/guard" },
      named,
      "unknown",
    ],
    ["may be the declared policy under a condition", perhaps(own("guard")), named, "unknown"],
    [
      "may be the declared policy if its name depends on a condition",
      own("guard"),
      { ManagedPolicyName: perhaps("guard") },
      "unknown",
    ],
    ["is a configured guard", own("org/guard"), named, "guarded"],
    ["may be a configured guard under a condition", perhaps(own("org/guard")), named, "unknown"],
    [
      "is a configured guard in any account",
      { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:policy/org/guard" },
      named,
      "guarded",
    ],
    [
      "may be a configured guard in an unknown partition",
      pseudo("${AWS::AccountId}:policy/org/guard"),
      named,
      "unknown",
    ],
  ])("%s", (_, arn, declared, expected) => {
    expect(attachedTo(arn, declared)).toBe(expected);
  });
});

test("a PolicyAttachment for others detaches the policy from a group that has it by ARN", () => {
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

test("a PolicyAttachment for others may detach the policy from both branches of a condition", () => {
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

test("a credential is its user's, or stray if its user is not declared", () => {
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

/** For each order of the writes: where the documents are, which are unknown, what is attached from outside, and whether there may be more. */
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

describe("a group", () => {
  const guard = declared("guard");
  test.each<[string, Resource[], string[]]>([
    ["has no policy by default", [team()], [""]],
    ["has an inline policy", [team(), inlineOf("a")], ["a.policy"]],
    [
      "may have each of two inline policies whose names may be the same",
      [team(), inlineOf(LATER, {}, "x"), inlineOf("a")],
      ["a.policy? x.policy?"],
    ],
    [
      "has both of two inline policies whose partly unknown names differ",
      [team(), inlineOf(text(LATER, "-x"), {}, "x"), inlineOf("a")],
      ["a.policy x.policy"],
    ],
    [
      "has the last written of two inline policies with one partly unknown name",
      [team(), inlineOf(text(STACK, "-a"), {}, "x"), inlineOf(text(STACK, "-A"), {}, "y")],
      ["x.policy", "y.policy", "contested: x,y"],
    ],
    [
      "has an inline policy whose name AWS generates, beside any other",
      [team(), inlineOf(undefined, {}, "x"), inlineOf(LATER, {}, "y")],
      ["x.policy y.policy"],
    ],
    [
      "has the last written of two inline policies with one name",
      [team(), inlineOf("a"), inlineOf("A"), inlineOf("b")],
      ["A.policy b.policy", "a.policy b.policy", "contested: A,a"],
    ],
    [
      "has only the inline policies that an exclusive list names",
      [team(), inlineOf("a"), inlineOf("b"), onlyInline(["a"])],
      ["a.policy"],
    ],
    [
      "may have an inline policy, if the exclusive list is unknown",
      [team(), inlineOf("a"), onlyInline(LATER)],
      ["a.policy?"],
    ],
    [
      "may have an inline policy, if its name and the exclusive list are partly unknown",
      [team(), inlineOf("a"), inlineOf(text(LATER, "-b"), {}, "x"), onlyInline([text(LATER, "-c"), "1-b"])],
      ["x.policy?"],
    ],
    [
      "may have an inline policy whose name AWS generates, if the exclusive list is partly unknown",
      [team(), inlineOf(undefined, {}, "x"), onlyInline(["a", LATER])],
      ["x.policy?"],
    ],
    ["has an attached policy", [team(), guard, attach(arnOf("guard"))], ["guard.policy"]],
    [
      "has no policy that is attached to another group",
      [team(), team("others"), guard, attach(arnOf("guard"), { group: "others" })],
      [""],
    ],
    [
      "has an attached policy that is not declared",
      [team(), attach("arn:aws:iam::aws:policy/ReadOnlyAccess")],
      ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    ],
    [
      "has each of several attached policies",
      [team(), guard, attach(arnOf("guard")), attach(arnOf("work"))],
      [`guard.policy ${arnOf("work")}`],
    ],
    ["may have a policy, if the attachment's ARN is unknown", [team(), guard, attach(LATER)], ["?"]],
    [
      "may have a policy, if the attachment's ARN depends on a resource outside the program",
      [team(), guard, attach(LATER, {}, { policyArn: ["urn:other"] })],
      ["?"],
    ],
    [
      "has only the attached policies that an exclusive list names",
      [team(), guard, attach(arnOf("work")), onlyAttached("one", arnOf("guard"))],
      ["guard.policy"],
    ],
    [
      "has the attached policies of the last written of two exclusive lists",
      [team(), guard, onlyAttached("one", arnOf("guard")), onlyAttached("two")],
      ["guard.policy", "", "contested: one,two"],
    ],
    [
      "has no policy that a PolicyAttachment gives to others only",
      [team(), guard, attach(arnOf("guard")), owner("guard", "others")],
      [""],
    ],
    [
      "has no policy that one of two PolicyAttachments gives to others only",
      [team(), guard, attach(arnOf("guard")), owner("guard", "team"), owner("guard", "others")],
      [""],
    ],
    [
      "has a policy that it shares with another group",
      [team(), guard, attach(arnOf("guard")), attach(arnOf("guard"), { group: "others" })],
      ["guard.policy"],
    ],
    [
      "has a policy beside the PolicyAttachment of another policy",
      [team(), guard, attach(arnOf("guard")), owner("work", "others")],
      ["guard.policy"],
    ],
    [
      "has no policy that names the group, if an exclusive list does not include it",
      [team(), resource(POLICY, "own", { policyDocument: DENY, groups: ["team"] }), onlyAttached("one")],
      [""],
    ],
    [
      "has a policy that names the group",
      [team(), resource(POLICY, "own", { policyDocument: DENY, groups: ["team"] })],
      ["own.policyDocument"],
    ],
    [
      "has no undeclared policy that a PolicyAttachment gives to others only",
      [team(), attach(arnOf("work")), owner("work", "others")],
      [""],
    ],
    [
      "has a policy beside the PolicyAttachment of an AWS managed policy of the same name",
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
      "has a policy by an ARN outside IAM",
      [team(), { ...guard, props: { ...guard.props, arn: "guard-arn" } }, attach("guard-arn")],
      ["guard.policy"],
    ],
    [
      "has an attached policy, whatever another group's exclusive list names",
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
      "may have one of two policies with one name",
      [team(), guard, resource("aws:iam/policy:Policy", "other", guard.props), attach(arnOf("guard"))],
      ["?"],
    ],
    [
      "may have a policy, if the groups of its PolicyAttachment are unknown",
      [team(), guard, attach(arnOf("guard")), owner("guard", LATER)],
      ["?"],
    ],
  ])("%s", (_, resources, expected) => {
    expect(outcomesOf(...resources)).toEqual(expected);
  });

  test("has a policy whose unknown group depends on it, whatever else it depends on", () => {
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

  test("has only the Allows of contested policies if their writes have over 64 orders", () => {
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

describe("a user", () => {
  const alice = resource(USER, "alice", { name: "alice" });
  const membership = (name: string, ...groups: readonly unknown[]) =>
    resource("aws:iam/userGroupMembership:UserGroupMembership", name, { user: name, groups });
  const members = (group: unknown, ...users: readonly unknown[]) =>
    resource("aws:iam/groupMembership:GroupMembership", `members-${group}-${users}`, { users, group });
  const later = new Unknown("later");

  test.each<[string, Resource[], object]>([
    ["is in no group by default", [team()], {}],
    [
      "is in the groups that a membership names",
      [team(), membership("alice", "team", "elsewhere")],
      { declared: ["team"], outside: ["elsewhere"] },
    ],
    ["is in no group of another user", [team(), membership("bob", "team")], {}],
    [
      "is in a group that another user is also in",
      [team(), membership("alice", "team"), membership("bob", "team")],
      { declared: ["team"] },
    ],
    [
      "is in a group whose GroupMembership lists the user",
      [team(), members("team", "alice")],
      { declared: ["team"] },
    ],
    ["is in no group whose GroupMembership lists others only", [team(), members("team", "bob")], {}],
    [
      "has a contested group if a GroupMembership by the group's output lists others only",
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
      "may be in one of two groups that a partly unknown list depends on",
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
      "has a contested group if its GroupMembership lists others only",
      [team(), membership("alice", "team"), members("team", "bob")],
      { contested: ["team: members-team-bob"] },
    ],
    [
      "may be in a group, if its GroupMembership lists unknown users",
      [team(), membership("alice", "team"), members("team", later)],
      { hasUnresolved: true },
    ],
    [
      "may be in a group, if the group of a GroupMembership is unknown",
      [team(), membership("alice", "team"), members(later, "bob")],
      { hasUnresolved: true },
    ],
    [
      "has a contested group if one GroupMembership is unknown and another lists others only",
      [team(), membership("alice", "team"), members("team", later), members("team", "bob")],
      { contested: ["team: members-team-[object Object],members-team-bob"], hasUnresolved: true },
    ],
    [
      "may be in a group, if the membership's group is unknown",
      [team(), membership("alice", later)],
      { hasUnresolved: true, mayBeOutside: true },
    ],
    [
      "is in the only declared group, and perhaps one from outside",
      [team(), membership("alice", "team", later)],
      { declared: ["team"], mayBeOutside: true },
    ],
    [
      "may be in a group, if the membership's user is unknown",
      [
        team(),
        resource("aws:iam/userGroupMembership:UserGroupMembership", "m", { user: later, groups: ["team"] }),
      ],
      { hasUnresolved: true },
    ],
    [
      "is in no group that has the same policy",
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
    ["may be in a group, under the membership's condition", {}, addition({ Condition: "C" }), {}],
    ["may be in a group that it names under a condition", { Groups: [when("team")] }, {}, {}],
    ["may be in a group that it refers to under a condition", { Groups: [when({ Ref: "Team" })] }, {}, {}],
    ["may be in a group, if it names another under a condition", { Groups: [when("others")] }, {}, {}],
    [
      "is in a group that it names, and again under a condition",
      { Groups: ["team", when("team")] },
      {},
      IN_TEAM,
    ],
    [
      "is in a group that it names under a condition and refers to",
      { Groups: [when("team"), { Ref: "Team" }] },
      {},
      IN_TEAM,
    ],
  ])("of a template %s", (_, properties, more, expected) => {
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

test("an aws-native user is in the groups that it names itself", () => {
  const user = resource("aws-native:iam:User", "alice", { userName: "alice", groups: ["team"] });
  const graph = new IamGraph([user, team()]);
  const [alice] = graph.holders("users");
  expect(alice && graph.groupsOf(alice).declared.map(({ name }) => name)).toEqual(["team"]);
});

test("resources, holders and nested stacks are in the order of their URNs", () => {
  const names = ["b", "a", "c", "a2"];
  for (const order of [names, [...names].reverse()]) {
    const graph = new IamGraph(order.map((name) => team(name)));
    expect(graph.resources.map(({ name }) => name)).toEqual(["a", "a2", "b", "c"]);
    expect(graph.holders("groups").map(({ name }) => name)).toEqual(["a", "a2", "b", "c"]);
    const stacks = order.map((name) => resource("aws:cloudformation/stack:Stack", name, {}));
    expect(new IamGraph(stacks).nested.map(({ holder }) => holder.name)).toEqual(["a", "a2", "b", "c"]);
  }
});

test("a role has a policy whose unknown role depends on it", () => {
  const role = resource("aws:iam/role:Role", "deploy", {});
  const policy = resource("aws:iam/rolePolicy:RolePolicy", "a", { policy: DENY }, { role: [role.urn] });
  const graph = new IamGraph([role, { ...policy, props: { ...policy.props, role: LATER } }]);
  const [holder] = graph.holders("roles");
  expect(holder && graph.policiesOf(holder)).toHaveLength(1);
});

test("only a role that declares a trust policy has one", () => {
  const trust = { Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" } };
  const of = (type: string, props: Resource["props"]) =>
    new IamGraph([]).trustOf(resource(type, "x", props))?.kind;
  expect(of("aws:iam/role:Role", { assumeRolePolicy: trust })).toBe("policy");
  expect(of("aws:iam/role:Role", { assumeRolePolicy: "{" })).toBe("refused");
  expect(of("aws:iam/role:Role", {})).toBeUndefined();
  expect(of(GROUP, { assumeRolePolicy: trust })).toBeUndefined();
  expect(of("aws:s3/bucket:Bucket", { undefined: trust })).toBeUndefined();
});

test("a guard is evaluated by the actions that the configuration allows", () => {
  const policy = { Statement: { Effect: "Deny", NotAction: "s3:*", Resource: "*" } };
  const graph = new IamGraph([team(), inlineOf("a", { policy })]);
  const [group] = graph.holders("groups");
  const kind = (allowedWithoutMfa: string[]) =>
    group && graph.guards({ allowedWithoutMfa, guardPolicyArns: [] })(group).verdict.kind;
  expect(["s3:*", "iam:*"].map((each) => kind([each]))).toEqual(["guarded", "open"]);
});

test("equal documents are parsed once", () => {
  const text = JSON.stringify(DENY);
  const graph = new IamGraph([team(), inlineOf("a", { policy: text }), inlineOf("b", { policy: text })]);
  const [group] = graph.holders("groups");
  const [a, b] = group ? graph.policiesOf(group) : [];
  expect(a).toBeDefined();
  expect(a).toBe(b);
});

describe("the credentials of users", () => {
  const native = (loginProfile?: object) =>
    resource("aws-native:iam:User", "bob", { userName: "bob", ...(loginProfile && { loginProfile }) });
  const key = (user: unknown, user_: string[] = []) =>
    resource("aws:iam/accessKey:AccessKey", "key", { user }, { user: user_ });
  const alice = resource(USER, "alice", { name: "alice", undefined: "x" });

  test.each<[string, Resource[], string[]]>([
    ["an access key", [alice, key("alice")], ["alice an access key"]],
    [
      "an access key whose unknown user depends on other resources too",
      [alice, team(), key(LATER, [team().urn, alice.urn])],
      ["alice an access key"],
    ],
    ["a console password", [native({ password: "x" })], ["bob a console password"]],
    ["nothing by default", [native(), alice], []],
  ])("include %s", (_, resources, expected) => {
    const { of, stray } = new IamGraph(resources).credentials();
    expect([...of].flatMap(([{ name }, all]) => all.map(({ what }) => `${String(name)} ${what}`))).toEqual(
      expected,
    );
    expect(stray).toEqual([]);
  });
});

describe("a user or group without a guard of its own", () => {
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

  /** Whether the holder is guarded, and by what. */
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
    ["is guarded by an SCP of the account", { arn }, [limit("a", DENY.Statement)], "guarded complete SCP a"],
    [
      "is guarded by an SCP of the account in CloudFormation's Arn",
      { Arn: arn },
      [limit("a", DENY.Statement)],
      "guarded complete SCP a",
    ],
    [
      "is guarded by two SCPs together, without a redundant third",
      { arn },
      [limit("a", DENY_FALSE), limit("b", DENY_ABSENT), limit("c", DENY_FALSE)],
      "guarded complete SCP a SCP b",
    ],
    ["is not guarded by an SCP that misses a context", { arn }, [limit("a", DENY_FALSE)], "open"],
    ["is not guarded by an SCP of another account", { arn }, [limit("a", DENY.Statement, ELSEWHERE)], "open"],
    ["is not guarded by an RCP", { arn }, [limit("a", { ...DENY.Statement, Principal: "*" }, RCP)], "open"],
    ["is not guarded by an SCP that allows", { arn }, [limit("a", ALLOW.Statement)], "open"],
    ["is not guarded by an SCP in an unknown account", {}, [limit("a", DENY.Statement)], "open"],
    ...[`${ACCOUNT}4`, `x${ACCOUNT}`, "1111", "a-dozen-char", ""].map(
      (account): [string, Resource["props"], Written[], string] => [
        `is not guarded by an SCP if its ARN has an invalid account: ${account}`,
        { arn: `arn:aws:iam::${account}:user/alice` },
        [limit("a", DENY.Statement)],
        "open",
      ],
    ),
    [
      "is not guarded by an SCP if its ARN is invalid",
      { arn: "alice" },
      [limit("a", DENY.Statement)],
      "open",
    ],
    ["is not guarded by an SCP if its ARN is unknown", { arn: LATER }, [limit("a", DENY.Statement)], "open"],
  ])("%s", (_, props, limits, expected) => {
    expect(guarding(user(props), limits)).toBe(expected);
  });

  const boundary = (permissionsBoundary: unknown) => user({ permissionsBoundary });
  const policy = (name: string, statement: unknown) =>
    resource("aws:iam/policy:Policy", name, { name, policy: { Statement: statement } });

  test.each<[string, Resource, Resource[], string]>([
    [
      "is guarded by a boundary that denies everything",
      boundary(arnOf("b")),
      [policy("b", DENY.Statement)],
      `guarded complete permissions boundary ${arnOf("b")}`,
    ],
    [
      "is guarded by a boundary that is the output of a declared policy",
      { ...boundary(LATER), dependencies: { permissionsBoundary: [policy("b", []).urn] } },
      [policy("b", DENY.Statement)],
      "guarded complete permissions boundary b",
    ],
    [
      "is guarded by a boundary that the configuration names",
      boundary(arnOf("org/b")),
      [],
      `guarded complete permissions boundary ${arnOf("org/b")}`,
    ],
    [
      "is not guarded by a boundary that allows",
      boundary(arnOf("b")),
      [policy("b", ALLOW.Statement)],
      "open",
    ],
    ["is not guarded by a boundary that is not declared", boundary(arnOf("b")), [], "open"],
    [
      "may be guarded by a boundary with an unknown part",
      boundary(arnOf("b")),
      [policy("b", [ALLOW.Statement, LATER])],
      `unknown permissions boundary ${arnOf("b")}`,
    ],
    ["may be guarded by a boundary that is unknown", boundary(LATER), [], "unknown"],
    [
      "is not guarded by a boundary if it is a group",
      resource(GROUP, "team", { name: "team", permissionsBoundary: arnOf("org/b") }),
      [],
      "open",
    ],
    [
      "may be guarded by a policy with an unknown part",
      team(),
      [inlineOf("a", { policy: { Statement: [ALLOW.Statement, LATER] } })],
      "unknown",
    ],
    ["is not guarded by a policy that AWS refuses", team(), [inlineOf("a", { policy: "{" })], "open"],
  ])("%s", (_, of, more, expected) => {
    expect(guarding(of, [], ...more)).toBe(expected);
  });

  test("has no boundary if it names none", () => {
    const graph = new IamGraph([user()]);
    expect(graph.holders("users").map((each) => graph.boundaryOf(each))).toEqual([undefined]);
  });

  test("is guarded by an SCP whatever the order in which its policies are written", () => {
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
