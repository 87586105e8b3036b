// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates are full of them
import { expect, test } from "vitest";
import { readTemplate } from "./template";

const Transform = "AWS::LanguageExtensions";
const role = (RoleName: unknown) => ({ Type: "AWS::IAM::Role", Properties: { RoleName } });

function read(template: object, parameters?: Record<string, unknown>) {
  const known = { scope: "", ...(parameters === undefined ? {} : { parameters }) };
  const result = readTemplate({ Transform, ...template }, known);
  if (!result.ok) throw new Error(result.error.found);
  return {
    names: Object.fromEntries(
      result.resources.map(({ logicalId, properties }) => [logicalId, properties.RoleName]),
    ),
    resources: result.resources,
    unknown: result.unknown.map(({ what, where }) => `${what} at ${where}`),
  };
}

const NAMES = {
  Names: { Type: "CommaDelimitedList", Default: "ci, deploy" },
  Last: { Type: "String", Default: "last" },
};

test.each<[string, unknown, Record<string, unknown>]>([
  ["a list", ["ci", "deploy"], { Roleci: "app-ci", Roledeploy: "app-deploy" }],
  ["a list parameter", { Ref: "Names" }, { Roleci: "app-ci", Roledeploy: "app-deploy" }],
  ["a list that contains a parameter", ["ci", { Ref: "Last" }], { Roleci: "app-ci", Rolelast: "app-last" }],
])("a loop over %s creates a resource for each item", (_, collection, names) => {
  const loop = ["Name", collection, { "Role${Name}": role({ "Fn::Sub": "app-${Name}" }) }];
  const made = read({ Parameters: NAMES, Resources: { "Fn::ForEach::Roles": loop } }, {});
  expect(made.names).toEqual(names);
  expect(made.unknown).toEqual([]);
});

test("a loop's variable resolves in Ref, Fn::Sub and ${}, and in &{} without non-alphanumeric characters", () => {
  const body = {
    "Role&{Name}": {
      Type: "AWS::IAM::Role",
      Properties: { RoleName: { Ref: "Name" }, Tags: [{ Key: "${Name}" }], Path: { "Fn::Sub": "/${Name}/" } },
    },
  };
  const { resources } = read({ Resources: { "Fn::ForEach::Roles": ["Name", ["ci-1"], body] } });
  expect(resources).toMatchObject([
    { logicalId: "Roleci1", properties: { RoleName: "ci-1", Tags: [{ Key: "ci-1" }], Path: "/ci-1/" } },
  ]);
});

test("a loop within a loop and a loop within a resource's properties are expanded", () => {
  const inner = {
    "Fn::ForEach::Inner": ["Stage", ["dev", "prod"], { "R${Name}${Stage}": role("${Name}-${Stage}") }],
  };
  expect(read({ Resources: { "Fn::ForEach::Outer": ["Name", ["a", "b"], inner] } }).names).toEqual({
    Radev: "a-dev",
    Raprod: "a-prod",
    Rbdev: "b-dev",
    Rbprod: "b-prod",
  });
  const properties = { "Fn::ForEach::P": ["Key", ["RoleName", "Path"], { "${Key}": "/x/" }] };
  const within = read({ Resources: { Role: { Type: "AWS::IAM::Role", Properties: properties } } });
  expect(within.resources).toMatchObject([{ properties: { RoleName: "/x/", Path: "/x/" }, complete: true }]);
});

test("Fn::GetAtt of a resource that a loop creates refers to that resource", () => {
  const Resources = {
    "Fn::ForEach::Roles": ["Name", ["a"], { "Role${Name}": role("x") }],
    Policy: {
      Type: "AWS::IAM::Policy",
      Properties: { Roles: [{ "Fn::GetAtt": [{ "Fn::Sub": "Rolea" }, "Arn"] }] },
    },
  };
  expect(read({ Resources }).resources[1]).toMatchObject({ references: { Roles: ["Rolea"] } });
});

test.each<[string, object]>([
  [
    "over a parameter whose value is not given",
    { "Fn::ForEach::Roles": ["Name", { Ref: "Names" }, { "R${Name}": role("x") }] },
  ],
  [
    "over a function other than Ref",
    { "Fn::ForEach::Roles": ["Name", { "Fn::GetAZs": "" }, { "R${Name}": role("x") }] },
  ],
  ["without a body", { "Fn::ForEach::Roles": ["Name", ["a"]] }],
])("a loop %s is reported as unknown", (_, Resources) => {
  expect(read({ Parameters: NAMES, Resources }).unknown).toEqual(["Fn::ForEach at Resources"]);
});

test("a loop without the AWS::LanguageExtensions transform is reported as unknown", () => {
  const Resources = { "Fn::ForEach::Roles": ["Name", ["a"], { "R${Name}": role("x") }] };
  expect(read({ Transform: undefined, Resources }).unknown).toEqual(["Fn::ForEach at Resources"]);
});

test("nested loops with too many iterations are reported as unknown, and create nothing", () => {
  const items = Array.from({ length: 100 }, (_, index) => `i${index}`);
  const nested = (depth: number): object =>
    depth === 0
      ? { "R${N1}${N2}${N3}${N4}": role("x") }
      : { [`Fn::ForEach::L${depth}`]: [`N${depth}`, items, nested(depth - 1)] };
  expect(read({ Resources: nested(4) })).toMatchObject({
    resources: [],
    unknown: ["Fn::ForEach at Resources"],
  });
});
