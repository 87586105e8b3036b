// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates are full of them
import { describe, expect, test } from "vitest";
import { Unknown } from "../iam/policy/unknown";
import { DocumentReader } from "./document-reader";
import { nestedFiles, nestedResources } from "./nested-resources";
import type { Resource, TemplateFile } from "./resource";

const URN = "urn:pulumi:dev::app::aws:cloudformation/stack:Stack::legacy";
const holder = (type: string, props: Resource["props"], more: Partial<Resource> = {}): Resource => ({
  ...{ urn: URN, type, name: "legacy", props, dependencies: {}, secretOutputs: [] },
  ...more,
});
const inside = (type: string, props: Resource["props"], more: Partial<Resource> = {}) =>
  nestedResources(holder(type, props, more), new DocumentReader());
const stack = (templateBody: unknown, more: Partial<Resource> = {}, props: Resource["props"] = {}) =>
  inside("aws:cloudformation/stack:Stack", { templateBody, ...props }, more);

const later = new Unknown("later");
const nothing = { resources: [], unseen: [] };
const role = (name: unknown) => ({ Type: "AWS::IAM::Role", Properties: { RoleName: name } });
const nested = (resource: object) => ({
  Type: "AWS::CloudFormation::Stack",
  Properties: { TemplateBody: { Resources: { Inner: resource } } },
});
const ROLE = { Resources: { Deploy: role("deploy") } };
/** The name that a role of a template has in the stack. */
const nameOf = ({ resources }: ReturnType<typeof stack>) => resources[0]?.props.RoleName;

const pseudo = (name: string) => expect.objectContaining({ id: `${URN} AWS::${name}` });

describe("the resources of a template", () => {
  test("are named by their logical ids, and live where the resource does that holds it", () => {
    expect(stack(ROLE)).toEqual({
      resources: [
        {
          urn: `${URN}#Deploy`,
          type: "AWS::IAM::Role",
          name: "Deploy",
          props: { RoleName: "deploy" },
          dependencies: {},
          secretOutputs: [],
          home: { account: pseudo("AccountId"), partition: pseudo("Partition") },
          declaredBy: URN,
        },
      ],
      unseen: [],
    });
    expect(stack(ROLE, { provider: "home" }).resources).toMatchObject([{ provider: "home" }]);
  });

  test("are in the account of the provider, but those of a stack set", () => {
    const account = "111122223333";
    const name = { "Fn::Sub": "x-${AWS::AccountId}" };
    const template = { Resources: { Deploy: role(name), Nested: nested(role(name)) } };
    const names = (type: string) =>
      inside(type, { templateBody: template }, { home: { account } }).resources.map(
        ({ props }) => props.RoleName,
      );
    expect(names("aws:cloudformation/stack:Stack")).toEqual([`x-${account}`, `x-${account}`]);
    expect(names("aws:cloudformation/stackSet:StackSet")).toEqual([expect.any(Unknown), expect.any(Unknown)]);
  });

  test("depend on those that a property refers to", () => {
    const Group = { Type: "AWS::IAM::Group", Properties: { ManagedPolicyArns: [{ Ref: "Guard" }] } };
    const Guard = { Type: "AWS::IAM::ManagedPolicy", Properties: {} };
    expect(stack({ Resources: { Group, Guard } }).resources).toMatchObject([
      { dependencies: { ManagedPolicyArns: [`${URN}#Guard`] } },
      { dependencies: {} },
    ]);
  });

  test("have a condition, if they have one", () => {
    const Conditions = { C: { "Fn::Equals": [{ Ref: "P" }, "x"] } };
    const { resources } = stack({
      Conditions,
      Resources: { A: { ...role("a"), Condition: "C" }, B: role("b") },
    });
    expect(resources.map(({ condition }) => condition?.id)).toEqual([`<${URN} P> = "x"`, undefined]);
  });

  test("may have any property that a macro inside it may add", () => {
    const macro = (Type: string, Properties: object) => ({
      Type,
      Properties,
      "Fn::Transform": { Name: "Own" },
    });
    const [made] = stack({ Resources: { A: macro("AWS::IAM::Role", { RoleName: "deploy" }) } }).resources;
    expect(made?.props).toMatchObject({ RoleName: "deploy", MaxSessionDuration: expect.any(Unknown) });
    const [bucket] = stack({ Resources: { A: macro("AWS::S3::Bucket", {}) } }).resources;
    expect(bucket?.props).toEqual({});
  });

  test("are not seen behind a URL, nor where a part is not known", () => {
    expect(inside("aws:cloudformation/stack:Stack", { templateUrl: "https://example.com" })).toEqual({
      resources: [],
      unseen: ["the template behind templateUrl"],
    });
    expect(stack(later)).toMatchObject({ resources: [], unseen: ["later"] });
    expect(stack({ Resources: { Later: later } })).toMatchObject({ unseen: ["later at Resources.Later"] });
  });

  test.each<[string, unknown, string]>([
    ["as a whole", "[]", "expected "],
    ["in one place", { Resources: "none" }, "Resources: expected "],
  ])("that cannot be read are said to be broken, %s", (_, body, beginning) => {
    const { resources, unseen, broken } = stack(body);
    expect([resources, unseen]).toEqual([[], []]);
    expect(broken?.startsWith(beginning)).toBe(true);
    expect(broken).toContain(", found ");
  });
});

