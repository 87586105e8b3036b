import { describe, expect, test } from "vitest";
import { evaluateInput } from "../evaluate";
import { recognize } from "../file/document";
import { GUARD, inputIn, trust } from "../sample/documents";
import { defaultSettings } from "../settings";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const ROLE = "aws:iam/role:Role";
const HELD = { Bool: { "aws:MultiFactorAuthPresent": "true" } };

const urn = (type: string, name: string) => `urn:pulumi:prod::app::${type}::${name}`;

/** A resource of a preview, as Pulumi 3.200 to 3.274 prints it. */
function resource(type: string, name: string, inputs: object, more: object = {}) {
  return { urn: urn(type, name), type, custom: true, inputs: { name, ...inputs }, ...more };
}

type State = ReturnType<typeof resource>;
const step = (op: string, states: { readonly oldState?: State; readonly newState?: State }) => ({
  op,
  urn: states.newState?.urn ?? states.oldState?.urn,
  ...states,
});
const create = (newState: State) => step("create", { newState });

function preview(steps: readonly ReturnType<typeof step>[], changeSummary: object = {}): string {
  return JSON.stringify({ config: {}, steps, duration: 1, changeSummary });
}

function stands(text: string): readonly string[] {
  const { subjects } = evaluateInput(inputIn(text, "preview.json"), defaultSettings(), new Date());
  return subjects.map(({ standing, kind, name }) => `${standing} ${kind} ${name}`);
}

describe("in the output of pulumi preview --json", () => {
  test("a role to be created has the standing of its trust policy", () => {
    const steps = [
      create(resource(ROLE, "open", { assumeRolePolicy: trust() })),
      create(resource(ROLE, "held", { assumeRolePolicy: trust(HELD) })),
    ];
    expect(stands(preview(steps))).toEqual(["open role open", "protected role held"]);
  });

  test.each([
    ["is known only after the update", UNKNOWN],
    ["is a secret", "[secret]"],
  ])("a value that %s is unknown", (_, assumeRolePolicy) => {
    expect(stands(preview([create(resource(ROLE, "r", { assumeRolePolicy }))]))).toEqual(["unknown role r"]);
  });

  test("a role to be deleted is left out, and one to be updated has its new trust policy", () => {
    const before = resource(ROLE, "r", { assumeRolePolicy: trust() }, { id: "r" });
    const after = resource(ROLE, "r", { assumeRolePolicy: trust(HELD) });
    expect(stands(preview([step("delete", { oldState: before })]))).toEqual([]);
    expect(stands(preview([step("update", { oldState: before, newState: after })]))).toEqual([
      "protected role r",
    ]);
  });

  test("a role to be replaced counts once, as its replacement", () => {
    const oldState = resource(ROLE, "r", { assumeRolePolicy: trust() });
    const newState = resource(ROLE, "r", { assumeRolePolicy: trust(HELD) });
    const steps = [
      step("create-replacement", { oldState, newState }),
      step("replace", { oldState, newState }),
      step("delete-replaced", { oldState }),
    ];
    expect(stands(preview(steps))).toEqual(["protected role r"]);
  });

  test("a group is guarded by an unchanged policy whose ARN only the old state has", () => {
    const arn = "arn:aws:iam::111122223333:policy/guard";
    const group = resource("aws:iam/group:Group", "staff", {});
    const policy = resource("aws:iam/policy:Policy", "guard", { policy: GUARD });
    const attachment = resource("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "a", {
      group: "staff",
      policyArn: arn,
    });
    const same = (newState: State, outputs: object = {}) =>
      step("same", { newState, oldState: { ...newState, id: arn, outputs } as State });
    const steps = [same(group), same(policy, { arn }), create(attachment)];
    expect(stands(preview(steps, { same: 2, create: 1 }))).toEqual(["protected group staff"]);
  });

  test.each([
    [1, "a resource"],
    [3, "3 resources"],
  ])("omitted unchanged resources prevent an evaluation: %i", (same, what) => {
    const text = preview([create(resource("aws:iam/group:Group", "staff", {}))], { same, create: 1 });
    expect(recognize(text, "preview.json")).toEqual({
      kind: "unread",
      problem: `The preview omits ${what} that will not change.`,
      remedy: "Create it: pulumi preview --json --show-sames",
      isRelevant: true,
    });
  });
});
