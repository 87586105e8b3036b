import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { codeOf, enableDevice, twoCodes } from "../../local/demo/member";
import { REPLACING } from "../aws/replacement-tag";
import { administratorOf, entersCodes } from "../testing/administrator";
import { type AwsWithFaults, awsWithFaults } from "../testing/aws-with-faults";
import { runPlain, type Setting } from "../testing/command";
import { ACCOUNT, type Fixture, OUT_OF_REACH, openFixture } from "../testing/fixture";
import { type PtySession, runOnPty } from "../testing/pty";

const USERS = ["alice", "bob", "carol", "erik", "finn", "gina", "hugo", "ines", "jane"];
const serialOf = (user: string) => `arn:aws:iam::${ACCOUNT}:mfa/${user}`;
const STILL_ON = (user: string) =>
  `The old device still works. If the phone may be stolen, deactivate it now: aws iam deactivate-mfa-device --user-name ${user} --serial-number ${serialOf(user)}`;
const ASKED = (user: string) => `Replace the device of ${user} as planned?`;

let stage: Fixture;
let aws: AwsWithFaults;
let temporary: string;
beforeAll(async () => {
  stage = await openFixture({ "aws-mfa-stack:users": USERS });
  aws = await awsWithFaults(stage.moto.endpoint);
  temporary = await mkdtemp(join(tmpdir(), "aws-mfa-replace-"));
});
afterAll(async () => {
  await aws?.close();
  await stage?.close();
  if (temporary) await rm(temporary, { recursive: true });
});
beforeEach(() => {
  for (const action of [
    "CreateVirtualMFADevice",
    "DeactivateMFADevice",
    "EnableMFADevice",
    "GetCallerIdentity",
    "GetUser",
    "UntagUser",
  ]) {
    aws.fail(action, undefined);
  }
  aws.forget();
});

const command = (user: string, ...more: string[]) => ["replace", user, ...stage.onStack, ...more];
const administrator = (change: Record<string, string | undefined> = {}) =>
  administratorOf(stage, aws, { TMPDIR: temporary, ...change });
const piped = (seed: string): Setting => ({ ...administrator(), input: `${twoCodes(seed).join("\n")}\n` });
const types = (sitting: PtySession, seed: string) => entersCodes(sitting, twoCodes(seed));

async function enrolled(user: string): Promise<string> {
  const seed = await stage.seedOf(user);
  await enableDevice(stage.iam, user, serialOf(user), seed);
  return seed;
}

async function isEnabled(UserName: string): Promise<boolean> {
  const { MFADevices = [] } = await stage.iam.listMFADevices({ UserName });
  return MFADevices.some(({ SerialNumber }) => SerialNumber === serialOf(UserName));
}

async function exists(user: string): Promise<boolean> {
  const { VirtualMFADevices = [] } = await stage.iam.listVirtualMFADevices();
  return VirtualMFADevices.some(({ SerialNumber }) => SerialNumber === serialOf(user));
}

async function groupsOf(UserName: string) {
  const { Groups = [] } = await stage.iam.listGroupsForUser({ UserName });
  return Groups.map(({ GroupName }) => GroupName);
}

async function isMarked(UserName: string): Promise<boolean> {
  const { User } = await stage.iam.getUser({ UserName });
  return (User?.Tags ?? []).some(({ Key }) => Key === REPLACING);
}

/** Every file that a run could have written to. */
function written(): string {
  const files = [temporary, stage.stack.folder, stage.administrator.HOME ?? ""].flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return files.map((file) => readFileSync(file, "utf8")).join("\n");
}

