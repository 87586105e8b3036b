import { IAM } from "@aws-sdk/client-iam";
import { HttpResponse } from "@smithy/core/protocols";
import { describe, expect, test } from "vitest";
import type { Properties } from "./kind";
import { kinds } from "./kinds";
import { standIn } from "./provider";

/**
 * What the official provider does with each changed property, by its resources' `ForceNew` and update functions
 * (hashicorp/terraform-provider-aws, internal/service/iam) and Pulumi's bridge (pulumi/pulumi-aws, provider/resource_overrides.go): a
 * replacement deletes the old resource first if the type says so, or if the program chose the `name`.
 */
const IN_PLACE = "updates the resource in place";
const REPLACES = "replaces the resource";
const OLD_FIRST = "deletes the resource before it replaces it";

/** As an inline policy has it: its owner and its name. */
const ID = "owner:inline";
const POLICY = '{"Version":"2012-10-17","Statement":[]}';
const OTHER = '{"Version":"2012-10-17","Statement":[{}]}';
const ARN = "arn:aws:iam::111122223333:policy/";
const tags = { team: "ops" };

const STATES: Readonly<Record<string, Properties>> = {
  accessKey: { user: "alice", status: "Active" },
  group: { name: "MFA", path: "/" },
  groupMembership: { name: "members", group: "MFA", users: ["alice", "bob"] },
  groupPolicy: { name: "inline", group: "MFA", policy: POLICY },
  groupPolicyAttachment: { group: "MFA", policyArn: `${ARN}A` },
  policy: { name: "A", path: "/", description: "", policy: POLICY, tags },
  role: {
    name: "Deploy",
    path: "/",
    description: "",
    assumeRolePolicy: POLICY,
    maxSessionDuration: 3600,
    permissionsBoundary: `${ARN}A`,
    forceDetachPolicies: false,
    tags,
  },
  rolePolicy: { name: "inline", role: "Deploy", policy: POLICY },
  rolePolicyAttachment: { role: "Deploy", policyArn: `${ARN}A` },
  user: { name: "alice", path: "/", permissionsBoundary: `${ARN}A`, forceDestroy: true, tags },
  userGroupMembership: { user: "alice", groups: ["MFA", "auditors"] },
  userLoginProfile: { user: "alice", passwordLength: 20, passwordResetRequired: false },
  userPolicy: { name: "inline", user: "alice", policy: POLICY },
  userPolicyAttachment: { user: "alice", policyArn: `${ARN}A` },
  virtualMfaDevice: { virtualMfaDeviceName: "alice", path: "/", tags },
};

const CHANGES: readonly [kind: string, change: Properties, outcome: string, calls?: string[]][] = [
  ["accessKey", { user: "bob" }, REPLACES],
  ["accessKey", { status: "Inactive" }, IN_PLACE, ["UpdateAccessKey alice"]],
  ["group", { name: "OpsMFA" }, IN_PLACE, ["UpdateGroup MFA OpsMFA"]],
  ["group", { path: "/team/" }, IN_PLACE, ["UpdateGroup MFA"]],
  ["groupMembership", { name: "others" }, OLD_FIRST],
  ["groupMembership", { group: "OpsMFA" }, OLD_FIRST],
  [
    "groupMembership",
    { users: ["bob", "carol"] },
    IN_PLACE,
    ["RemoveUserFromGroup MFA alice", "AddUserToGroup MFA carol"],
  ],
  ["groupPolicy", { name: "other" }, OLD_FIRST],
  ["groupPolicy", { group: "OpsMFA" }, OLD_FIRST],
  ["groupPolicy", { policy: OTHER }, IN_PLACE, ["PutGroupPolicy owner inline"]],
  ["groupPolicyAttachment", { group: "OpsMFA" }, OLD_FIRST],
  ["groupPolicyAttachment", { policyArn: `${ARN}B` }, OLD_FIRST],
  ["policy", { name: "B" }, OLD_FIRST],
  ["policy", { path: "/team/" }, OLD_FIRST],
  ["policy", { description: "other" }, OLD_FIRST],
  [
    "policy",
    { policy: OTHER },
    IN_PLACE,
    [`ListPolicyVersions ${ID}`, `CreatePolicyVersion ${ID} false`, `SetDefaultPolicyVersion ${ID}`],
  ],
  ["policy", { tags: { cost: "1" } }, IN_PLACE, [`UntagPolicy ${ID}`, `TagPolicy ${ID}`]],
  ["role", { name: "Other" }, OLD_FIRST],
  ["role", { path: "/team/" }, OLD_FIRST],
  ["role", { assumeRolePolicy: OTHER }, IN_PLACE, [`UpdateAssumeRolePolicy ${ID}`]],
  ["role", { description: "other" }, IN_PLACE, [`UpdateRoleDescription ${ID}`]],
  ["role", { maxSessionDuration: 7200 }, IN_PLACE, [`UpdateRole ${ID}`]],
  ["role", { permissionsBoundary: `${ARN}B` }, IN_PLACE, [`PutRolePermissionsBoundary ${ID}`]],
  ["role", { permissionsBoundary: undefined }, IN_PLACE, [`DeleteRolePermissionsBoundary ${ID}`]],
  ["role", { forceDetachPolicies: true }, IN_PLACE, []],
  ["role", { tags: {} }, IN_PLACE, [`UntagRole ${ID}`]],
  ["rolePolicy", { name: "other" }, OLD_FIRST],
  ["rolePolicy", { role: "Other" }, OLD_FIRST],
  ["rolePolicy", { policy: OTHER }, IN_PLACE, ["PutRolePolicy inline owner"]],
  ["rolePolicyAttachment", { role: "Other" }, OLD_FIRST],
  ["rolePolicyAttachment", { policyArn: `${ARN}B` }, OLD_FIRST],
  ["user", { name: "bob" }, IN_PLACE, ["UpdateUser alice bob"]],
  ["user", { path: "/team/" }, IN_PLACE, ["UpdateUser alice"]],
  // moto does not support users' boundaries.
  ["user", { permissionsBoundary: undefined }, IN_PLACE, []],
  ["user", { forceDestroy: false }, IN_PLACE, []],
  ["user", { tags: { cost: "1" } }, IN_PLACE, ["UntagUser alice", "TagUser alice"]],
  ["userGroupMembership", { user: "bob" }, REPLACES],
  [
    "userGroupMembership",
    { groups: ["OpsMFA", "auditors"] },
    IN_PLACE,
    ["RemoveUserFromGroup MFA alice", "AddUserToGroup OpsMFA alice"],
  ],
  ["userLoginProfile", { user: "bob" }, REPLACES],
  ["userLoginProfile", { passwordLength: 30 }, REPLACES],
  ["userLoginProfile", { passwordResetRequired: true }, REPLACES],
  ["userPolicy", { name: "other" }, OLD_FIRST],
  ["userPolicy", { user: "bob" }, OLD_FIRST],
  ["userPolicy", { policy: OTHER }, IN_PLACE, ["PutUserPolicy owner inline"]],
  ["userPolicyAttachment", { user: "bob" }, OLD_FIRST],
  ["userPolicyAttachment", { policyArn: `${ARN}B` }, OLD_FIRST],
  ["virtualMfaDevice", { virtualMfaDeviceName: "bob" }, REPLACES],
  ["virtualMfaDevice", { path: "/team/" }, REPLACES],
  // moto does not support devices' tags.
  ["virtualMfaDevice", { tags: {} }, IN_PLACE, []],
];

