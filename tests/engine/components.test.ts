import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { access } from "../../examples/components/typescript/access";
import { enableDevice, newKeys } from "../../local/demo/member";
import { POLICY_PACK } from "../../local/engine/stack";
import { mayAssume } from "../../local/evaluator/ask";
import { yamlPath } from "../../local/pulumi/hosts";
import { type Packed, pack } from "../package/packed";
import { openProgram } from "./program";
import { openScene, type Scene } from "./scene";

let scene: Scene;
let packed: Packed;
beforeAll(async () => {
  packed = await pack("infra");
  scene = await openScene();
  return () => scene.close();
});
afterEach(() => scene.reset());

test("the package contains the plugin's files but no tests, and declares every package that it loads", async () => {
  expect(packed.files).toEqual(
    expect.arrayContaining([
      ...["LICENSE", "PulumiPlugin.yaml", "README.md", "package.json", "schema.json"],
      ...["dist/index.d.ts", "dist/index.js", "dist/plugin.js", "dynamic/client.cjs", "dynamic/members.cjs"],
    ]),
  );
  expect(packed.files.filter((file) => /\.test\.|testing/.test(file))).toEqual([]);
  const { dependencies } = JSON.parse(await readFile(join(packed.folder, "package.json"), "utf8"));
  const loaded = new Set<string>();
  for (const file of packed.files.filter((path) => /\.c?js$/.test(path))) {
    const text = await readFile(join(packed.folder, file), "utf8");
    for (const [, name = ""] of text.matchAll(/require\("((?:@[^/"]+\/)?[^./"][^/"]*)/g)) loaded.add(name);
  }
  expect([...loaded].filter((name) => !isBuiltin(name) && !(name in dependencies))).toEqual([]);
  expect(loaded).toContain("@aws-sdk/client-sts");
});

const up = ["up", "--yes", "--skip-preview"];
const yamlProgram = async () => openProgram("yaml", scene, packed, await yamlPath());

test("a program in YAML creates, changes and deletes access with MFA, and the pack accepts it", async () => {
  const program = await yamlProgram();
  const first = await program.run(...up, "--policy-pack", POLICY_PACK);
  expect(first).toMatchObject({ failed: false });
  const members = async () =>
    ((await scene.iam.getGroup({ GroupName: "EngineersMFA" })).Users ?? [])
      .map(({ UserName }) => UserName)
      .sort();
  expect(await members()).toEqual(["alice", "bob", "carol"]);
  expect(await mayAssume(scene.iam, "alice", "access keys", "Deploy")).toBe(false);
  expect(await mayAssume(scene.iam, "alice", "an MFA code", "Deploy")).toBe(true);
  expect((await program.run("preview", "--expect-no-changes")).printed).toContain("unchanged");

  // Outputs are secret where they hold a seed.
  const shown = JSON.parse((await program.run("stack", "output", "--json")).printed);
  expect(shown.devices).toBe("[secret]");
  const { devices } = JSON.parse((await program.run("stack", "output", "--json", "--show-secrets")).printed);
  expect(Object.keys(devices).sort()).toEqual(["alice", "bob", "bob/backup"]);

  // A user who goes has keys and an enabled device: both go first.
  await newKeys(scene.iam, "bob");
  await enableDevice(scene.iam, "bob", "arn:aws:iam::123456789012:mfa/bob", devices.bob.base32StringSeed);
  await program.change(({ resources }) => {
    Object.assign(resources.people?.properties ?? {}, { users: [{ name: "alice" }] });
  });
  expect(await program.run(...up)).toMatchObject({ failed: false });
  expect(await members()).toEqual(["alice", "carol"]);

  expect(await program.run("destroy", "--yes", "--skip-preview")).toMatchObject({ failed: false });
  expect((await scene.iam.listUsers()).Users).toEqual([]);
  expect((await scene.iam.listVirtualMFADevices()).VirtualMFADevices).toEqual([]);
});

