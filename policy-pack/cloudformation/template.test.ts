// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates are full of them
import { describe, expect, it } from "vitest";
import { parsePolicy } from "../iam";
import { Choice, Unknown } from "../iam/policy/unknown";
import type { TemplateResource, UnknownPart } from "./model";
import { readTemplate } from "./template";

function resourcesOf(body: unknown): readonly TemplateResource[] {
  const template = readTemplate(body);
  if (!template.ok) throw new Error(`${template.error.where}: ${template.error.found}`);
  return template.resources;
}

function unknownIn(body: unknown): readonly UnknownPart[] {
  const template = readTemplate(body);
  return template.ok ? template.unknown : [];
}

function errorOf(body: unknown): unknown {
  const template = readTemplate(body);
  return template.ok ? undefined : template.error;
}

const GUARDED_GROUP = `
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Prefix: { Type: String, Default: example }
Conditions:
  InProduction: !Equals [!Ref Prefix, production]
Resources:
  Admins:
    Type: AWS::IAM::Group
    Properties:
      GroupName: !Sub \${Prefix}-MFA
      ManagedPolicyArns:
        - !Ref Guard
        - !Sub arn:\${AWS::Partition}:iam::aws:policy/ReadOnlyAccess
  Guard:
    Type: AWS::IAM::ManagedPolicy
    Condition: InProduction
    DeletionPolicy: Retain
    Properties:
      Path: !Ref AWS::NoValue
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Sid: DenyWithoutMfa
            Effect: Deny
            NotAction: [iam:EnableMFADevice, sts:GetSessionToken]
            Resource: "*"
            Condition:
              BoolIfExists: { aws:MultiFactorAuthPresent: false }
`;

describe("a template", () => {
  it("yields its resources with their types, conditions and resolved properties", () => {
    const [admins, guard] = resourcesOf(GUARDED_GROUP);
    expect(admins).toEqual({
      logicalId: "Admins",
      type: "AWS::IAM::Group",
      properties: {
        GroupName: expect.objectContaining({ label: "Fn::Sub" }),
        ManagedPolicyArns: [
          expect.objectContaining({ refersTo: "Guard" }),
          expect.objectContaining({ parts: ["arn:", expect.anything(), ":iam::aws:policy/ReadOnlyAccess"] }),
        ],
      },
      references: { ManagedPolicyArns: ["Guard"] },
      complete: true,
    });
    expect(guard).toMatchObject({
      logicalId: "Guard",
      condition: new Choice('<Prefix> = "production"', true, false, {
        unknown: new Unknown("Prefix", undefined, "Prefix"),
        text: "production",
      }),
      references: {},
    });
    expect(Object.keys(guard?.properties ?? {})).toEqual(["PolicyDocument"]);
  });

  it("yields policy documents that parse as identity policies", () => {
    const [, guard] = resourcesOf(GUARDED_GROUP);
    const parsed = parsePolicy(guard?.properties.PolicyDocument, "identity");
    const policy = { statements: [{ variables: true }], complete: true };
    expect(parsed).toMatchObject({ ok: true, policy });
  });

  it("may be an object that contains unknown values", () => {
    const later = new Unknown("later");
    const body = { Resources: { Deploy: { Type: "AWS::IAM::Role", Properties: { RoleName: later } } } };
    expect(resourcesOf(body)[0]?.properties).toEqual({ RoleName: later });
  });

  it("may have a resource without properties", () => {
    expect(resourcesOf({ Resources: { Deploy: { Type: "AWS::IAM::User" } } })).toEqual([
      { logicalId: "Deploy", type: "AWS::IAM::User", properties: {}, references: {}, complete: true },
    ]);
  });

  it("lists the template's resources that each property refers to at any depth", () => {
    const [first] = resourcesOf({
      Parameters: { Name: { Type: "String" } },
      Resources: {
        Addition: {
          Type: "AWS::IAM::UserToGroupAddition",
          Properties: {
            GroupName: { Ref: "Name" },
            Users: [{ "Fn::Select": [0, [{ Ref: "Bob" }, { "Fn::Sub": "${Alice.Arn}/${Name}" }]] }],
          },
        },
        Alice: { Type: "AWS::IAM::User" },
        Bob: { Type: "AWS::IAM::User" },
      },
    });
    expect(first?.references).toEqual({ Users: ["Alice", "Bob"] });
    expect(first?.properties).toEqual({
      GroupName: expect.objectContaining({ label: "Name" }),
      Users: [expect.objectContaining({ label: "Bob" })],
    });
  });

  it("resolves Ref and Fn::Sub of one name to the same unknown value", () => {
    const [group] = resourcesOf({
      Resources: {
        A: { Type: "AWS::IAM::Group", Properties: { One: { Ref: "P" }, Two: { "Fn::Sub": "${P}" } } },
      },
    });
    expect(group?.properties.One).toBeInstanceOf(Unknown);
    expect(group?.properties.Two).toEqual(group?.properties.One);
  });
});