describe("what a template's stack says of its parameters", () => {
  const Parameters = { Name: { Type: "String", Default: "deploy" } };
  const body = { Parameters, Resources: { Deploy: role({ Ref: "Name" }) } };
  const account = { Resources: { Deploy: role({ "Fn::Sub": "${AWS::AccountId}-${AWS::Region}" }) } };
  const arn = (region: string, id: string, partition = "aws") =>
    `arn:${partition}:cloudformation:${region}:${id}:stack/legacy/1`;

  test.each<[string, Resource["props"], unknown]>([
    ["one that it leaves out has its default", {}, "deploy"],
    ["one that it gives has that value", { parameters: { Name: "other" } }, "other"],
    ["none is known while what it gives is not", { parameters: later }, expect.any(Unknown)],
    ["none is known where that is no map", { parameters: "Name" }, expect.any(Unknown)],
  ])("%s", (_, props, name) => {
    expect(nameOf(stack(body, {}, props))).toEqual(name);
  });

  test("a stack set says nothing of them", () => {
    expect(nameOf(inside("aws:cloudformation/stackSet:StackSet", { templateBody: body }))).toBeInstanceOf(
      Unknown,
    );
  });

  test.each<[string, unknown, unknown]>([
    ["its id says the account and the region", arn("eu-west-1", "111122223333"), "111122223333-eu-west-1"],
    ["in any partition", arn("us-gov-west-1", "111122223333", "aws-us-gov"), "111122223333-us-gov-west-1"],
    ["an id that is none says neither", `x${arn("eu-west-1", "111122223333")}`, expect.any(Unknown)],
    ["an account has twelve digits", arn("eu-west-1", "1111"), expect.any(Unknown)],
    ["no id says neither", undefined, expect.any(Unknown)],
    ["nor does one that is not known yet", later, expect.any(Unknown)],
  ])("%s", (_, id, name) => {
    expect(nameOf(stack(account, {}, { id }))).toEqual(name);
  });

  test("whoever deploys it may say both", () => {
    const deployed = { account: "444455556666", region: "eu-central-1" };
    expect(nameOf(stack(account, { deployed }))).toBe("444455556666-eu-central-1");
  });

  test("two templates do not share a parameter", () => {
    const parameter = {
      Parameters: { Name: { Type: "String" } },
      Resources: { Deploy: role({ Ref: "Name" }) },
    };
    const set = (urn: string) =>
      nameOf(inside("aws:cloudformation/stackSet:StackSet", { templateBody: parameter }, { urn }));
    expect(set("one")).toEqual(set("one"));
    expect(set("one")).not.toEqual(set("other"));
  });

  test("a reader reads each of two templates", () => {
    const reader = new DocumentReader();
    const names = ["one", "other"].map((name) => {
      const templateBody = JSON.stringify({ Resources: { Deploy: role(name) } });
      return nameOf(nestedResources(holder("aws:cloudformation/stack:Stack", { templateBody }), reader));
    });
    expect(names).toEqual(["one", "other"]);
  });
});