test("a program in YAML creates and deletes a group, a role and a guard alone, and the pack accepts them", async () => {
  await scene.iam.createGroup({ GroupName: "staff" });
  const program = await yamlProgram();
  await program.change((settings) => {
    const guard = { policyName: "StaffDenyWithoutMFA", groupNames: ["staff"] };
    settings.resources = {
      ops: { type: "aws-mfa:MfaGroup", properties: { groupName: "OpsMFA" } },
      deploy: { type: "aws-mfa:MfaRole", properties: { roleName: "Deploy" } },
      staff: { type: "aws-mfa:MfaGuard", properties: guard },
    };
    settings.outputs = { guarded: `\${staff.groupNames[0]}` };
  });
  expect(await program.run(...up, "--policy-pack", POLICY_PACK)).toMatchObject({ failed: false });
  const attached = async (GroupName: string) =>
    (await scene.iam.listAttachedGroupPolicies({ GroupName })).AttachedPolicies?.map(
      ({ PolicyName }) => PolicyName,
    ).sort();
  expect(await attached("staff")).toEqual(["StaffDenyWithoutMFA"]);
  expect(await attached("OpsMFA")).toEqual(["OpsMFA-DenyWithoutMFA", "OpsMFA-Members"]);
  expect((await program.run("preview", "--expect-no-changes")).printed).toContain("unchanged");
  expect((await program.run("stack", "output", "guarded")).printed).toBe("staff");
  expect(await program.run("destroy", "--yes", "--skip-preview")).toMatchObject({ failed: false });
  expect(await attached("staff")).toEqual([]);
});

test("invalid arguments are rejected all at once, each with its path, before anything is created", async () => {
  const program = await yamlProgram();
  await program.change(({ resources }) => {
    Object.assign(resources.people?.properties ?? {}, {
      groupName: "Engineers",
      users: [{ name: "al ice" }, { name: "zoe", existing: true }],
      roles: [{ name: "Deploy", sessionSeconds: 60 }],
    });
  });
  const { printed, failed } = await program.run(...up);
  expect(failed).toBe(true);
  for (const path of ["groupName", "users[0].name", "roles[0].sessionSeconds"]) {
    expect(printed).toContain(`property ${path} `);
  }
  expect((await scene.iam.listGroups()).Groups).toEqual([]);
});

test("arguments that are known late are checked together, before the resources that use them are created", async () => {
  const program = await yamlProgram();
  const refusal = async (groupName: string, changes: Readonly<Record<string, unknown>>) => {
    await program.change(({ resources }) => {
      resources.ops = { type: "aws-mfa:MfaGroup", properties: { groupName } };
      resources.look = { type: "aws-mfa:MfaRole", properties: { roleName: "Look", sessionSeconds: 7200 } };
      Object.assign(resources.people?.properties ?? {}, {
        profileName: `\${ops.groupName}`,
        releaseUsers: [`\${ops.groupName}`],
        roles: [{ name: "Deploy", sessionSeconds: `\${look.sessionSeconds}` }],
        ...changes,
      });
    });
    const { printed, failed } = await program.run(...up);
    return failed ? printed : undefined;
  };
  const wrong = await refusal("Ops=MFA", {});
  expect(wrong).toContain("Resources that use the value were not created or changed.");
  expect(wrong).toMatch(/people:profileName: expected a profile name: .*, got "Ops=MFA"/);
  expect(await refusal("OpsMFA", { sourceProfile: "OpsMFA", users: [{ name: "OpsMFA" }] })).toMatch(
    /2 errors\. .*\n.*people:releaseUsers\[0\]: .*\n.*people:profileName: expected a name other than sourceProfile/,
  );
  expect((await scene.iam.listUsers()).Users).toEqual([]);

  expect(await refusal("OpsMFA", { sourceProfile: "default", users: [{ name: "alice" }] })).toBeUndefined();
  const { profile } = JSON.parse((await program.run("stack", "output", "--json")).printed);
  expect(profile).toMatch(/^\[profile OpsMFA\]\n(.+\n)+duration_seconds = 7200\n/);
});

test("a user who stays in AWS cannot leave the group with active keys", async () => {
  await scene.iam.createUser({ UserName: "erin" });
  await newKeys(scene.iam, "erin");
  const program = await yamlProgram();
  await program.change(({ resources }) => {
    Object.assign(resources.auditor?.properties ?? {}, { userName: "erin", existing: true });
  });
  expect(await program.run(...up)).toMatchObject({ failed: false });
  await program.change(({ resources }) => {
    delete resources.auditor;
  });
  const { printed, failed } = await program.run(...up);
  expect(failed).toBe(true);
  expect(printed).toContain("erin stays in AWS, and would no longer need MFA");
  const { Users = [] } = await scene.iam.getGroup({ GroupName: "EngineersMFA" });
  expect(Users.map(({ UserName }) => UserName)).toContain("erin");
});

test("a program in TypeScript creates the same access with the npm package, and no change the second time", async () => {
  const stack = await scene.stack(access);
  await stack.up();
  const { Users = [] } = await scene.iam.getGroup({ GroupName: "EngineersMFA" });
  expect(Users.map(({ UserName }) => UserName).sort()).toEqual(["alice", "bob", "carol"]);
  expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
  await stack.destroy();
});
