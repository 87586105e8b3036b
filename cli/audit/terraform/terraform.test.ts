import { describe, expect, test } from "vitest";
import { evaluateInput } from "../evaluate";
import { GUARD, trust } from "../sample/documents";
import { defaultSettings } from "../settings";
import { readTerraform } from "./terraform";

// Written by hand from the documentation of Terraform's JSON output: Terraform and its AWS provider are only in their own registry.

const MFA = { Bool: { "aws:MultiFactorAuthPresent": "true" } };

interface Declared {
  readonly mode?: "data";
  readonly module?: string;
  readonly index?: string | number;
  readonly unknown?: object;
  readonly sensitive?: object;
  readonly deposed?: string;
  readonly provider?: string;
  /** Its configuration: attribute → references. */
  readonly references?: Readonly<Record<string, readonly string[]>>;
}

function resource(type: string, name: string, values: object, more: Declared = {}) {
  const { mode = "managed", module = "", index } = more;
  const at = [module, mode === "data" && mode, type, name].filter(Boolean).join(".");
  return {
    ...more,
    mode,
    module,
    type,
    name,
    values,
    address: index === undefined ? at : `${at}[${JSON.stringify(index)}]`,
  };
}
type Made = ReturnType<typeof resource>;

/** The values of a module and of those that it calls, one level deep. */
function rootModule(resources: readonly Made[]) {
  const inModule = (module: string) =>
    resources
      .filter((each) => each.module === module)
      .map(({ address, mode, type, name, values, sensitive = {}, deposed }) => ({
        ...{ address, mode, type, name, schema_version: 0, values, sensitive_values: sensitive },
        provider_name: "example.com/hashicorp/aws",
        ...(deposed !== undefined && { deposed_key: deposed }),
      }));
  const modules = new Set(resources.map(({ module }) => module).filter(Boolean));
  return {
    resources: inModule(""),
    child_modules: [...modules].map((address) => ({ address, resources: inModule(address) })),
  };
}

function configured(resources: readonly Made[], module: string) {
  return resources
    .filter((each) => each.module.replace(/\[.*\]/, "") === module)
    .map(({ type, name, references = {}, provider = "aws" }) => ({
      ...{ address: `${type}.${name}`, mode: "managed", type, name, provider_config_key: provider },
      expressions: Object.fromEntries(
        Object.entries(references).map(([key, names]) => [key, { references: names }]),
      ),
    }));
}

const state = (...resources: readonly Made[]) => ({
  format_version: "1.0",
  terraform_version: "1.9.8",
  values: { root_module: rootModule(resources) },
});

const plan = (resources: readonly Made[], calls: object = {}) => ({
  format_version: "1.2",
  terraform_version: "1.9.8",
  planned_values: { root_module: rootModule(resources) },
  resource_changes: resources.map(({ address, unknown = {} }) => ({
    address,
    mode: "managed",
    change: { actions: ["create"], before: null, after_unknown: unknown },
  })),
  configuration: { root_module: { resources: configured(resources, ""), module_calls: calls } },
});

const stored = (...resources: readonly Made[]) => ({
  version: 4,
  terraform_version: "1.9.8",
  serial: 3,
  lineage: "0f1e2d3c",
  outputs: {},
  resources: resources.map(({ mode, module, type, name, index, values, deposed }) => ({
    ...(module !== "" && { module }),
    ...{ mode, type, name, provider: 'provider["example.com/hashicorp/aws"]' },
    instances: [
      {
        ...(index !== undefined && { index_key: index }),
        ...(deposed !== undefined && { deposed }),
        schema_version: 0,
        attributes: values,
        sensitive_attributes: [],
      },
    ],
  })),
});

function read(value: object) {
  const input = readTerraform({ ...value }, "plan.json");
  if (input === undefined) throw new Error("is none of Terraform's");
  return input;
}

function stands(value: object) {
  const { subjects } = evaluateInput(read(value), defaultSettings(), new Date());
  return subjects.map(({ standing, kind, id }) => `${standing} ${kind} ${id.replace(/^plan\.json#/, "")}`);
}

const group = (name: string, more?: Declared) => resource("aws_iam_group", name, { name, id: name }, more);
const role = (name: string, values: object, more?: Declared) =>
  resource("aws_iam_role", name, { name, max_session_duration: 3600, inline_policy: [], ...values }, more);