describe("a template inside a template", () => {
  const nested = (TemplateBody: unknown) => ({
    Resources: { Inner: { Type: "AWS::CloudFormation::StackSet", Properties: { TemplateBody } } },
  });

  test("is declared by what holds the outer one, and named after the inner one", () => {
    expect(stack(nested(JSON.stringify(ROLE))).resources).toMatchObject([
      { name: "Inner/Deploy", declaredBy: URN },
    ]);
  });

  test("that is not seen is named", () => {
    const Inner = { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "https://example.com" } };
    expect(stack({ Resources: { Inner } }).unseen).toEqual(["the template behind TemplateURL of Inner"]);
  });

  test("that cannot be read is named", () => {
    expect(stack(nested("["))).toEqual({
      resources: [],
      unseen: ["the template of Inner, which cannot be read"],
    });
  });
});

describe("templates in files", () => {
  const AWS = "aws:cloudformation/stack:Stack";
  const file = (name: string, Resources: object, nested: Readonly<Record<string, TemplateFile>> = {}) => ({
    ...{ file: name, body: JSON.stringify({ Conditions: NEVER, Resources }) },
    nested: new Map(Object.entries(nested)),
  });
  const NEVER = { Never: { "Fn::Equals": ["a", "b"] } };
  const nestedStack = (more: object = {}) => ({
    ...{ Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "template.yaml" } },
    ...more,
  });
  const DEEPEST = file("deepest.yaml", { Deploy: role({ Ref: "AWS::AccountId" }) });
  const INNER = file(
    "inner.yaml",
    { Deepest: nestedStack(), Bucket: { Type: "AWS::S3::Bucket" } },
    { Deepest: DEEPEST },
  );
  const outer = file(
    "outer.yaml",
    {
      Inner: nestedStack(),
      Unseen: nestedStack(),
      Gone: nestedStack({ Condition: "Never" }),
      Deploy: role("deploy"),
    },
    { Inner: INNER, Gone: INNER },
  );

  test("are read, however deep, in the account of the outermost", () => {
    const deployed = { account: "111122223333" };
    const { resources, unseen } = inside(AWS, {}, { template: outer, deployed });
    const seen = resources.flatMap(({ name, props }) =>
      props.RoleName === undefined ? [] : [[name, props.RoleName]],
    );
    expect(seen).toEqual([
      ["Inner/Deepest/Deploy", "111122223333"],
      ["Deploy", "deploy"],
    ]);
    expect(unseen).toEqual(["the template behind TemplateURL of Unseen"]);
    const [deepest] = inside(AWS, {}, { template: outer }).resources;
    expect(deepest?.props.RoleName).toBeInstanceOf(Unknown);
  });

  test("are named, however deep, without those of stacks that are not there", () => {
    expect(nestedFiles(holder(AWS, {}, { template: outer }))).toEqual(["inner.yaml", "deepest.yaml"]);
    expect(nestedFiles(holder(AWS, { templateBody: ROLE }))).toEqual([]);
  });
});

