import { describe, expect, it } from "vitest";
import { Unknown } from "../iam/policy/unknown";
import { readTemplate } from "./template";

const TRANSFORM = "AWS::Serverless-2016-10-31";
const PEOPLE = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "111122223333" } }],
};

/** The roles that a SAM template with these resources and other top-level keys declares. */
function rolesIn(resources: object, more: object = {}) {
  const template = readTemplate({ Transform: TRANSFORM, ...more, Resources: resources });
  if (!template.ok) throw new Error(template.error.found);
  expect(template.unknown).toEqual([]);
  const roles = template.resources.filter(({ type }) => type === "AWS::IAM::Role");
  return Object.fromEntries(
    roles.map(({ logicalId, properties, condition }) => [
      logicalId,
      {
        trust: properties.AssumeRolePolicyDocument,
        ...(condition === undefined ? {} : { under: [condition.id, condition.whenTrue] }),
      },
    ]),
  );
}

function rolesOf(properties: object, type = "AWS::Serverless::Function", more: object = {}) {
  return rolesIn({ Main: { Type: type, Properties: properties } }, more);
}

function trusting(service: string) {
  return {
    trust: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
    },
  };
}

const LAMBDA = trusting("lambda.amazonaws.com");

describe("the role of a function in a SAM template", () => {
  it("trusts Lambda unless the function sets AssumeRolePolicyDocument", () => {
    expect(rolesOf({})).toEqual({ MainRole: LAMBDA });
    expect(rolesOf({ AssumeRolePolicyDocument: PEOPLE })).toEqual({ MainRole: { trust: PEOPLE } });
  });

  it("is created only if, or on the condition that, the function has no Role", () => {
    const none = { Ref: "AWS::NoValue" };
    expect(rolesOf({ Role: "arn:aws:iam::111122223333:role/own" })).toEqual({});
    expect(rolesOf({ Role: { "Fn::If": ["C", "own", "other"] } })).toEqual({});
    expect(rolesOf({ Role: { "Fn::If": ["C", none, none] } })).toEqual({ MainRole: LAMBDA });
    const Conditions = { C: { "Fn::Equals": [{ Ref: "P" }, "x"] } };
    expect(rolesOf({ Role: { "Fn::If": ["C", none, "own"] } }, undefined, { Conditions })).toEqual({
      MainRole: { ...LAMBDA, under: ['<P> = "x"', true] },
    });
    expect(rolesOf({ Role: { "Fn::If": ["C", "own", none] } }, undefined, { Conditions })).toEqual({
      MainRole: { ...LAMBDA, under: ['<P> = "x"', false] },
    });
  });

  it("for CodeDeploy ignores the function's condition unless PassthroughCondition is set", () => {
    const Conditions = { C: { "Fn::Equals": [{ Ref: "P" }, "x"] } };
    const deploying = (DeploymentPreference: object) =>
      rolesIn(
        {
          Main: {
            ...{ Type: "AWS::Serverless::Function", Condition: "C" },
            Properties: { Role: "own", DeploymentPreference },
          },
        },
        { Conditions },
      );
    const CODE_DEPLOY = trusting("codedeploy.amazonaws.com");
    expect(deploying({ Type: "AllAtOnce" })).toEqual({ CodeDeployServiceRole: CODE_DEPLOY });
    expect(deploying({ Type: "AllAtOnce", PassthroughCondition: true })).toEqual({
      CodeDeployServiceRole: { ...CODE_DEPLOY, under: ['<P> = "x"', true] },
    });
  });

  it("merges Globals by key and appends lists, unless the function ignores Globals", () => {
    const [statement] = PEOPLE.Statement;
    const Globals = { Function: { AssumeRolePolicyDocument: PEOPLE } };
    expect(rolesOf({}, undefined, { Globals })).toEqual({ MainRole: { trust: PEOPLE } });
    const own = { Version: "2008-10-17", Statement: [{ ...statement, Sid: "Own" }] };
    expect(rolesOf({ AssumeRolePolicyDocument: own }, undefined, { Globals })).toEqual({
      MainRole: { trust: { Version: "2008-10-17", Statement: [statement, ...own.Statement] } },
    });
    const Main = { Type: "AWS::Serverless::Function", IgnoreGlobals: "*", Properties: {} };
    expect(rolesIn({ Main }, { Globals })).toEqual({ MainRole: LAMBDA });
  });

  it("keeps only the policy documents of the function's Policies", () => {
    const document = { Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };
    const Policies = ["AmazonS3ReadOnlyAccess", { S3ReadPolicy: { BucketName: "b" } }, document];
    const template = readTemplate({
      Transform: [TRANSFORM],
      Resources: { Main: { Type: "AWS::Serverless::Function", Properties: { Policies } } },
    });
    expect(template).toMatchObject({
      resources: [{ properties: { Policies: [{ PolicyDocument: document }] } }, { logicalId: "Main" }],
    });
  });
});

describe("a SAM resource", () => {
  it.each([
    ["AWS::Serverless::StateMachine", {}, { MainRole: trusting("states.amazonaws.com") }],
    ["AWS::Serverless::StateMachine", { Role: "own" }, {}],
    ["AWS::Serverless::WebFunction", {}, { MainRole: LAMBDA }],
    ["AWS::Serverless::GraphQLApi", {}, { MainCloudWatchRole: trusting("appsync.amazonaws.com") }],
    ["AWS::Serverless::Function", { Role: "own", DeploymentPreference: { Enabled: false } }, {}],
    ["AWS::Serverless::Function", { Role: "own", DeploymentPreference: { Role: "own" } }, {}],
    ["AWS::Serverless::CapacityProvider", {}, { MainOperatorRole: LAMBDA }],
    ["AWS::Serverless::Api", {}, {}],
    [
      "AWS::Serverless::StateMachine",
      {
        Role: "own",
        Events: { Nightly: { Type: "Schedule" }, Own: { Type: "Schedule", Properties: { RoleArn: "own" } } },
      },
      { MainNightlyRole: trusting("events.amazonaws.com") },
    ],
    [
      "AWS::Serverless::Function",
      {
        Role: "own",
        Events: { Nightly: { Type: "ScheduleV2" }, Call: { Type: "Api" } },
        DeploymentPreference: {},
      },
      {
        MainNightlyRole: trusting("scheduler.amazonaws.com"),
        CodeDeployServiceRole: trusting("codedeploy.amazonaws.com"),
      },
    ],
  ])("creates only the service roles that it needs: %s with %o", (type, properties, roles) => {
    expect(rolesOf(properties, type)).toEqual(roles);
  });
});

it("a SAM template reports an unknown resource and an unknown SAM type", () => {
  const later = new Unknown("later");
  expect(readTemplate({ Transform: TRANSFORM, Resources: { Main: later } })).toMatchObject({
    unknown: [{ what: "later", where: "Resources.Main" }],
  });
  expect(
    readTemplate({ Transform: TRANSFORM, Resources: { Main: { Type: "AWS::Serverless::Own" } } }),
  ).toMatchObject({
    unknown: [{ what: "a resource of a SAM type that is not known", where: "Resources.Main" }],
  });
});