// Each runs the engine several times.
describe("aws-mfa replace", () => {
  test("shows the plan, asks, enables a new device with a new seed, and keeps the user in the group", async () => {
    const old = await enrolled("alice");
    const others = await stage.seedOf("bob");
    const sitting = runOnPty(command("alice"), administrator(), { columns: 120, rows: 50 });
    await sitting.sees(ASKED("alice"));
    const today = new Date().toISOString().slice(0, 10);
    expect(sitting.screen().split("\n").slice(0, 4)).toEqual([
      "Replace the device of alice:",
      `  1. Deactivate ${serialOf("alice")}, enabled since ${today}: its codes stop working`,
      "  2. Let the stack create a new one with a new seed (pulumi up, device only)",
      "  3. Enroll it: scan the new QR code and enter two consecutive codes",
    ]);
    expect(aws.calls.map(({ action }) => action)).not.toContain("DeactivateMFADevice");
    sitting.answers("y");
    await sitting.sees("Code shown by the app:");
    expect(sitting.screen()).toMatch(/[▀▄█]{5}/);
    const seed = await stage.seedOf("alice");
    expect(seed).not.toBe(old);
    await types(sitting, seed);
    expect(await sitting.ends()).toBe(0);
    expect(sitting.screen()).toContain(`The device ${serialOf("alice")} is enabled for alice.`);
    expect(await isEnabled("alice")).toBe(true);
    expect(await isMarked("alice")).toBe(false);
    expect(await stage.seedOf("bob")).toBe(others);
    expect(aws.calls.map(({ action }) => action)).not.toContain("RemoveUserFromGroup");

    expect(sitting.everything()).not.toContain(seed);
    for (const each of [seed, old]) expect(written()).not.toContain(each);
    // The stack is as its program says: there is nothing left to change.
    expect(Object.keys((await stage.stack.up()).changes)).toEqual(["same"]);
  });

  test("changes nothing after Ctrl-C at the question", async () => {
    const seed = await enrolled("bob");
    const sitting = runOnPty(command("bob"), administrator());
    await sitting.sees(ASKED("bob"));
    sitting.presses("\x03");
    expect(await sitting.ends()).toBe(130);
    expect(sitting.screen()).toContain("Nothing was changed.");
    expect(await isEnabled("bob")).toBe(true);
    expect(await stage.seedOf("bob")).toBe(seed);
    expect(await isMarked("bob")).toBe(false);
  });

  test("continues with the same seed after Ctrl-C at a code", async () => {
    const old = await stage.seedOf("bob");
    const first = runOnPty(command("bob", "--yes"), administrator());
    await first.sees("Code shown by the app:");
    const seed = await stage.seedOf("bob");
    expect(seed).not.toBe(old);
    first.presses("\x03");
    expect(await first.ends()).toBe(130);
    expect(first.screen()).toMatch(
      /Interrupted\.\nSteps 1 and 2 are done\. Run the same command again to continue\.$/,
    );
    expect(first.screen()).not.toMatch(/[▀▄█]{5}/);
    expect(written()).not.toContain(seed);
    expect(await isEnabled("bob")).toBe(false);

    const second = runOnPty(command("bob"), administrator());
    await second.sees(ASKED("bob"));
    expect(second.screen()).toMatch(/^✓ 1\. .*\n✓ 2\. .*\n {2}3\. /m);
    second.answers("y");
    await second.sees("Code shown by the app:");
    second.answers(codeOf(seed));
    await second.sees("Next code");
    second.presses("\x03");
    expect(await second.ends()).toBe(130);
    expect(await isMarked("bob")).toBe(true);

    const third = runOnPty(command("bob", "--yes"), administrator());
    await types(third, seed);
    expect(await third.ends()).toBe(0);
    expect(await isEnabled("bob")).toBe(true);
    expect(await isMarked("bob")).toBe(false);
  });

  test("keeps the new device after a run that could not remove the tag", async () => {
    await enrolled("ines");
    aws.fail("UntagUser", { status: 403, code: "AccessDenied", message: "not for you" });
    const stopped = runOnPty(command("ines", "--yes"), administrator());
    await stopped.sees("Code shown by the app:");
    const seed = await stage.seedOf("ines");
    await types(stopped, seed);
    expect(await stopped.ends()).toBe(5);
    expect(stopped.screen()).toContain("Run the same command again to continue.");

    aws.fail("UntagUser", undefined);
    aws.forget();
    const again = await runPlain(command("ines", "--yes", "--codes"), administrator());
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(again.stdout).toMatch(/^✓ 1\. .*\n✓ 2\. .*\n✓ 3\. .*\nThe new device is already enabled\./m);
    expect(aws.calls.map(({ action }) => action)).not.toContain("DeactivateMFADevice");
    expect(await stage.seedOf("ines")).toBe(seed);
    expect(await isEnabled("ines")).toBe(true);
    expect(await isMarked("ines")).toBe(false);
  });

  test("runs in a script: --prepare creates the new device, and --codes enables it", async () => {
    const old = await enrolled("carol");
    for (const input of ["", `${twoCodes(old).join("\n")}\n`]) {
      const early = await runPlain(command("carol", "--yes", "--codes"), { ...administrator(), input });
      expect(early).toMatchObject({ code: 2, stderr: expect.stringContaining("--prepare") });
    }
    expect(await isEnabled("carol")).toBe(true);
    expect(await isMarked("carol")).toBe(false);

    const prepared = await runPlain(command("carol", "--yes", "--prepare"), administrator());
    expect(prepared).toMatchObject({ code: 0, stderr: "" });
    expect(prepared.stdout).toMatch(
      /^ {2}1\. Deactivate .*\n {2}2\. .*\n✓ 1\. .*\n✓ 2\. .*\nNext, enter the codes of the new device/m,
    );
    expect(await isEnabled("carol")).toBe(false);
    const seed = await stage.seedOf("carol");
    expect(seed).not.toBe(old);
    const again = await runPlain(command("carol", "--yes", "--prepare"), administrator());
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^✓ 1\. .*\n✓ 2\. /m) });
    expect(await stage.seedOf("carol")).toBe(seed);

    const wrong = await runPlain(command("carol", "--yes", "--codes"), piped(old));
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Step 3: The codes are from another/),
    });
    expect(await runPlain(command("carol", "--yes", "--codes"), piped(seed))).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(await isEnabled("carol")).toBe(true);
  });

  test("shows Pulumi's error if the new device cannot be created, and continues after the fix", async () => {
    const old = await enrolled("erik");
    aws.fail("CreateVirtualMFADevice", { status: 403, code: "AccessDenied", message: "not for you" });
    const stopped = await runPlain(command("erik", "--yes", "--prepare"), administrator());
    expect(stopped.code).toBe(3);
    expect(stopped.stderr).toMatch(/^Step 2: Pulumi cannot change the stack/);
    expect(stopped.stderr).toContain("AccessDenied: not for you");
    expect(stopped.stderr).toContain("Step 1 is done.");
    expect(await isEnabled("erik")).toBe(false);
    expect(await groupsOf("erik")).toEqual(["MFA"]);
    expect(written()).not.toContain(old);

    aws.fail("CreateVirtualMFADevice", undefined);
    const sitting = runOnPty(command("erik", "--yes"), administrator());
    await sitting.sees("Code shown by the app:");
    const seed = await stage.seedOf("erik");
    expect(seed).not.toBe(old);
    await types(sitting, seed);
    expect(await sitting.ends()).toBe(0);
    expect(await isEnabled("erik")).toBe(true);
  });

  test("continues after Ctrl-C during pulumi up, and refuses another run meanwhile", async () => {
    for (const user of ["finn", "jane"]) await enrolled(user);
    aws.hold("CreateVirtualMFADevice");
    const sitting = runOnPty(command("finn", "--yes"), administrator());
    await aws.held("CreateVirtualMFADevice");
    const meanwhile = await runPlain(command("jane", "--yes", "--prepare"), administrator());
    expect(meanwhile.code).toBe(9);
    expect(meanwhile.stderr).toContain("another update is in progress");
    expect(meanwhile.stderr).toContain(STILL_ON("jane"));
    expect(await isEnabled("jane")).toBe(true);
    expect(await isMarked("jane")).toBe(false);
    sitting.presses("\x03");
    aws.release("CreateVirtualMFADevice");
    expect(await sitting.ends()).toBe(130);
    expect(sitting.screen()).toMatch(/Interrupted\.\nStep 1 is done\. Run the same command again/);

    const again = runOnPty(command("finn", "--yes"), administrator());
    await again.sees("Code shown by the app:");
    await types(again, await stage.seedOf("finn"));
    expect(await again.ends()).toBe(0);
    expect(await isEnabled("finn")).toBe(true);
    expect(Object.keys((await stage.stack.up()).changes)).toEqual(["same"]);
  });

  test("replaces a device that exists in AWS, but not in the stack's state", async () => {
    const { urn } = JSON.parse(await stage.pulumi("stack", "export")).deployment.resources.find(
      (each: { urn: string }) => /VirtualMfaDevice::gina$/.test(each.urn),
    );
    await stage.pulumi("state", "delete", urn, "--yes", "--force", "--target-dependents");
    expect(await exists("gina")).toBe(true);
    const sitting = runOnPty(command("gina", "--yes"), administrator());
    await sitting.sees("Code shown by the app:");
    await types(sitting, await stage.seedOf("gina"));
    expect(await sitting.ends()).toBe(0);
    expect(await isEnabled("gina")).toBe(true);
    expect(Object.keys((await stage.stack.up()).changes)).toEqual(["same"]);
  });

  test("refuses a second run for the same user at the same time", async () => {
    const first = runOnPty(command("hugo"), administrator());
    await first.sees(ASKED("hugo"));
    const second = await runPlain(command("hugo", "--yes", "--codes"), administrator());
    expect(second.code).toBe(9);
    first.presses("\x03");
    expect(await first.ends()).toBe(130);
  });
});