const tokenOf = (kind: string) => `aws:iam/${kind}:${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;

describe("a changed property", () => {
  test.each(CHANGES)("of %s, %j, %s", async (kind, change, outcome, calls) => {
    const before = STATES[kind] ?? {};
    const after = { ...before, ...change };
    const urn = `urn:pulumi:local::project::${tokenOf(kind)}::name`;
    const difference = await standIn(() => ({})).diff?.(ID, urn, before, after);
    expect(difference?.changes).toBe(true);
    const replaced = difference?.deleteBeforeReplace ? OLD_FIRST : REPLACES;
    expect(difference?.replaces?.length ? replaced : IN_PLACE).toBe(outcome);
    if (outcome === IN_PLACE) expect(await callsOf(kind, before, after)).toEqual(calls);
  });

  test("is in the table for every input of every IAM type except managedPolicyArns", () => {
    const left = ["managedPolicyArns"];
    const declared = Object.entries(kinds).flatMap(([token, { inputs }]) => {
      const kind = /^aws:iam\/(\w+):/.exec(token)?.[1];
      return kind
        ? Object.keys(inputs).flatMap((input) => (left.includes(input) ? [] : `${kind} ${input}`))
        : [];
    });
    const tried = CHANGES.flatMap(([kind, change]) => Object.keys(change).map((input) => `${kind} ${input}`));
    expect([...new Set(tried)].sort()).toEqual(declared.sort());
  });

  test("of a resource with a generated name creates the new resource before it deletes the old one", async () => {
    const urn = `urn:pulumi:local::project::${tokenOf("policy")}::name`;
    const given = { policy: POLICY };
    const checked = await standIn(() => ({})).check?.(urn, {}, given);
    const after = { ...checked?.inputs, path: "/team/" };
    const difference = await standIn(() => ({})).diff?.("id", urn, checked?.inputs, after);
    expect(difference).toMatchObject({ replaces: ["path"], deleteBeforeReplace: false });
  });
});

/** The AWS calls of an update: each action with its names. */
async function callsOf(kind: string, before: Properties, after: Properties): Promise<string[]> {
  const calls: string[] = [];
  const iam = new IAM({
    region: "us-east-1",
    credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "none" },
    requestHandler: {
      async handle({ body }: { body: string }) {
        const form = new URLSearchParams(body);
        const action = form.get("Action");
        const said = ["PolicyArn", "RoleName", "SetAsDefault"].flatMap((name) => form.get(name) ?? []);
        const named = [...form].flatMap(([name, value]) =>
          /^(User|Group|NewUser|NewGroup|Policy)Name$/.test(name) ? value : [],
        );
        calls.push([action, ...named, ...said].join(" "));
        const text = `<${action}Response><${action}Result/></${action}Response>`;
        return { response: new HttpResponse({ statusCode: 200, headers: {}, body: Buffer.from(text) }) };
      },
    },
  });
  const made = kinds[tokenOf(kind)];
  // Only the IAM client is used.
  await made?.update?.(
    { iam, s3: Object.create(null), sts: Object.create(null), region: "us-east-1" },
    ID,
    before,
    after,
  );
  return calls;
}
