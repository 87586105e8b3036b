import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ACCOUNT, policyText, UNKNOWN_TEXT, WITH_MFA, WITHOUT_MFA } from "../../policy-pack/rules/example";
import { type Analyzed, PACK_FOLDER, RunningPack } from "./pack";

let pack: RunningPack;
beforeAll(async () => {
  pack = await RunningPack.start(PACK_FOLDER);
});
beforeEach(() => pack.configure({}));
afterAll(() => pack.stop());

const ALLOW = { Effect: "Allow", Principal: ACCOUNT, Action: "sts:AssumeRole" };
const trust = (statement: object) => JSON.parse(policyText(statement));
const GUARD = {
  Effect: "Deny",
  NotAction: ["iam:EnableMFADevice"],
  Resource: "*",
  Condition: WITHOUT_MFA,
};

function stack(templateBody: unknown, type = "aws:cloudformation/stack:Stack"): Analyzed {
  return { type, name: "legacy", props: { templateBody } };
}

/** The first line below the policy's description, for each thing said. */
async function said(resource: Analyzed): Promise<string[]> {
  const each = await pack.analyze(resource);
  const whole = await pack.analyzeStack([resource]);
  return [...each, ...whole].map(
    ({ policy, about, message }) => `${about} ${policy}: ${message.split("\n")[1]}`,
  );
}

const OPEN_ROLE = { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: trust(ALLOW) } };

describe("roles inside a template", () => {
  const rejected = [
    "legacy iam-role-requires-mfa: In the template, Deploy: This role can be assumed without MFA.",
  ];

  test.each([
    "aws:cloudformation/stack:Stack",
    "aws:cloudformation/stackSet:StackSet",
    "aws-native:cloudformation:Stack",
  ])("are evaluated in %s, and named by their logical ID", async (type) => {
    expect(await said(stack(JSON.stringify({ Resources: { Deploy: OPEN_ROLE } }), type))).toEqual(rejected);
  });

  test("are evaluated in YAML with short-form functions", async () => {
    const body = [
      "Resources:",
      "  Deploy:",
      "    Type: AWS::IAM::Role",
      "    Properties:",
      "      AssumeRolePolicyDocument:",
      "        Version: 2012-10-17",
      "        Statement:",
      "          Effect: Allow",
      "          Action: sts:AssumeRole",
      "          Principal: { AWS: !Join [':', [arn, !Ref AWS::Partition, iam, '', !Ref AWS::AccountId, root]] }",
    ].join("\n");
    expect(await said(stack(body))).toEqual(rejected);
    expect(
      await said(stack(`${body}\n          Condition: { Bool: { aws:MultiFactorAuthPresent: true } }`)),
    ).toEqual([]);
  });

  test("must require MFA of a principal that only the deployment resolves", async () => {
    const open = { ...ALLOW, Principal: { AWS: { Ref: "TrustedArn" } } };
    const role = (statement: object) => ({
      Deploy: { ...OPEN_ROLE, Properties: { AssumeRolePolicyDocument: trust(statement) } },
    });
    expect(await said(stack({ Resources: role(open) }))).toEqual(rejected);
    expect(await said(stack({ Resources: role({ ...open, Condition: WITH_MFA }) }))).toEqual([]);
  });

  test("are evaluated by the stack's parameters, and get a note if a parameter that decides is unknown", async () => {
    const Condition = { "Fn::If": ["InProduction", WITH_MFA, { Ref: "AWS::NoValue" }] };
    const templateBody = {
      Parameters: { Stage: { Type: "String" } },
      Conditions: { InProduction: { "Fn::Equals": [{ Ref: "Stage" }, "production"] } },
      Resources: {
        Deploy: {
          Type: "AWS::IAM::Role",
          Properties: { AssumeRolePolicyDocument: trust({ ...ALLOW, Condition }) },
        },
      },
    };
    const given = (parameters: unknown) => ({ ...stack(templateBody), props: { templateBody, parameters } });
    expect(await said(given({ Stage: "production" }))).toEqual([]);
    expect(await said(given({ Stage: "test" }))).toEqual(rejected);
    const [only, ...more] = await said(given({ Stage: UNKNOWN_TEXT }));
    expect(more).toEqual([]);
    expect(only).toContain("iam-mfa-notes");
  });

  test("are exempted by their logical ID", async () => {
    await pack.configure({
      "iam-role-requires-mfa": { exemptions: [{ name: "Deploy", reason: "being replaced" }] },
    });
    expect(await said(stack({ Resources: { Deploy: OPEN_ROLE } }))).toEqual([
      "legacy iam-mfa-notes: iam-role-requires-mfa: In the template, Deploy: Exempt: being replaced.",
    ]);
  });
});

