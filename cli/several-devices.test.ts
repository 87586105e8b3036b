import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { IAM } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localClient } from "../local/aws/root";
import { codeOf, enableDevice, twoCodes } from "../local/demo/member";
import { runPlain, type Setting } from "./testing/command";
import { ACCOUNT, type Fixture, openFixture } from "./testing/fixture";
import { type PtySession, runOnPty } from "./testing/pty";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture({
    "aws-mfa-stack:users": ["ann", "ann-backup", { name: "bob", devices: ["token"] }],
    "aws-mfa-stack:devices": ["phone", "backup"],
  });
});
afterAll(() => fixture?.close());

const serialOf = (id: string) => `arn:aws:iam::${ACCOUNT}:mfa/${id}`;
const command = (name: string, user: string, ...more: string[]) => [name, user, ...fixture.onStack, ...more];
const statusCommand = (...more: string[]) => {
  const [name = "", , ...where] = command("status", "");
  return [name, ...where, ...more];
};
const administrator = (input = ""): Setting => ({ env: fixture.administrator, input });
const codesOf = async (id: string) => `${twoCodes(await fixture.seedOf(id)).join("\n")}\n`;

async function enabledOf(UserName: string): Promise<string[]> {
  const { MFADevices = [] } = await fixture.iam.listMFADevices({ UserName });
  return MFADevices.map(({ SerialNumber = "" }) => SerialNumber).sort();
}

async function types(terminal: PtySession, id: string) {
  const [first, second] = twoCodes(await fixture.seedOf(id));
  await terminal.sees("Code shown by the app:");
  terminal.answers(first);
  await terminal.sees("Next code");
  terminal.answers(second);
}

async function statusOf(user: string) {
  const { stdout } = await runPlain(statusCommand("--json"), administrator());
  return JSON.parse(stdout).users.find((each: { user: string }) => each.user === user);
}

test("without a terminal, enroll and replace name the devices to choose from, and change nothing", async () => {
  for (const name of ["enroll", "replace"]) {
    const { code, stderr } = await runPlain(command(name, "ann", "--codes"), administrator());
    expect(code).toBe(8);
    expect(stderr).toContain("Choose one of ann's devices: --device phone or --device backup.");
    const wrong = await runPlain(command(name, "ann", "--device", "tablet", "--codes"), administrator());
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("Choose one: phone, backup.") });
  }
  expect(await enabledOf("ann")).toEqual([]);
});

test("enroll asks which of two devices to enable, but not if only one is left", async () => {
  const terminal = runOnPty(command("enroll", "ann"), administrator(), { columns: 120 });
  await terminal.sees("Which device of ann? phone, backup:");
  terminal.answers("tablet");
  await terminal.sees("Expected one of phone, backup.");
  for (const _ of "tablet") terminal.presses("\x7f");
  terminal.answers("backup");
  await terminal.sees("MFA device backup of ann");
  await types(terminal, "ann/backup");
  expect(await terminal.ends()).toBe(0);
  expect(await enabledOf("ann")).toEqual([serialOf("ann/backup")]);

  const { code, stdout } = await runPlain(
    command("enroll", "ann", "--codes"),
    administrator(await codesOf("ann")),
  );
  expect(code).toBe(0);
  expect(stdout).toContain(`The device ${serialOf("ann")} is enabled for ann.`);
  expect(await enabledOf("ann")).toEqual([serialOf("ann"), serialOf("ann/backup")]);
  const again = await runPlain(command("enroll", "ann"), administrator());
  expect(again.stdout.match(/is already enabled for ann/g)).toHaveLength(2);
});

test("status shows each device of each user, and which are not enabled", async () => {
  const { stdout } = await runPlain(statusCommand(), administrator());
  expect(stdout).toMatch(/^ann +yes +phone: enabled \d.*\n +backup: enabled \d/m);
  expect(stdout).toMatch(
    /^ann-backup +yes +phone: not enabled .*aws-mfa enroll ann-backup --stack local --device phone/m,
  );
  expect(stdout).toMatch(/^bob +yes +not enabled .*aws-mfa enroll bob --stack local$/m);
  expect((await statusOf("ann")).devices).toMatchObject([
    { name: "phone", serial: serialOf("ann"), state: "enabled", replacing: false },
    { name: "backup", serial: serialOf("ann/backup"), state: "enabled", replacing: false },
  ]);
});