describe.each([
  ["terraform show -json of a state", state],
  ["a state file", stored],
])("%s", (_, of) => {
  test("gives roles the standing of their trust policies, with count, for_each and modules", () => {
    const all = [
      role("closed", { assume_role_policy: trust(MFA) }),
      role("open", { assume_role_policy: trust() }, { index: 0 }),
      role("open", { assume_role_policy: trust(MFA) }, { index: 1 }),
      role("ci", { assume_role_policy: trust() }, { module: 'module.team["a.b"]', index: "x" }),
    ];
    expect(stands(of(...all)).toSorted()).toEqual([
      "open role aws_iam_role.open[0]",
      'open role module.team["a.b"].aws_iam_role.ci["x"]',
      "protected role aws_iam_role.closed",
      "protected role aws_iam_role.open[1]",
    ]);
  });

  test("gives groups the standing of their policies, attached by name and by ARN", () => {
    const arn = "arn:aws:iam::111122223333:policy/guard";
    const all = [
      group("byArn"),
      group("byName"),
      group("none"),
      resource("aws_iam_policy", "guard", { name: "guard", arn, policy: GUARD }),
      resource("aws_iam_group_policy_attachment", "one", { group: "byArn", policy_arn: arn }),
      resource("aws_iam_group_policy", "two", { group: "byName", name: "guard", policy: GUARD }),
    ];
    expect(stands(of(...all)).filter((each) => each.includes(" group "))).toEqual([
      "open group aws_iam_group.none",
      "protected group aws_iam_group.byArn",
      "protected group aws_iam_group.byName",
    ]);
  });

  test("gives the Cloud Control provider's roles and groups their standing, too", () => {
    const values = {
      group_name: "staff",
      policies: [{ policy_name: "guard", policy_document: GUARD }],
      managed_policy_arns: null,
    };
    const assume_role_policy_document = trust();
    const all = [
      resource("awscc_iam_group", "staff", values),
      resource("awscc_iam_role", "deploy", { role_name: "deploy", assume_role_policy_document }),
    ];
    expect(stands(of(...all))).toEqual([
      "open role awscc_iam_role.deploy",
      "protected group awscc_iam_group.staff",
    ]);
  });

  test("ignores data sources, other providers' resources and empty inline policies", () => {
    const all = [
      role("existing", { assume_role_policy: trust() }, { mode: "data" }),
      resource("google_project_iam_member", "x", { role: "roles/owner" }),
      role("closed", { assume_role_policy: trust(MFA), inline_policy: [{ name: "", policy: "" }] }),
    ];
    expect(stands(of(...all))).toEqual(["protected role aws_iam_role.closed"]);
  });

  test("gives a role the standing of its replacement, and reports the deposed one", () => {
    const all = [
      role("deploy", { assume_role_policy: trust(MFA) }),
      role("deploy", { assume_role_policy: trust() }, { deposed: "a1b2c3d4" }),
    ];
    expect(stands(of(...all))).toEqual(["protected role aws_iam_role.deploy"]);
    const { trouble } = read(of(...all));
    expect(trouble?.problem).toContain("aws_iam_role.deploy");
    expect(trouble?.notLookedAt).toEqual({ resources: 1 });
  });
});

test("a sensitive value is unknown, and in no report", () => {
  const policy = GUARD.replace("iam:GetUser", 'iam:GetUser","secret:Thing');
  const all = [
    group("staff"),
    resource(
      "aws_iam_group_policy",
      "guard",
      { group: "staff", name: "guard", policy },
      { sensitive: { policy: true } },
    ),
  ];
  expect(stands(state(...all))).toContain("unknown group aws_iam_group.staff");
  const inState = stored(...all);
  const marked = {
    ...inState,
    resources: inState.resources.map((each) => ({
      ...each,
      instances: each.instances.map((instance) => ({
        ...instance,
        ...(each.type === "aws_iam_group_policy" && {
          sensitive_attributes: [[{ type: "get_attr", value: "policy" }]],
        }),
      })),
    })),
  };
  expect(stands(marked)).toContain("unknown group aws_iam_group.staff");
  expect(JSON.stringify(evaluateInput(read(marked), defaultSettings(), new Date()))).not.toContain(
    "secret:Thing",
  );
});

describe("terraform show -json of a state with several accounts", () => {
  const there = (account: string) => `arn:aws:iam::${account}:group/staff`;
  const all = [
    group("here"),
    resource("aws_iam_group", "staff", { name: "staff", arn: there("111122223333") }),
    resource("aws_iam_group", "others", { name: "staff", arn: there("444455556666") }),
    resource("aws_iam_group_policy", "guard", { group: "staff", name: "guard", policy: GUARD }),
  ];

  test("leaves groups of the same name unknown, with a note", () => {
    const groups = stands(state(...all)).filter(
      (each) => /staff|others/.test(each) && each.includes(" group "),
    );
    expect(groups).toEqual(["unknown group aws_iam_group.others", "unknown group aws_iam_group.staff"]);
    expect(read(state(...all)).notes?.join()).toContain("several accounts");
  });
});