describe("what makes resources that are declared elsewhere", () => {
  test.each<[string, string, Resource["props"], string[]]>([
    [
      "an application",
      "AWS::Serverless::Application",
      {},
      ["the application of the Serverless Application Repository"],
    ],
    ["a product", "aws:servicecatalog/product:Product", {}, ["the Service Catalog product"]],
    [
      "instances of a stack set",
      "aws:cloudformation/stackInstances:StackInstances",
      {},
      ["the template of the stack set"],
    ],
  ])("%s is said not to be seen", (_, type, props, unseen) => {
    expect(inside(type, props)).toEqual({ resources: [], unseen });
  });

  test.each<[string, string[], string[]]>([
    [
      "a stack set of the same program",
      ["urn:pulumi:dev::app::parent$aws:cloudformation/stackSet:StackSet::set"],
      [],
    ],
    ["a bucket", ["urn:pulumi:dev::app::aws:s3/bucket:Bucket::set"], ["the template of the stack set"]],
    ["a role", ["urn:pulumi:dev::app::aws:iam/role:Role::set"], ["the template of the stack set"]],
    ["what has no type", ["set"], ["the template of the stack set"]],
  ])("instances of a stack set whose name depends on %s", (_, stackSetName, unseen) => {
    const type = "aws:cloudformation/stackInstances:StackInstances";
    expect(inside(type, { stackSetName: later }, { dependencies: { stackSetName } }).unseen).toEqual(unseen);
  });

  test("any other resource holds none", () => {
    expect(inside("aws:s3/bucket:Bucket", {})).toEqual(nothing);
    expect(inside("aws:iam/role:Role", {})).toEqual(nothing);
  });
});

describe("the administrator role of a new account", () => {
  test.each<[string, Resource["props"], string]>([
    ["has AWS's name", {}, "OrganizationAccountAccessRole"],
    ["has the name that the program gives", { roleName: "admin" }, "admin"],
  ])("%s", (_, props, name) => {
    const { resources, unseen } = inside("aws:organizations/account:Account", props);
    expect(unseen).toEqual([]);
    expect(resources).toMatchObject([{ type: "AWS::IAM::Role", props: { RoleName: name }, madeByAws: true }]);
  });
});

describe("the resource that a resource of any type is", () => {
  const cloudControl = (props: Resource["props"], more: Partial<Resource> = {}) =>
    inside("aws:cloudcontrol/resource:Resource", props, more);
  const text = JSON.stringify({ RoleName: "deploy", MaxSessionDuration: null, Tags: [] });

  test("has its type and its properties, as far as a rule asks for them", () => {
    const dependencies = { desiredState: ["urn"] };
    const { resources, unseen } = cloudControl(
      { typeName: "AWS::IAM::Role", desiredState: text },
      { dependencies },
    );
    expect(unseen).toEqual([]);
    expect(resources).toMatchObject([
      { urn: URN, name: "legacy", type: "AWS::IAM::Role", dependencies: { RoleName: ["urn"] } },
    ]);
    expect(resources[0]?.props).toEqual({ RoleName: "deploy", MaxSessionDuration: null });
    const plain = cloudControl({ typeName: "AWS::IAM::Role", desiredState: text });
    expect(plain.resources).toMatchObject([{ dependencies: { RoleName: [] } }]);
  });

  test("has a template that is not seen, and is named as what it is", () => {
    const desiredState = { TemplateURL: "https://example.com" };
    const { unseen } = cloudControl({ typeName: "AWS::CloudFormation::Stack", desiredState });
    expect(unseen).toEqual(["the template behind TemplateURL"]);
  });

  test("has properties that are not known while what it is given is not", () => {
    const { resources } = cloudControl({ typeName: "AWS::IAM::Role", desiredState: later });
    expect(resources).toMatchObject([{ props: { RoleName: expect.any(Unknown) } }]);
  });

  test.each<[string, Resource["props"], string[]]>([
    [
      "of a type that is not known",
      { typeName: later, desiredState: text },
      ["a resource whose typeName is not known"],
    ],
    ["of no type of IAM", { typeName: "AWS::S3::Bucket", desiredState: text }, []],
    ["of no type of CloudFormation", { typeName: "aws:iam/role:Role", desiredState: text }, []],
    ...[undefined, "text", "[]", "null", 1].map((desiredState): [string, Resource["props"], string[]] => [
      `with ${desiredState} for properties`,
      { typeName: "AWS::IAM::Role", desiredState },
      ["an AWS::IAM::Role whose desiredState is not a JSON object"],
    ]),
  ])("%s is none", (_, props, unseen) => {
    expect(cloudControl(props)).toEqual({ resources: [], unseen });
  });
});
