import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { codeOf, enableDevice, newKeys } from "../../local/demo/member";
import { ADMINISTRATOR } from "../../local/demo/names";
import type { LocalStack } from "../../local/engine/stack";
import { mayAssume, mayDo } from "../../local/evaluator/ask";
import { recordAws } from "../attack/guard/calls";
import { failureOf, openScene, type Scene } from "./scene";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  return () => scene.close();
});

/** Each test has an empty account, whatever the one before it left. */
afterEach(() => scene.reset());

const serialOf = (user: string) => `arn:aws:iam::123456789012:mfa/${user}`;

const seedOf = (stack: LocalStack, user: string) => stack.output(`seed:${user}`);

async function enabledFor(stack: LocalStack, user: string): Promise<void> {
  await enableDevice(scene.iam, user, serialOf(user), await seedOf(stack, user));
}

describe("the stack on the engine", () => {
  test("creates what its outputs name, changes nothing at a second up, and keeps every seed secret", async () => {
    const stack = await scene.access({ groupName: "OpsMFA", users: ["alice", "bob"] }, { pack: true });
    const first = await stack.up();

    const { Group, Users = [] } = await scene.iam.getGroup({ GroupName: "OpsMFA" });
    const outputs = await stack.outputs();
    expect(outputs.groupArn?.value).toBe(Group?.Arn);
    expect(Users.map(({ UserName }) => UserName).sort()).toEqual(["alice", "bob"]);
    const { VirtualMFADevices = [] } = await scene.iam.listVirtualMFADevices();
    expect(VirtualMFADevices.map(({ SerialNumber }) => SerialNumber).sort()).toEqual(
      [serialOf("alice"), serialOf("bob")].sort(),
    );

    const second = await stack.up();
    expect(Object.keys(second.changes)).toEqual(["same"]);

    const seeds = [await seedOf(stack, "alice"), await seedOf(stack, "bob")];
    expect(outputs.devices?.secret).toBe(true);
    const written = {
      "what the CLI printed": first.printed + second.printed,
      "the engine's events": JSON.stringify(
        [...first.events, ...second.events].filter((each) => !isDebug(each)),
      ),
      "the backend's files": await stack.state(),
      "moto's log": await readFile(scene.moto.logFile, "utf8"),
    };
    expect(written["the backend's files"]).toContain(serialOf("alice"));
    for (const seed of seeds) {
      expect(codeOf(seed)).toMatch(/^\d{6}$/);
      for (const [where, text] of Object.entries(written)) {
        expect({ where, holdsSeed: text.includes(seed) }).toEqual({ where, holdsSeed: false });
      }
    }

    expect(await mayAssume(scene.iam, "alice", "access keys", "MFABasedAccess")).toBe(false);
    expect(await mayAssume(scene.iam, "alice", "a session without a code", "MFABasedAccess")).toBe(false);
    expect(await mayAssume(scene.iam, "alice", "an MFA code", "MFABasedAccess")).toBe(true);

    await enabledFor(stack, "alice");
    await stack.destroy();
    const left = await scene.iam.listVirtualMFADevices();
    expect(left.VirtualMFADevices).toEqual([]);
  });

  test("deletes a user with an enabled device who is no longer listed", async () => {
    const stack = await scene.access({ groupName: "LeaversMFA", users: ["carol", "dave"] });
    await stack.up();
    await enabledFor(stack, "carol");
    await stack.configure({ "aws-mfa-stack:users": ["dave"] });
    await stack.up();
    const { Users = [] } = await scene.iam.listUsers();
    expect(Users.map(({ UserName }) => UserName)).not.toContain("carol");
    expect(Users.map(({ UserName }) => UserName)).toContain("dave");
    await stack.destroy();
  });

  test("adds a second device to the users of an older program's stack, and keeps an only enabled device", async () => {
    const aws = await recordAws(scene.moto.endpoint, async () => {});
    onTestFinished(() => aws.close());
    const stack = await scene.access(
      { users: ["ann", "ann-backup"] },
      { env: { AWS_ENDPOINT_URL: aws.endpoint } },
    );
    await stack.up();
    await enabledFor(stack, "ann");
    const seeds = [await seedOf(stack, "ann"), await seedOf(stack, "ann-backup")];
    await asAnOlderProgramLeftIt(stack);

    aws.begin();
    await stack.up();
    expect(aws.calls).toEqual([]);
    await stack.configure({ "aws-mfa-stack:devices": ["phone", "backup"] });
    await stack.up();
    expect([...aws.calls].sort()).toEqual(["CreateVirtualMFADevice backup", "CreateVirtualMFADevice backup"]);
    const { VirtualMFADevices = [] } = await scene.iam.listVirtualMFADevices();
    expect(VirtualMFADevices.map(({ SerialNumber }) => SerialNumber).sort()).toEqual(
      ["ann", "ann-backup", "ann-backup/backup", "ann/backup"].map(serialOf),
    );
    expect([await seedOf(stack, "ann"), await seedOf(stack, "ann-backup")]).toEqual(seeds);
    expect(
      new Set([...seeds, await seedOf(stack, "ann/backup"), await seedOf(stack, "ann-backup/backup")]).size,
    ).toBe(4);
    expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);

    const makes = (user: string, device: string) =>
      mayDo(scene.iam, user, "an MFA code", "iam:CreateVirtualMFADevice", serialOf(device));
    expect(await makes("ann", "ann/another")).toBe(true);
    expect(await makes("ann", "ann-backup")).toBe(false);
    expect(await makes("ann", "ann-backup/another")).toBe(false);
    expect(await makes("ann-backup", "ann/another")).toBe(false);

    // The only device that is enabled is not deleted, and the one beside it is.
    await enableDevice(
      scene.iam,
      "ann-backup",
      serialOf("ann-backup/backup"),
      await seedOf(stack, "ann-backup/backup"),
    );
    await stack.configure({ "aws-mfa-stack:devices": ["phone"] });
    aws.begin();
    expect(await failureOf(stack.up())).toContain("every device that ann-backup has enabled: backup.");
    expect(aws.calls).toEqual([]);
    await enabledFor(stack, "ann-backup");
    await stack.up();
    expect([...aws.calls].filter((call) => !call.startsWith("EnableMFADevice")).sort()).toEqual([
      `DeactivateMFADevice ${serialOf("ann-backup/backup")} ann-backup`,
      `DeactivateMFADevice ${serialOf("ann/backup")} ann`,
      ...Array<string>(2).fill(`DeleteVirtualMFADevice ${serialOf("ann-backup/backup")}`),
      ...Array<string>(2).fill(`DeleteVirtualMFADevice ${serialOf("ann/backup")}`),
    ]);
    expect(await groupsOf("ann")).toEqual(["MFA"]);
  });

  test("deactivates a removed user's keys, then every device, and then removes the membership", async () => {
    const aws = await recordAws(scene.moto.endpoint, async () => {});
    onTestFinished(() => aws.close());
    await scene.iam.createUser({ UserName: "erin" });
    const stack = await scene.access(
      { users: ["carol", { name: "erin", existing: true }], devices: ["phone", "backup"] },
      { env: { AWS_ENDPOINT_URL: aws.endpoint } },
    );
    await stack.up();
    const { id } = await newKeys(scene.iam, "carol");
    for (const device of ["carol", "carol/backup", "erin", "erin/backup"]) {
      await enableDevice(
        scene.iam,
        device.split("/")[0] ?? "",
        serialOf(device),
        await seedOf(stack, device),
      );
    }
    aws.begin();
    await stack.configure({ "aws-mfa-stack:users": [] });
    await stack.up();
    const at = (call: string) => aws.calls.indexOf(call);
    const inactive = at(`UpdateAccessKey ${id} Inactive carol`);
    const gone = ["carol", "carol/backup"].map((device) =>
      at(`DeactivateMFADevice ${serialOf(device)} carol`),
    );
    expect(inactive).toBe(0);
    expect(Math.min(...gone)).toBeGreaterThan(inactive);
    expect(at("RemoveUserFromGroup MFA carol")).toBeGreaterThan(Math.max(...gone));
    for (const device of ["erin", "erin/backup"]) {
      expect(at(`DeactivateMFADevice ${serialOf(device)} erin`)).toBeGreaterThan(0);
    }
    const left = await scene.iam.listVirtualMFADevices();
    expect(left.VirtualMFADevices).toEqual([]);
    await stack.destroy();
  });

  test("keeps a user in the group until their keys and devices are deactivated, even if an update fails", async () => {
    const aws = await recordAws(scene.moto.endpoint, async () => {});
    onTestFinished(() => aws.close());
    const stack = await scene.access({ users: ["carol"] }, { env: { AWS_ENDPOINT_URL: aws.endpoint } });
    await stack.up();
    const { id } = await newKeys(scene.iam, "carol");
    await enabledFor(stack, "carol");
    await stack.configure({ "aws-mfa-stack:users": [] });
    aws.begin(2);
    expect(await failureOf(stack.up())).toContain("refused here");
    expect(await groupsOf("carol")).toEqual(["MFA"]);
    expect(aws.calls).toEqual([`UpdateAccessKey ${id} Inactive carol`, "DeleteLoginProfile carol"]);
    aws.begin(Number.POSITIVE_INFINITY);
    await stack.up();
    expect(aws.calls).toEqual([
      `DeactivateMFADevice ${serialOf("carol")} carol`,
      `DeleteVirtualMFADevice ${serialOf("carol")}`,
      `DeleteVirtualMFADevice ${serialOf("carol")}`,
      "RemoveUserFromGroup MFA carol",
      `DeleteAccessKey ${id} carol`,
      "DeleteLoginProfile carol",
      "DeleteUser carol",
    ]);
  });

  test("keeps a user's keys active when the device and the UserRelease are replaced", async () => {
    const stack = await scene.access({ users: ["carol"] });
    await stack.up();
    await newKeys(scene.iam, "carol");
    await enabledFor(stack, "carol");
    const before = await seedOf(stack, "carol");
    const urn = (type: string) =>
      `urn:pulumi:local::aws-mfa-stack::aws-mfa:index:MfaAccess$aws-mfa:index:MfaUser$${type}::carol`;
    await stack.up([
      urn("aws:iam/virtualMfaDevice:VirtualMfaDevice"),
      urn("pulumi-nodejs:dynamic/aws-mfa-stack:UserRelease"),
    ]);
    expect(await seedOf(stack, "carol")).not.toBe(before);
    const { AccessKeyMetadata } = await scene.iam.listAccessKeys({ UserName: "carol" });
    expect(AccessKeyMetadata?.map(({ Status }) => Status)).toEqual(["Active"]);
  });

  test("keeps a user's key and device when it deletes the replaced resources of a killed up", async () => {
    const stack = await scene.access({ users: ["carol"] });
    await stack.up();
    await newKeys(scene.iam, "carol");
    await enabledFor(stack, "carol");
    const file = join(stack.folder, ".pulumi/stacks/aws-mfa-stack/local.json");
    const stateNow = async () => JSON.parse(await readFile(file, "utf8"));
    const state = await stateNow();
    const { resources } = state.checkpoint.latest;
    const old = resources.filter(({ type }: { type: string }) => type.startsWith("pulumi-nodejs:dynamic"));
    expect(old).toHaveLength(3);
    const marked = old.toReversed().map((each: object) => ({ ...each, delete: true }));
    await writeFile(
      file,
      JSON.stringify({
        ...state,
        checkpoint: {
          ...state.checkpoint,
          latest: { ...state.checkpoint.latest, resources: [...resources, ...marked] },
        },
      }),
    );
    await stack.up();
    expect((await stateNow()).checkpoint.latest.resources).toHaveLength(resources.length);
    const { AccessKeyMetadata } = await scene.iam.listAccessKeys({ UserName: "carol" });
    expect(AccessKeyMetadata?.map(({ Status }) => Status)).toEqual(["Active"]);
    const { MFADevices } = await scene.iam.listMFADevices({ UserName: "carol" });
    expect(MFADevices).toHaveLength(1);
    await stack.destroy();
    expect(await groupNames()).toEqual([]);
  });

  test("does not destroy the guard of members whom it did not add, and names them", async () => {
    const stack = await scene.access({ users: ["alice"] });
    await stack.up();
    await scene.iam.createUser({ UserName: "zoe" });
    await scene.iam.addUserToGroup({ UserName: "zoe", GroupName: "MFA" });
    expect(await failureOf(stack.destroy())).toContain("zoe is still in the group MFA");
    const attached = await scene.iam.listAttachedGroupPolicies({ GroupName: "MFA" });
    expect(attached.AttachedPolicies).toHaveLength(2);
    await scene.iam.removeUserFromGroup({ UserName: "zoe", GroupName: "MFA" });
    await stack.destroy();
    expect(await groupNames()).toEqual([]);
  });

  test("removes an existing user with active keys from the group only if releaseUsers names them", async () => {
    await scene.iam.createUser({ UserName: "erin" });
    const { id } = await newKeys(scene.iam, "erin");
    const stack = await scene.access({ users: [{ name: "erin", existing: true }, "alice"] });
    await stack.up();
    await stack.configure({ "aws-mfa-stack:users": ["alice"] });
    for (const printed of [await failureOf(stack.preview()), await failureOf(stack.up())]) {
      expect(printed).toContain(`Still active: access key ${id}.`);
    }
    expect(await groupsOf("erin")).toEqual(["MFA"]);
    await stack.configure({ "aws-mfa-stack:releaseUsers": ["erin"] });
    await stack.up();
    expect(await groupsOf("erin")).toEqual([]);
    const { AccessKeyMetadata } = await scene.iam.listAccessKeys({ UserName: "erin" });
    expect(AccessKeyMetadata?.map(({ Status }) => Status)).toEqual(["Active"]);
  });

  test("hands over a user whom it created, with active keys", async () => {
    const stack = await scene.access({ users: ["carol"] });
    await stack.up();
    await newKeys(scene.iam, "carol");
    const told = (user: object) => stack.configure({ "aws-mfa-stack:users": [{ name: "carol", ...user }] });
    await told({ retainOnDelete: true });
    await stack.up();
    await told({ existing: true });
    await stack.up();
    await stack.destroy();
    expect(await groupsOf("carol")).toEqual([]);
    const { AccessKeyMetadata } = await scene.iam.listAccessKeys({ UserName: "carol" });
    expect(AccessKeyMetadata?.map(({ Status }) => Status)).toEqual(["Active"]);
  });

  test("renames the group in place: its members, its policies and members added by hand stay", async () => {
    const stack = await scene.access({ groupName: "OldMFA", users: ["alice"] });
    await stack.up();
    await scene.iam.createUser({ UserName: "zoe" });
    await scene.iam.addUserToGroup({ UserName: "zoe", GroupName: "OldMFA" });
    await stack.configure({ "aws-mfa-stack:groupName": "NewMFA" });
    await stack.up();
    expect(await groupNames()).toEqual(["NewMFA"]);
    expect([await groupsOf("alice"), await groupsOf("zoe")]).toEqual([["NewMFA"], ["NewMFA"]]);
    expect((await stack.outputs()).denyPolicyName?.value).toBe("OldMFA-DenyWithoutMFA");
    await stack.refresh();
    expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
  });

  test("does not add its own caller to the group without an enabled device", async () => {
    await scene.iam.createUser({ UserName: "dora" });
    await scene.iam.attachUserPolicy({ UserName: "dora", PolicyArn: ADMINISTRATOR });
    const { id, secret } = await newKeys(scene.iam, "dora");
    const config = { users: [{ name: "dora", existing: true }] };
    const env = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
    const stack = await scene.access(config, { env });
    expect(await failureOf(stack.up())).toContain(
      "this pulumi up runs as dora, who has no enabled MFA device",
    );
    expect(await groupsOf("dora")).toEqual([]);
  });

  test("adds an existing user to the group, and destroy keeps the user and their other groups", async () => {
    await scene.iam.createUser({ UserName: "erin" });
    await scene.iam.createGroup({ GroupName: "auditors" });
    await scene.iam.addUserToGroup({ UserName: "erin", GroupName: "auditors" });
    const stack = await scene.access({ groupName: "JoinersMFA", users: [{ name: "erin", existing: true }] });
    await stack.up();
    expect(await groupsOf("erin")).toEqual(["JoinersMFA", "auditors"]);
    await enabledFor(stack, "erin");
    await stack.destroy();
    expect(await groupsOf("erin")).toEqual(["auditors"]);
    const { MFADevices } = await scene.iam.listMFADevices({ UserName: "erin" });
    expect(MFADevices).toEqual([]);
  });

  test("rejects an existing user who is not in AWS, before anything is created", async () => {
    const stack = await scene.access({ groupName: "GhostsMFA", users: [{ name: "frank", existing: true }] });
    expect(await failureOf(stack.up())).toContain("frank");
    expect(await groupNames()).not.toContain("GhostsMFA");
  });

  test("reports all errors of the configuration at once, before anything is created", async () => {
    const before = [await groupNames(), await roleNames()];
    const stack = await scene.access({
      groupName: "Operators",
      users: ["grace", "grace", "bad name"],
      roles: [
        { name: "TooShort", sessionSeconds: 1800 },
        { name: "TooLong", sessionSeconds: 43201 },
      ],
      usres: "[]",
    });
    const printed = await failureOf(stack.up());
    for (const found of ["groupName", "grace", "bad name", "1800", "43201", "usres"]) {
      expect(printed).toContain(found);
    }
    expect([await groupNames(), await roleNames()]).toEqual(before);
  });
});