test("enroll --self enables a second device with a code of the first, and no other user's device", async () => {
  await enableDevice(fixture.iam, "ann-backup", serialOf("ann-backup"), await fixture.seedOf("ann-backup"));
  const { env } = await fixture.member("ann-backup");
  const terminal = runOnPty(["enroll", "--self", "--device", "backup"], { env }, { columns: 120 });
  await terminal.sees(`MFA code for ${serialOf("ann-backup")}:`);
  terminal.answers(codeOf(await fixture.seedOf("ann-backup")));
  await types(terminal, "ann-backup/backup");
  expect(await terminal.ends()).toBe(0);
  expect(await enabledOf("ann-backup")).toEqual([serialOf("ann-backup"), serialOf("ann-backup/backup")]);
  const plain = await runPlain(["enroll", "--self", "--device", "tablet"], { env });
  expect(plain).toMatchObject({
    code: 8,
    stderr: expect.stringContaining("a code of the device that is enabled"),
  });
  expect(await enabledOf("ann")).toEqual([serialOf("ann"), serialOf("ann/backup")]);
});

test("replace replaces one device, keeps the other, and continues with the same one", async () => {
  const seeds = [await fixture.seedOf("ann"), await fixture.seedOf("ann/backup")];
  const { keys } = await fixture.member("ann");
  const prepared = await runPlain(
    command("replace", "ann", "--device", "backup", "--prepare", "--yes"),
    administrator(),
  );
  expect(prepared).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("Prepare a new device backup of ann:"),
  });
  expect(prepared.stdout).toContain("aws-mfa replace ann --stack local --device backup");
  expect(await enabledOf("ann")).toEqual([serialOf("ann")]);
  expect((await statusOf("ann")).needs).toEqual([
    {
      kind: "replacing",
      text: "the replacement of backup is not finished: aws-mfa replace ann --stack local --device backup",
    },
  ]);
  const refused = await runPlain(
    command("enroll", "ann", "--codes"),
    administrator(await codesOf("ann/backup")),
  );
  expect(refused).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(`${serialOf("ann/backup")} is being replaced`),
  });

  const finished = await runPlain(
    command("replace", "ann", "--codes", "--yes"),
    administrator(await codesOf("ann/backup")),
  );
  expect(finished.stderr).toBe("");
  expect(finished).toMatchObject({ code: 0 });
  expect(finished.stdout).toContain(
    `ann has ${serialOf("ann")} too. If it is lost as well: aws-mfa replace ann --stack local --device phone`,
  );
  expect(await enabledOf("ann")).toEqual([serialOf("ann"), serialOf("ann/backup")]);
  expect(await fixture.seedOf("ann")).toBe(seeds[0]);
  expect(await fixture.seedOf("ann/backup")).not.toBe(seeds[1]);
  const { AccessKeyMetadata } = await fixture.iam.listAccessKeys({ UserName: "ann" });
  expect(AccessKeyMetadata?.map(({ AccessKeyId, Status }) => [AccessKeyId, Status])).toEqual([
    [keys.id, "Active"],
  ]);
  const { Groups } = await fixture.iam.listGroupsForUser({ UserName: "ann" });
  expect(Groups?.map(({ GroupName }) => GroupName)).toEqual(["MFA"]);
  const { User } = await fixture.iam.getUser({ UserName: "ann" });
  expect((User?.Tags ?? []).filter(({ Key = "" }) => Key.includes("replacing"))).toEqual([]);
});

const ROLE = `arn:aws:iam::${ACCOUNT}:role/MFABasedAccess`;

