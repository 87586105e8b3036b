// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates are full of them
import fc from "fast-check";
import { type Deployment, resolvedByMoto } from "../../local/moto/templates";
import { readTemplate } from "../../policy-pack/cloudformation";
import { DEFAULT_TRUST_RULES, decideTrust, parsePolicy, type TrustRules } from "../../policy-pack/iam";
import { BUILD } from "./documents";

const ACCOUNTS = ["111122223333", "444455556666"];
const STAGES = ["production", "test", "other"];
const RULES: TrustRules = { ...DEFAULT_TRUST_RULES, trustedPrincipalArns: [BUILD] };

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
function perhaps(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
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

const statement = fc
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

const template = fc
  .record({
    conditions: fc.tuple(condition, condition, condition),
    statements: fc.array(perhaps(statement), { minLength: 1, maxLength: 3 }),
    under: fc.option(fc.constantFrom(...NAMES), { nil: undefined }),
  })
  .map(({ conditions, statements, under }) => ({
    Parameters: {
      Stage: { Type: "String", AllowedValues: STAGES },
      Size: { Type: "String", Default: "small" },
      Trusted: { Type: "String" },
      Required: { Type: "String", AllowedValues: ["true", "false"] },
    },
    Mappings: { Of: { all: { size: "large", account: ACCOUNTS[0] } } },
    Conditions: Object.fromEntries(NAMES.map((name, index) => [name, conditions[index]])),
    Resources: {
      Deploy: {
        Type: "AWS::IAM::Role",
        ...(under === undefined ? {} : { Condition: under }),
        Properties: { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: statements } },
      },
    },
  }));

const given = fc.record({
  parameters: fc.record({
    Stage: fc.constantFrom(...STAGES),
    Size: fc.constantFrom("small", "large"),
    Trusted: fc.constantFrom(...ACCOUNTS),
    Required: fc.constantFrom("true", "false"),
  }),
  account: fc.constantFrom(...ACCOUNTS),
  region: fc.constant("us-east-1"),
});

export interface TemplateTally {
  templates: number;
  deployments: number;
  readonly verdicts: Map<string, number>;
  readonly disagreements: string[];
}

/**
 * Compares what is said of this many random templates with what is said of them as moto deploys them, for several values of
 * their parameters each: where a
 * template is said to be open, or not to be, so is every one; with the parameters known, both have the same verdict.
 */
export async function proveTemplates(count: number, seed: number): Promise<TemplateTally> {
  const tally: TemplateTally = { templates: 0, deployments: 0, verdicts: new Map(), disagreements: [] };
  const chunk = 1000;
  for (let done = 0; done < count; done += chunk) {
    const numRuns = Math.min(chunk, count - done);
    const cases = fc.sample(fc.tuple(template, fc.array(given, { minLength: 6, maxLength: 6 })), {
      numRuns,
      seed: seed + done,
    });
    const deployments = cases.flatMap(([body, values]) =>
      values.map((each): Deployment => ({ template: body, ...each })),
    );
    const resolved = await resolvedByMoto(deployments);
    for (const [index, deployment] of deployments.entries()) {
      const whole = verdictOf(deployment.template);
      if (index % 6 === 0) {
        tally.templates += 1;
        tally.verdicts.set(whole, (tally.verdicts.get(whole) ?? 0) + 1);
      }
      const role = resolved[index]?.Deploy;
      const exact = verdictOf(deployment.template, deployment);
      const real = role === undefined ? "absent" : verdictOn(withoutNull(role));
      tally.deployments += 1;
      if (exact !== real)
        tally.disagreements.push(say("the same template deployed", exact, real, deployment));
      // What AWS would refuse is never deployed.
      if (whole === "unknown" || real === "absent" || real === "refused") continue;
      if ((whole === "bypassable") === (real === "bypassable")) continue;
      tally.disagreements.push(say("a template", whole, real, deployment));
    }
  }
  return tally;
}

function say(what: string, said: string, real: string, deployment: Deployment): string {
  return `${what} is said to be ${said}, but is ${real}: ${JSON.stringify(deployment)}`;
}

function verdictOf(body: unknown, known: Partial<Deployment> = {}): string {
  const { template: _, ...more } = known;
  const read = readTemplate(body, { scope: "", ...more });
  if (!read.ok) throw new Error(`a template is refused: ${read.error.where} ${read.error.found}`);
  const [role] = read.resources;
  return role === undefined ? "absent" : verdictOn(role.properties);
}

function verdictOn(properties: unknown): string {
  const document: unknown = Reflect.get(Object(properties), "AssumeRolePolicyDocument");
  const parsed = parsePolicy(document, "trust");
  return parsed.ok ? decideTrust(parsed.policy, RULES).kind : "refused";
}

/** moto leaves `null` in a list where AWS leaves the element out. */
function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => each !== null).map(withoutNull);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutNull(each)]));
}