describe("a Terraform plan", () => {
  test("leaves a role unknown whose trust policy is known after apply", () => {
    const all = [role("deploy", {}, { unknown: { assume_role_policy: true, arn: true } })];
    expect(stands(plan(all))).toEqual(["unknown role aws_iam_role.deploy"]);
  });

  test("does not hide an open role if its inline policy is known after apply", () => {
    const all = [
      role(
        "deploy",
        { assume_role_policy: trust(), inline_policy: [{ name: "logs" }] },
        { unknown: { inline_policy: [{ policy: true }] } },
      ),
    ];
    expect(stands(plan(all))).toEqual(["open role aws_iam_role.deploy"]);
  });

  const guard = resource(
    "aws_iam_policy",
    "guard",
    { name: "guard", policy: GUARD },
    { unknown: { arn: true } },
  );
  const attachment = (references: readonly string[], more: Declared = {}) =>
    resource(
      "aws_iam_group_policy_attachment",
      "guard",
      { group: "staff" },
      {
        unknown: { policy_arn: true },
        references: { policy_arn: references },
        ...more,
      },
    );

  test("attaches a policy whose ARN is not known yet by reference", () => {
    const all = [group("staff"), guard, attachment(["aws_iam_policy.guard.arn", "aws_iam_policy.guard"])];
    expect(stands(plan(all))).toContain("protected group aws_iam_group.staff");
  });

  test.each([
    [
      "protects a user whose permissions boundary is a reference",
      ["aws_iam_policy.guard.arn", "aws_iam_policy.guard"],
      "protected",
    ],
    ["leaves a user unknown whose permissions boundary is a local value", ["local.boundary_arn"], "unknown"],
  ])("%s", (_, references, standing) => {
    const alice = resource(
      "aws_iam_user",
      "alice",
      { name: "alice" },
      {
        unknown: { permissions_boundary: true },
        references: { permissions_boundary: references },
      },
    );
    const key = resource("aws_iam_access_key", "key", { user: "alice" });
    expect(stands(plan([alice, key, guard]))).toContain(`${standing} user aws_iam_user.alice`);
  });

  test.each([
    ["a local value", ["local.policy_arn"]],
    ["a data source", ["data.aws_iam_policy.guard.arn", "data.aws_iam_policy.guard"]],
    [
      "a choice between a resource and a local value",
      ["local.x", "aws_iam_policy.guard.arn", "aws_iam_policy.guard"],
    ],
    ["a root variable", ["var.policy_arn"]],
  ])("leaves a group unknown whose policy is attached by %s", (_, references) => {
    const all = [group("staff"), guard, attachment(references)];
    expect(stands(plan(all))).toContain("unknown group aws_iam_group.staff");
  });

  test("attaches a policy through a module's output and another module's variable", () => {
    const inside = attachment(["var.policy_arn"], { module: "module.staff" });
    const made = resource(
      "aws_iam_policy",
      "guard",
      { name: "guard", policy: GUARD },
      { module: "module.policies", unknown: { arn: true } },
    );
    const all = [group("staff"), made, inside];
    const calls = {
      policies: {
        module: {
          resources: configured(all, "module.policies"),
          outputs: {
            arn: { expression: { references: ["aws_iam_policy.guard.arn", "aws_iam_policy.guard"] } },
          },
        },
      },
      staff: {
        expressions: { policy_arn: { references: ["module.policies.arn", "module.policies"] } },
        module: { resources: configured(all, "module.staff") },
      },
    };
    expect(stands(plan(all, calls))).toContain("protected group aws_iam_group.staff");
  });

  test("resolves references within each instance of a module", () => {
    const guarded = 'module.team["a"]';
    const open = 'module.team["b"]';
    const inTeam = (module: string, policy: string) => [
      group("staff", { module }),
      resource("aws_iam_policy", "guard", { name: "guard", policy }, { module, unknown: { arn: true } }),
      resource(
        "aws_iam_group_policy_attachment",
        "guard",
        {},
        {
          module,
          unknown: { policy_arn: true, group: true },
          references: {
            policy_arn: ["aws_iam_policy.guard.arn", "aws_iam_policy.guard"],
            group: ["aws_iam_group.staff.name", "aws_iam_group.staff"],
          },
        },
      ),
    ];
    const all = [...inTeam(guarded, GUARD), ...inTeam(open, GUARD.replace("BoolIfExists", "Bool"))];
    const calls = {
      team: { module: { resources: configured(all.slice(0, 3), "module.team") } },
    };
    const groups = stands(plan(all, calls)).filter((each) => each.includes(" group "));
    expect(groups).toEqual([
      `open group ${open}.aws_iam_group.staff`,
      `protected group ${guarded}.aws_iam_group.staff`,
    ]);
  });

  test("attaches no policy by name to a group of another provider", () => {
    const all = [
      group("staff", { provider: "aws.audit" }),
      resource("aws_iam_group_policy", "guard", { group: "staff", name: "guard", policy: GUARD }),
    ];
    expect(stands(plan(all))).toContain("open group aws_iam_group.staff");
  });

  test("attaches a policy by reference to a group of another provider", () => {
    const all = [
      group("staff"),
      resource(
        "aws_iam_group_policy",
        "guard",
        { group: "staff", name: "guard", policy: GUARD },
        {
          provider: "aws.us_east_1",
          references: { group: ["aws_iam_group.staff.name", "aws_iam_group.staff"] },
        },
      ),
    ];
    expect(stands(plan(all))).toContain("protected group aws_iam_group.staff");
  });

  test("attaches no policy by name to a group in a module with its own provider", () => {
    const inside = { module: "module.audit", provider: "module.audit:aws" };
    const all = [
      group("staff", inside),
      resource("aws_iam_group_policy", "guard", { group: "staff", name: "guard", policy: GUARD }),
    ];
    const calls = { audit: { module: { resources: configured(all, "module.audit") } } };
    expect(stands(plan(all, calls))).toContain("open group module.audit.aws_iam_group.staff");
  });

  test("leaves a group unknown whose policy is attached by reference to a whole module", () => {
    const all = [
      group("staff"),
      guard,
      attachment(["module.policies", "aws_iam_policy.guard.arn", "aws_iam_policy.guard"]),
    ];
    expect(stands(plan(all, { policies: { module: {} } }))).toContain("unknown group aws_iam_group.staff");
  });

  test("reports a resource that Terraform will forget as not evaluated", () => {
    const made = plan([]);
    const change = { address: "aws_iam_role.old", type: "aws_iam_role", change: { actions: ["forget"] } };
    const { trouble } = read({ ...made, resource_changes: [change] });
    expect(trouble?.problem).toContain("aws_iam_role.old");
    expect(trouble?.notLookedAt).toEqual({ resources: 1 });
  });

  test("follows references that double at each of 40 modules once", () => {
    const depth = 40;
    const nested = (left: number): object => ({
      module: {
        outputs: {
          a: {
            expression: {
              references: left === 0 ? ["local.x"] : ["module.next.a", "module.next.b", "module.next"],
            },
          },
          b: {
            expression: {
              references: left === 0 ? ["local.x"] : ["module.next.a", "module.next.b", "module.next"],
            },
          },
        },
        ...(left > 0 && { module_calls: { next: nested(left - 1) } }),
      },
    });
    const all = [group("staff"), guard, attachment(["module.policies.a", "module.policies"])];
    expect(stands(plan(all, { policies: nested(depth) }))).toContain("unknown group aws_iam_group.staff");
  });

  test("is incomplete if Terraform did not finish it", () => {
    expect(read({ ...plan([]), errored: true }).trouble?.problem).toBe("The plan is incomplete.");
    expect(read({ ...plan([]), complete: false }).trouble).toBeDefined();
  });
});

describe("reading Terraform's JSON", () => {
  test.each([
    [
      "a state from before 0.12",
      { version: 3, terraform_version: "0.11.14", modules: [] },
      "version 3; expected 4",
    ],
    ["a later format", { ...state(), format_version: "2.0" }, "format 2.0; expected 1.x"],
    [
      "a damaged plan",
      { ...plan([]), planned_values: { root_module: { resources: {} } } },
      "planned_values.root_module.resources",
    ],
    ["a damaged state", { ...stored(), resources: [{ type: "aws_iam_role" }] }, "resources.0.mode"],
  ])("rejects %s and says why", (_, value, problem) => {
    expect(() => readTerraform(value, "x")).toThrow(problem);
  });

  test("ignores other JSON", () => {
    expect(readTerraform({ Statement: [] }, "x")).toBeUndefined();
    expect(readTerraform({ format_version: "1.0", provider_schemas: {} }, "x")).toBeUndefined();
  });
});