describe("a template inside a template", () => {
  test("is read if it is given as text, with its own references", async () => {
    const Staff = { Type: "AWS::IAM::Group", Properties: { ManagedPolicyArns: [{ Ref: "Guard" }] } };
    const Guard = { Type: "AWS::IAM::ManagedPolicy", Properties: { PolicyDocument: trust(GUARD) } };
    const inner = (resources: object) =>
      stack({
        Resources: {
          Inner: {
            Type: "AWS::CloudFormation::StackSet",
            Properties: { TemplateBody: JSON.stringify({ Resources: resources }) },
          },
        },
      });
    expect(await said(inner({ Staff, Guard }))).toEqual([]);
    expect(await said(inner({ Staff, Guard, Deploy: OPEN_ROLE }))).toEqual([
      "legacy iam-role-requires-mfa: In the template, Inner/Deploy: This role can be assumed without MFA.",
    ]);
  });
});

describe("a new account of an organization", () => {
  test.each(["aws:organizations/account:Account", "aws-native:organizations:Account"])(
    "has a role made by AWS that can be assumed without MFA: %s",
    async (type) => {
      const account = { type, name: "research", props: { email: "research@example.com" } };
      expect(await said(account)).toEqual([
        "research iam-role-requires-mfa: The role that AWS makes in the new account can be assumed without MFA.",
      ]);
    },
  );
});

describe("groups inside a template", () => {
  const group = { Type: "AWS::IAM::Group", Properties: {} };
  const policy = {
    Type: "AWS::IAM::ManagedPolicy",
    Properties: { PolicyDocument: trust(GUARD), Groups: [{ Ref: "Staff" }] },
  };

  test("are guarded by a policy that references them", async () => {
    expect(await said(stack({ Resources: { Staff: group, Guard: policy } }))).toEqual([]);
  });

  test("are guarded by a policy that they reference", async () => {
    const Staff = { ...group, Properties: { ManagedPolicyArns: [{ Ref: "Guard" }] } };
    const Guard = { ...policy, Properties: { PolicyDocument: trust(GUARD) } };
    expect(await said(stack({ Resources: { Staff, Guard } }))).toEqual([]);
  });

  test("get a note for a conditional guard, unless they have the same or a narrower condition", async () => {
    const Conditions = {
      IsProduction: { "Fn::Equals": [{ Ref: "Stage" }, "production"] },
      IsLarge: { "Fn::And": [{ Condition: "IsProduction" }, { "Fn::Equals": [{ Ref: "Size" }, "large"] }] },
    };
    const Guard = { ...policy, Condition: "IsProduction" };
    const beside = (Staff: object, more: object = {}) =>
      said(stack({ Conditions, Resources: { Staff, Guard, ...more } }));
    const [only, ...more] = await beside(group);
    expect(more).toEqual([]);
    expect(only).toContain("iam-mfa-notes");
    expect(await beside({ ...group, Condition: "IsProduction" })).toEqual([]);
    expect(await beside({ ...group, Condition: "IsLarge" })).toEqual([]);
  });

  test("are guarded by two policies of which one always exists", async () => {
    const Conditions = {
      IsProduction: { "Fn::Equals": [{ Ref: "Stage" }, "production"] },
      IsTest: { "Fn::Not": [{ Condition: "IsProduction" }] },
    };
    const guards = (other: string) => ({
      Staff: group,
      Guard: { ...policy, Condition: "IsProduction" },
      Other: { ...policy, Condition: other },
    });
    expect(await said(stack({ Conditions, Resources: guards("IsTest") }))).toEqual([]);
    expect(await said(stack({ Conditions, Resources: guards("IsProduction") }))).toHaveLength(1);
    const attached = (...branches: unknown[]) => {
      const Staff = {
        ...group,
        Properties: { ManagedPolicyArns: [{ "Fn::If": ["IsProduction", ...branches] }] },
      };
      const unattached = { ...policy, Properties: { PolicyDocument: trust(GUARD) } };
      return said(stack({ Conditions, Resources: { Staff, Guard: unattached, Other: unattached } }));
    };
    expect(await attached({ Ref: "Guard" }, { Ref: "Other" })).toEqual([]);
    expect(await attached({ Ref: "Guard" }, { Ref: "AWS::NoValue" })).toHaveLength(1);
  });

  test("are rejected without a guard", async () => {
    expect(await said(stack({ Resources: { Staff: group } }))).toEqual([
      "legacy iam-group-requires-mfa: In the template, Staff: This group has no policy, so nothing requires MFA of its members.",
    ]);
  });
});