describe("aws-mfa replace fails before any change", () => {
  const replace = async (
    change: Record<string, string | undefined> = {},
    args = command("hugo", "--yes", "--codes"),
  ) => {
    const ended = await runPlain(args, { ...administrator(change), input: "123456\n654321\n" });
    expect(aws.calls.map(({ action }) => action)).not.toContain("DeactivateMFADevice");
    expect(await isMarked("hugo")).toBe(false);
    return ended;
  };

  test("without pulumi on PATH", async () => {
    const ended = await replace({ PATH: "/nowhere" }, command("hugo", "--yes", "--prepare"));
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining(STILL_ON("hugo")) });
  });

  test.each<[string, unknown, string]>([
    ["is invalid", ["bob", "no name"], 'got "no name"'],
    ["no longer has the user", ["bob"], "would not create a new device for hugo"],
  ])("if the configuration %s", async (_, users, found) => {
    await enrolled("hugo");
    await stage.stack.configure({ "aws-mfa-stack:users": users });
    const ended = await replace({}, command("hugo", "--yes", "--prepare"));
    await stage.stack.configure({ "aws-mfa-stack:users": USERS });
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining(found) });
    expect(ended.stderr).toContain(STILL_ON("hugo"));
    expect(await isEnabled("hugo")).toBe(true);
    await stage.iam.deactivateMFADevice({ UserName: "hugo", SerialNumber: serialOf("hugo") });
  });

  test("without a terminal or --codes", async () => {
    const ended = await replace({}, command("hugo", "--yes"));
    expect(ended).toMatchObject({ code: 8, stderr: expect.stringContaining("--codes") });
  });

  test("without a terminal or --yes, after it shows the plan", async () => {
    const ended = await replace({}, command("hugo", "--prepare"));
    expect(ended).toMatchObject({
      code: 8,
      stdout: expect.stringContaining("Prepare a new device for hugo:"),
      stderr: expect.stringContaining("--yes"),
    });
  });

  test.each(OUT_OF_REACH)("%s", async (_, change, exit, found) => {
    expect(await replace(change)).toMatchObject({ code: exit, stderr: expect.stringContaining(found) });
  });

  test.each([
    ["without a passphrase", undefined, "PULUMI_CONFIG_PASSPHRASE"],
    ["with the wrong passphrase", "another", "the passphrase is wrong"],
  ])("%s", async (_, passphrase, found) => {
    await enrolled("hugo");
    const change = { PULUMI_CONFIG_PASSPHRASE: passphrase };
    const ended = await replace(change, command("hugo", "--yes", "--prepare"));
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining(found) });
    expect(ended.stderr).toContain(STILL_ON("hugo"));
    expect(await isEnabled("hugo")).toBe(true);
    const device = { UserName: "hugo", SerialNumber: serialOf("hugo") };
    await stage.iam.deactivateMFADevice(device);
  });

  test.each([
    ["with expired credentials", "GetCallerIdentity", 403, "ExpiredToken", 4, "the session has expired"],
    ["on throttling", "GetUser", 400, "Throttling", 6, "is throttling requests"],
  ])("%s", async (_, action, status, code, exit, found) => {
    aws.fail(action, { status, code, message: "no" });
    expect(await replace()).toMatchObject({ code: exit, stderr: expect.stringContaining(found) });
  });

  test("for a user who is not in the stack", async () => {
    const ended = await replace({}, command("nobody", "--yes", "--codes"));
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining("has no user nobody") });
  });

  test("without --stack", async () => {
    const ended = await replace({}, ["replace", "hugo", "--yes"]);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("Missing --stack") });
  });
});
