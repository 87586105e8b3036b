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
  test("are named by logical ID, and have the provider and home of the stack", () => {
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

  test("are in the account of the provider, except those of a stack set", () => {
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

  test("depend on the resources that their properties refer to", () => {
    const Group = { Type: "AWS::IAM::Group", Properties: { ManagedPolicyArns: [{ Ref: "Guard" }] } };
    const Guard = { Type: "AWS::IAM::ManagedPolicy", Properties: {} };
    expect(stack({ Resources: { Group, Guard } }).resources).toMatchObject([
      { dependencies: { ManagedPolicyArns: [`${URN}#Guard`] } },
      { dependencies: {} },
    ]);
  });

  test("have the condition that the template gives them", () => {
    const Conditions = { C: { "Fn::Equals": [{ Ref: "P" }, "x"] } };
    const { resources } = stack({
      Conditions,
      Resources: { A: { ...role("a"), Condition: "C" }, B: role("b") },
    });
    expect(resources.map(({ condition }) => condition?.id)).toEqual([`<${URN} P> = "x"`, undefined]);
  });

  test("have an unknown value for each property that a macro may add", () => {
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

  test("are unseen behind a URL and in an unknown part", () => {
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
  ])("are reported as broken if the template cannot be read %s", (_, body, beginning) => {
    const { resources, unseen, broken } = stack(body);
    expect([resources, unseen]).toEqual([[], []]);
    expect(broken?.startsWith(beginning)).toBe(true);
    expect(broken).toContain(", found ");
  });
});

describe("a template's stack", () => {
  const Parameters = { Name: { Type: "String", Default: "deploy" } };
  const body = { Parameters, Resources: { Deploy: role({ Ref: "Name" }) } };
  const account = { Resources: { Deploy: role({ "Fn::Sub": "${AWS::AccountId}-${AWS::Region}" }) } };
  const arn = (region: string, id: string, partition = "aws") =>
    `arn:${partition}:cloudformation:${region}:${id}:stack/legacy/1`;

  test.each<[string, Resource["props"], unknown]>([
    ["leaves a parameter its default if it sets none", {}, "deploy"],
    ["sets the value of a parameter", { parameters: { Name: "other" } }, "other"],
    ["leaves parameters unknown if its own are unknown", { parameters: later }, expect.any(Unknown)],
    ["leaves parameters unknown if its own are not a map", { parameters: "Name" }, expect.any(Unknown)],
  ])("%s", (_, props, name) => {
    expect(nameOf(stack(body, {}, props))).toEqual(name);
  });

  test("leaves parameters unknown if it is a stack set", () => {
    expect(nameOf(inside("aws:cloudformation/stackSet:StackSet", { templateBody: body }))).toBeInstanceOf(
      Unknown,
    );
  });

  test.each<[string, unknown, unknown]>([
    ["gives the account and region by its ID", arn("eu-west-1", "111122223333"), "111122223333-eu-west-1"],
    [
      "gives the account and region in any partition",
      arn("us-gov-west-1", "111122223333", "aws-us-gov"),
      "111122223333-us-gov-west-1",
    ],
    [
      "gives neither by an ID that is not an ARN",
      `x${arn("eu-west-1", "111122223333")}`,
      expect.any(Unknown),
    ],
    ["gives neither by an ID without a 12-digit account", arn("eu-west-1", "1111"), expect.any(Unknown)],
    ["gives neither without an ID", undefined, expect.any(Unknown)],
    ["gives neither by an unknown ID", later, expect.any(Unknown)],
  ])("%s", (_, id, name) => {
    expect(nameOf(stack(account, {}, { id }))).toEqual(name);
  });

  test("has the account and region that it is deployed to", () => {
    const deployed = { account: "444455556666", region: "eu-central-1" };
    expect(nameOf(stack(account, { deployed }))).toBe("444455556666-eu-central-1");
  });

  test("does not share an unknown parameter with another stack", () => {
    const parameter = {
      Parameters: { Name: { Type: "String" } },
      Resources: { Deploy: role({ Ref: "Name" }) },
    };
    const set = (urn: string) =>
      nameOf(inside("aws:cloudformation/stackSet:StackSet", { templateBody: parameter }, { urn }));
    expect(set("one")).toEqual(set("one"));
    expect(set("one")).not.toEqual(set("other"));
  });

  test("is read apart from another stack by the same reader", () => {
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

  test("has resources declared by the outer stack and named after the inner one", () => {
    expect(stack(nested(JSON.stringify(ROLE))).resources).toMatchObject([
      { name: "Inner/Deploy", declaredBy: URN },
    ]);
  });

  test("is reported as unseen behind a URL", () => {
    const Inner = { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "https://example.com" } };
    expect(stack({ Resources: { Inner } }).unseen).toEqual(["the template behind TemplateURL of Inner"]);
  });

  test("is reported as unseen if it cannot be read", () => {
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

  test("are read at any depth, in the account of the outermost stack", () => {
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

  test("are listed at any depth, without those of stacks that are never created", () => {
    expect(nestedFiles(holder(AWS, {}, { template: outer }))).toEqual(["inner.yaml", "deepest.yaml"]);
    expect(nestedFiles(holder(AWS, { templateBody: ROLE }))).toEqual([]);
  });
});

describe("a resource that creates others from elsewhere", () => {
  test.each<[string, string, Resource["props"], string[]]>([
    [
      "an application of the Serverless Application Repository",
      "AWS::Serverless::Application",
      {},
      ["the application of the Serverless Application Repository"],
    ],
    ["a Service Catalog product", "aws:servicecatalog/product:Product", {}, ["the Service Catalog product"]],
    [
      "instances of a stack set",
      "aws:cloudformation/stackInstances:StackInstances",
      {},
      ["the template of the stack set"],
    ],
  ])("leaves them unseen: %s", (_, type, props, unseen) => {
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
    ["a URN without a type", ["set"], ["the template of the stack set"]],
  ])("as stack instances that depend on %s leaves unseen $2", (_, stackSetName, unseen) => {
    const type = "aws:cloudformation/stackInstances:StackInstances";
    expect(inside(type, { stackSetName: later }, { dependencies: { stackSetName } }).unseen).toEqual(unseen);
  });

  test("is neither a bucket nor a role", () => {
    expect(inside("aws:s3/bucket:Bucket", {})).toEqual(nothing);
    expect(inside("aws:iam/role:Role", {})).toEqual(nothing);
  });
});

describe("the administrator role of a new account", () => {
  test.each<[string, Resource["props"], string]>([
    ["has AWS's default name", {}, "OrganizationAccountAccessRole"],
    ["has the name that the program gives", { roleName: "admin" }, "admin"],
  ])("%s", (_, props, name) => {
    const { resources, unseen } = inside("aws:organizations/account:Account", props);
    expect(unseen).toEqual([]);
    expect(resources).toMatchObject([{ type: "AWS::IAM::Role", props: { RoleName: name }, madeByAws: true }]);
  });
});

describe("the resource of a Cloud Control resource", () => {
  const cloudControl = (props: Resource["props"], more: Partial<Resource> = {}) =>
    inside("aws:cloudcontrol/resource:Resource", props, more);
  const text = JSON.stringify({ RoleName: "deploy", MaxSessionDuration: null, Tags: [] });

  test("has its type and the properties that the rules read", () => {
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

  test("is reported as unseen if it is a stack with a template URL", () => {
    const desiredState = { TemplateURL: "https://example.com" };
    const { unseen } = cloudControl({ typeName: "AWS::CloudFormation::Stack", desiredState });
    expect(unseen).toEqual(["the template behind TemplateURL"]);
  });

  test("has unknown properties if the desired state is unknown", () => {
    const { resources } = cloudControl({ typeName: "AWS::IAM::Role", desiredState: later });
    expect(resources).toMatchObject([{ props: { RoleName: expect.any(Unknown) } }]);
  });

  test.each<[string, Resource["props"], string[]]>([
    [
      "of an unknown type",
      { typeName: later, desiredState: text },
      ["a resource whose typeName is not known"],
    ],
    ["of a type outside IAM and CloudFormation", { typeName: "AWS::S3::Bucket", desiredState: text }, []],
    ["of a Pulumi type", { typeName: "aws:iam/role:Role", desiredState: text }, []],
    ...[undefined, "text", "[]", "null", 1].map((desiredState): [string, Resource["props"], string[]] => [
      `with the desired state ${desiredState}`,
      { typeName: "AWS::IAM::Role", desiredState },
      ["an AWS::IAM::Role whose desiredState is not a JSON object"],
    ]),
  ])("is not read %s", (_, props, unseen) => {
    expect(cloudControl(props)).toEqual({ resources: [], unseen });
  });
});