describe("a part of a template that AWS resolves", () => {
  const role = { Type: "AWS::IAM::Role", Properties: { RoleName: "deploy" } };

  it.each<[string, unknown, UnknownPart]>([
    ["a macro", { Transform: "Own" }, { what: "a macro", where: "Transform" }],
    [
      "a macro beside the SAM transform",
      { Transform: ["AWS::Serverless-2016-10-31", "Own"] },
      { what: "a macro", where: "Transform" },
    ],
    ["AWS::Include", { "Fn::Transform": { Name: "AWS::Include" } }, { what: "Fn::Transform", where: "" }],
  ])("is reported, and the resources are still read: %s", (_name, more, part) => {
    expect(unknownIn({ Resources: { Deploy: role }, ...Object(more) })).toEqual([part]);
    expect(resourcesOf({ Resources: { Deploy: role }, ...Object(more) })).toHaveLength(1);
  });

  it("is an unresolved loop, but not AWS::LanguageExtensions itself", () => {
    const transform = { Transform: "AWS::LanguageExtensions" };
    expect(unknownIn({ ...transform, Resources: { Deploy: role } })).toEqual([]);
    const loop = { "Fn::ForEach::Names": ["Name", { Ref: "Names" }, { "Role${Name}": role }] };
    const body = { ...transform, Resources: { Deploy: role, ...loop } };
    expect(unknownIn(body)).toEqual([{ what: "Fn::ForEach", where: "Resources" }]);
    expect(resourcesOf(body).map(({ logicalId }) => logicalId)).toEqual(["Deploy"]);
  });

  it("makes a resource whose properties it extends incomplete", () => {
    const include = { "Fn::Transform": { Name: "AWS::Include", Parameters: { Location: "s3://bucket/x" } } };
    const body = { Resources: { Deploy: { ...role, Properties: { ...role.Properties, ...include } } } };
    expect(resourcesOf(body)[0]).toMatchObject({ properties: { RoleName: "deploy" }, complete: false });
    expect(unknownIn(body)).toEqual([{ what: "Fn::Transform", where: "Resources.Deploy.Properties" }]);
  });

  it("makes a value that it extends unknown", () => {
    const document = { Version: "2012-10-17", "Fn::Transform": { Name: "Own" } };
    const body = {
      Resources: { Deploy: { ...role, Properties: { AssumeRolePolicyDocument: document } } },
    };
    expect(resourcesOf(body)[0]?.properties).toEqual({
      AssumeRolePolicyDocument: expect.objectContaining({ label: "Fn::Transform" }),
    });
    expect(unknownIn(body)).toEqual([
      { what: "Fn::Transform", where: "Resources.Deploy.Properties.AssumeRolePolicyDocument" },
    ]);
  });

  it("may be a module, an unknown resource, or an unknown template", () => {
    const later = new Unknown("later");
    expect(unknownIn({ Resources: { Roles: { Type: "Org::Team::Roles::MODULE" } } })).toEqual([
      { what: "a module", where: "Resources.Roles" },
    ]);
    expect(unknownIn({ Resources: { Roles: later } })).toEqual([{ what: "later", where: "Resources.Roles" }]);
    expect(unknownIn({ Resources: later })).toEqual([{ what: "later", where: "Resources" }]);
    expect(unknownIn(later)).toEqual([{ what: "later", where: "" }]);
  });
});

describe("a template that can be read", () => {
  it.each([
    [
      "JSON",
      '{"Resources": {"A": {"Type": "T"}, "A": {"Type": "AWS::IAM::Role", "Properties": {"Path": "/a/", "Path": "/b/"}}}}',
    ],
    [
      "YAML",
      "Resources:\n  A: {Type: T}\n  A:\n    Type: AWS::IAM::Role\n    Properties: {\n  Path: /a/, Path: /b/\n}\n",
    ],
  ])("may repeat a key in %s, where the last value counts", (_form, body) => {
    expect(resourcesOf(body)).toMatchObject([{ type: "AWS::IAM::Role", properties: { Path: "/b/" } }]);
  });

  it.each([
    ["without a Type", { Other: { Properties: {} } }, "Resources.Other.Type"],
    ["not an object", { Other: [] }, "Resources.Other"],
    ["with an invalid logical ID", { "Other-1": { Type: "T" } }, "Resources"],
  ])("may have an unreadable resource, which is reported: %s", (_name, other, where) => {
    const body = { Resources: { ...other, Deploy: { Type: "AWS::IAM::Role" } } };
    expect(resourcesOf(body).map(({ logicalId }) => logicalId)).toEqual(["Deploy"]);
    expect(unknownIn(body)).toEqual([{ what: "a resource that cannot be read", where }]);
  });
});

describe("a template that cannot be read", () => {
  it.each([
    ["plain text", "just text", "", "a string", "an object with Resources"],
    ["empty text", "", "", "nothing", "an object with Resources"],
    ["no Resources", { Parameters: {} }, "Resources", "nothing", "an object of resources"],
    ["a list as Resources", { Resources: [] }, "Resources", "a list", "an object of resources"],
    ["a number as a resource", { Resources: { A: 1 } }, "Resources.A", "a number", "a resource with a Type"],
    ["no Type", { Resources: { A: {} } }, "Resources.A.Type", "nothing", "a type such as AWS::IAM::Role"],
    [
      "a list as Properties",
      { Resources: { A: { Type: "AWS::IAM::Role", Properties: [] } } },
      "Resources.A.Properties",
      "a list",
      "an object of properties",
    ],
    [
      "an invalid logical ID",
      { Resources: { "my-role": { Type: "AWS::IAM::Role" } } },
      "Resources",
      "a logical id of another form",
      "letters and digits, at most 255",
    ],
  ])(
    "is rejected with what was found, where, and what is allowed: %s",
    (_name, body, where, found, allowed) => {
      expect(errorOf(body)).toEqual({ where, found, allowed });
    },
  );
});
