// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates are full of them
import fc from "fast-check";
import { AWAY, BUILD, HOME } from "./principal";

const ACCOUNTS = [HOME, AWAY];
const STAGES = ["production", "test", "other"];

const condition: fc.Arbitrary<unknown> = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(
      { "Fn::Equals": [{ Ref: "Stage" }, "production"] },
      { "Fn::Equals": ["test", { Ref: "Stage" }] },
      { "Fn::Equals": [{ Ref: "Size" }, "large"] },
      { "Fn::Equals": [{ Ref: "AWS::AccountId" }, ACCOUNTS[0]] },
      { "Fn::Equals": [{ Ref: "AWS::Region" }, { Ref: "AWS::Region" }] },
      { "Fn::Equals": [{ "Fn::FindInMap": ["Of", "all", "size"] }, { Ref: "Size" }] },
    ),
    tie("tree").map((each) => ({ "Fn::Not": [each] })),
    fc
      .tuple(fc.constantFrom("Fn::And", "Fn::Or"), tie("tree"), tie("tree"))
      .map(([name, ...two]) => ({ [name]: two })),
  ),
})).tree;

const NAMES = ["One", "Two", "Three"];
const NO_VALUE = { Ref: "AWS::NoValue" };

/** A value, or one of two by a condition, or none. */
export function perhaps(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const choice = fc
    .tuple(fc.constantFrom(...NAMES), value, fc.oneof(value, fc.constant(NO_VALUE)), fc.boolean())
    .map(([name, one, other, isFirst]) => ({ "Fn::If": isFirst ? [name, one, other] : [name, other, one] }));
  return fc.oneof({ weight: 2, arbitrary: value }, { weight: 1, arbitrary: choice });
}

const principal = fc.constantFrom<unknown>(
  { AWS: { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" } },
  { AWS: { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/build" } },
  { AWS: { "Fn::Join": ["", ["arn:aws:iam::", { Ref: "Trusted" }, ":user/alice"]] } },
  { AWS: { Ref: "Trusted" } },
  { AWS: { "Fn::Select": [1, { "Fn::Split": [",", `${ACCOUNTS[1]},${ACCOUNTS[0]}`] }] } },
  { AWS: { "Fn::FindInMap": ["Of", "all", "account"] } },
  { AWS: BUILD },
  { Service: { "Fn::Sub": "ec2.${AWS::URLSuffix}" } },
  { AWS: "*" },
);

const MFA = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
const NO_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } };
const conditions = fc.constantFrom<unknown>(
  MFA,
  MFA,
  NO_MFA,
  { Bool: { "aws:MultiFactorAuthPresent": { Ref: "Required" } } },
  { StringEquals: { "aws:PrincipalAccount": { Ref: "AWS::AccountId" } } },
  { StringNotEquals: { "aws:PrincipalAccount": [{ Ref: "AWS::AccountId" }, { Ref: "Trusted" }] } },
  { StringEquals: { "sts:ExternalId": { Ref: "AWS::StackName" } } },
  { StringNotEquals: { "sts:ExternalId": { Ref: "AWS::StackName" } } },
);

export const statement = fc
  .record(
    {
      Effect: fc.constantFrom("Allow", "Allow", "Deny"),
      Principal: perhaps(principal),
      Action: fc.constant("sts:AssumeRole"),
      Condition: perhaps(conditions),
    },
    { requiredKeys: ["Effect", "Principal", "Action"] },
  )
  // A statement without a principal is refused.
  .filter(({ Principal }) => !JSON.stringify(Principal).includes("AWS::NoValue"));

/** A resource, sometimes under a condition. */
export function mayBeThere(type: string, properties: fc.Arbitrary<object>): fc.Arbitrary<object> {
  const under = fc.option(fc.constantFrom(...NAMES), { nil: undefined });
  return fc.tuple(under, properties).map(([name, Properties]) => ({
    Type: type,
    ...(name === undefined ? {} : { Condition: name }),
    Properties,
  }));
}

/** Templates with these resources, for which parameters and conditions decide. */
export function templateOf(resources: fc.Arbitrary<object>): fc.Arbitrary<object> {
  return fc.tuple(resources, condition, condition, condition).map(([Resources, ...conditions]) => ({
    Parameters: {
      Stage: { Type: "String", AllowedValues: STAGES },
      Size: { Type: "String", Default: "small" },
      Trusted: { Type: "String" },
      Team: { Type: "String" },
      Required: { Type: "String", AllowedValues: ["true", "false"] },
    },
    Mappings: { Of: { all: { size: "large", account: ACCOUNTS[0] } } },
    Conditions: Object.fromEntries(NAMES.map((name, index) => [name, conditions[index]])),
    Resources,
  }));
}

/** A role that intrinsic functions, conditions and parameters decide about. */
export const template = templateOf(
  fc.record({
    Deploy: mayBeThere(
      "AWS::IAM::Role",
      fc
        .array(perhaps(statement), { minLength: 1, maxLength: 3 })
        .map((Statement) => ({ AssumeRolePolicyDocument: { Version: "2012-10-17", Statement } })),
    ),
  }),
);

/** What a deployment gives to a template. */
export const given = fc.record({
  parameters: fc.record({
    Stage: fc.constantFrom(...STAGES),
    Size: fc.constantFrom("small", "large"),
    Trusted: fc.constantFrom(...ACCOUNTS),
    Team: fc.constantFrom("developers", "operators"),
    Required: fc.constantFrom("true", "false"),
  }),
  account: fc.constantFrom(...ACCOUNTS),
  region: fc.constant("us-east-1"),
});