describe("a profile", () => {
  const profile = (...more: string[]) => command("profile", "ann", "--print", ...more);

  test("uses the named or chosen device, or, without a terminal, the first one with a note", async () => {
    const named = await runPlain(profile("--device", "backup"), administrator());
    expect(named.stdout).toContain(`mfa_serial = ${serialOf("ann/backup")}\n`);
    const first = await runPlain(profile(), administrator());
    expect(first.stdout).toContain(`mfa_serial = ${serialOf("ann")}\n`);
    expect(first.stderr).toContain("ann has the devices phone, backup. The profile asks for codes of phone.");
    const terminal = runOnPty(profile(), administrator(), { columns: 120 });
    await terminal.sees("Which device of ann? phone, backup:");
    terminal.answers("backup");
    await terminal.sees(`mfa_serial = ${serialOf("ann/backup")}`);
    expect(await terminal.ends()).toBe(0);
    const elsewhere = await runPlain(
      ["profile", "--role-arn", ROLE, "--mfa-serial", serialOf("ann"), "--device", "backup"],
      administrator(),
    );
    expect(elsewhere).toMatchObject({ code: 2, stderr: expect.stringContaining("--mfa-serial ARN") });
  });

  test("from setup uses the device that the user chooses, and verify suggests the enabled devices", async () => {
    const { env, home } = await fixture.member("ann");
    const terminal = runOnPty(
      ["setup", "--role-arn", ROLE, "--region", "us-east-1"],
      { env },
      { columns: 120 },
    );
    await terminal.sees("Which of your MFA devices? ann, ann/backup:");
    terminal.answers("ann/backup");
    await terminal.sees(`MFA code for ${serialOf("ann/backup")}:`);
    terminal.answers(codeOf(await fixture.seedOf("ann/backup")));
    expect(await terminal.ends()).toBe(0);
    const file = join(home, ".aws", "config");
    const written = await readFile(file, "utf8");
    expect(written).toContain(`mfa_serial = ${serialOf("ann/backup")}\n`);

    await writeFile(file, written.replace("ann/backup", "ann/tablet"));
    const { code, stdout } = await runPlain(["verify"], { env });
    expect(code).toBe(5);
    expect(stdout).toContain(`ann has no device ${serialOf("ann/tablet")}.`);
    expect(stdout).toContain(
      `Set mfa_serial to ${serialOf("ann")} or ${serialOf("ann/backup")}, which is enabled.`,
    );
  });
});

test("a security key is shown as such, and enroll, session, and verify say that it has no codes", async () => {
  const SerialNumber = `arn:aws:iam::${ACCOUNT}:u2f/user/bob/key-1`;
  const codes = { AuthenticationCode1: "123456", AuthenticationCode2: "234567" };
  // Only the console can enable a security key.
  const console = new IAM(localClient(fixture.moto.motoEndpoint));
  await console.enableMFADevice({ UserName: "bob", SerialNumber, ...codes });
  const { stdout } = await runPlain(statusCommand(), administrator());
  expect(stdout).toMatch(/^bob +yes +not enabled .*\(a security key is enabled, for the console only\)$/m);
  expect(stdout).toMatch(/^ +a security key, for the console only( |$)/m);
  expect((await statusOf("bob")).otherDevices).toEqual([SerialNumber]);

  const { env, home } = await fixture.member("bob");
  await writeFile(
    join(home, ".aws", "config"),
    `[profile work]\nrole_arn = ${ROLE}\nsource_profile = default\nmfa_serial = ${serialOf("bob")}\nregion = us-east-1\n`,
  );
  for (const args of [["enroll", "--self"], ["session"], ["verify", "work"]]) {
    const { code, stdout, stderr } = await runPlain(args, { env });
    expect({ args, code }).toEqual({ args, code: 5 });
    expect(stdout + stderr).toContain("A security key works in the console only: it has no codes");
  }
  const enrolled = await runPlain(command("enroll", "bob", "--codes"), administrator(await codesOf("bob")));
  expect(enrolled.code).toBe(0);
  expect(await enabledOf("bob")).toEqual([serialOf("bob"), SerialNumber]);
});

test("offboard deactivates every device of the user, and no other user's", async () => {
  const { code, stdout } = await runPlain(command("offboard", "ann", "--yes"), administrator());
  expect(code).toBe(0);
  expect(stdout).toContain(`Deactivate the MFA devices: ${serialOf("ann")}, ${serialOf("ann/backup")}`);
  expect(await enabledOf("ann")).toEqual([]);
  expect(await enabledOf("ann-backup")).toEqual([serialOf("ann-backup"), serialOf("ann-backup/backup")]);
});