test("a stack set instance of the same program gets no finding of its own", async () => {
  const set = {
    ...stack({ Resources: { Deploy: OPEN_ROLE } }, "aws:cloudformation/stackSet:StackSet"),
    name: "set",
  };
  const instance: Analyzed = {
    type: "aws:cloudformation/stackSetInstance:StackSetInstance",
    name: "instance",
    props: { stackSetName: "baseline" },
    dependencies: { stackSetName: ["set"] },
  };
  const about = (await pack.analyzeStack([set, instance])).map((each) => each.about);
  expect(about).not.toContain("instance");
});

describe("content that cannot be read", () => {
  test.each<[string, Analyzed, string]>([
    ["a template that is not known yet", stack(UNKNOWN_TEXT), "templateBody"],
    [
      "a template behind a URL",
      { ...stack(undefined), props: { templateUrl: "https://example.com/t.yaml" } },
      "templateUrl",
    ],
    ["a template with a macro", stack({ Transform: "Expand", Resources: {} }), "a macro at Transform"],
    [
      "a template with a nested stack",
      stack({ Resources: { Inner: { Type: "AWS::CloudFormation::Stack", Properties: {} } } }),
      "the template behind TemplateURL of Inner",
    ],
    ...[
      "aws:servicecatalog/provisionedProduct:ProvisionedProduct",
      "aws-native:servicecatalog:CloudFormationProduct",
    ].map((type): [string, Analyzed, string] => [
      type,
      { type, name: "legacy", props: {} },
      "the Service Catalog product",
    ]),
    ...[
      "aws:cloudformation/stackSetInstance:StackSetInstance",
      "aws:cloudformation/stackInstances:StackInstances",
    ].map((type): [string, Analyzed, string] => [
      `${type} of a stack set that is declared elsewhere`,
      { type, name: "legacy", props: { stackSetName: "baseline" } },
      "the template of the stack set",
    ]),
    [
      "an application of the Serverless Application Repository",
      { type: "aws:serverlessrepository/cloudFormationStack:CloudFormationStack", name: "legacy", props: {} },
      "the application",
    ],
    [
      "an application in a SAM template",
      stack({
        Transform: "AWS::Serverless-2016-10-31",
        Resources: { Inner: { Type: "AWS::Serverless::Application" } },
      }),
      "the application of the Serverless Application Repository of Inner",
    ],
    [
      "a stack declared through the Cloud Control API",
      {
        type: "aws:cloudcontrol/resource:Resource",
        name: "legacy",
        props: {
          typeName: "AWS::CloudFormation::Stack",
          desiredState: '{"TemplateURL": "https://example.com/t.yaml"}',
        },
      },
      "the template behind TemplateURL",
    ],
  ])("%s gets a note", async (_, resource, what) => {
    const lines = await said(resource);
    expect(lines.join("\n")).toContain(what);
    expect(lines.every((line) => line.includes("iam-mfa-notes"))).toBe(true);
  });

  test('a template that is not known yet is rejected if unknown is "reject"', async () => {
    await pack.configure({ "iam-role-requires-mfa": { unknown: "reject" } });
    expect((await said(stack(UNKNOWN_TEXT)))[0]).toContain(
      "legacy iam-role-requires-mfa: Cannot be proven yet",
    );
  });

  test("a body that is not a template is rejected with the place of the error", async () => {
    expect(await said(stack("Resources: ["))).toEqual([
      expect.stringContaining("legacy iam-role-requires-mfa: The template cannot be read: line 1: expected"),
    ]);
  });
});