/**
 * What `pulumi up --debug` shows. Pulumi's own Node SDK writes every response into it as it came, secrets in clear
 * text, which no program can change; docs/stack.md warns of it.
 */
function isDebug({ diagnosticEvent }: EngineEvent): boolean {
  return diagnosticEvent?.prefix?.startsWith("debug: ") === true;
}

/** The state without what the first release's program did not write: it knew one device a user. */
async function asAnOlderProgramLeftIt(stack: LocalStack): Promise<void> {
  const file = join(stack.folder, ".pulumi/stacks/aws-mfa-stack/local.json");
  const state = JSON.parse(await readFile(file, "utf8"));
  for (const { type, inputs, outputs } of state.checkpoint.latest.resources) {
    if (type === "pulumi-nodejs:dynamic/aws-mfa-stack:Members") {
      delete inputs.devices;
      delete outputs.devices;
    }
    if (type === "pulumi:pulumi:Stack") {
      for (const user of Object.values<{ devices?: unknown }>(outputs.users)) delete user.devices;
    }
  }
  await writeFile(file, JSON.stringify(state));
}

async function groupsOf(UserName: string): Promise<string[]> {
  const { Groups = [] } = await scene.iam.listGroupsForUser({ UserName });
  return Groups.flatMap(({ GroupName }) => GroupName ?? []).sort();
}

async function groupNames(): Promise<string[]> {
  const { Groups = [] } = await scene.iam.listGroups();
  return Groups.flatMap(({ GroupName }) => GroupName ?? []).sort();
}

async function roleNames(): Promise<string[]> {
  const { Roles = [] } = await scene.iam.listRoles();
  return Roles.flatMap(({ RoleName }) => RoleName ?? []).sort();
}
