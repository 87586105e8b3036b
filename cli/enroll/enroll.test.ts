import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { codeOf, twoCodes } from "../../local/demo/member";
import { version } from "../package.json";
import { administratorOf, entersCodes } from "../testing/administrator";
import { type AwsWithFaults, awsWithFaults } from "../testing/aws-with-faults";
import { runPlain } from "../testing/command";
import { ACCOUNT, type Fixture, type Member, openFixture, STACK } from "../testing/fixture";
import { type PtySession, runOnPty } from "../testing/pty";

let stage: Fixture;
let aws: AwsWithFaults;
beforeAll(async () => {
  stage = await openFixture({ "aws-mfa-stack:users": ["alice", "bob", "dora"] });
  aws = await awsWithFaults(stage.moto.endpoint);
});
afterAll(async () => {
  await aws.close();
  await stage.close();
});

const serialOf = (user: string) => `arn:aws:iam::${ACCOUNT}:mfa/${user}`;
const isEnabled = async (user: string) =>
  (await stage.iam.listMFADevices({ UserName: user })).MFADevices?.length === 1;

/** Creates a member of the group by hand: the user has no device. */
async function joins(UserName: string) {
  await stage.iam.createUser({ UserName });
  await stage.iam.addUserToGroup({ UserName, GroupName: "MFA" });
}

/** Creates a user outside the group, without the guard, who may do anything with MFA devices. */
async function staysOutside(UserName: string) {
  await stage.iam.createUser({ UserName });
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "iam:*MFADevice*", Resource: "*" }],
  });
  await stage.iam.putUserPolicy({ UserName, PolicyName: "devices", PolicyDocument });
}

/** Deactivates an enabled device, as it was when the stack created it. */
async function turnOff(user: string) {
  if (!(await isEnabled(user))) return;
  await stage.iam.deactivateMFADevice({ UserName: user, SerialNumber: serialOf(user) });
}

const fromStack = (user: string) => ["enroll", user, ...stage.onStack];
const administrator = (change: Record<string, string | undefined> = {}) =>
  administratorOf(stage, aws, change);

beforeEach(() => {
  for (const action of [
    "EnableMFADevice",
    "CreateVirtualMFADevice",
    "DeleteVirtualMFADevice",
    "ListMFADevices",
    "GetCallerIdentity",
  ]) {
    aws.fail(action, undefined);
  }
  aws.forget();
});

describe("aws-mfa enroll USER", () => {
  beforeEach(() => turnOff("alice"));

  test("enables the device with two codes, and leaves neither the QR code nor the seed on the screen", async () => {
    const seed = await stage.seedOf("alice");
    const sitting = runOnPty(fromStack("alice"), administrator());
    await sitting.sees("Code shown by the app:");
    expect(sitting.screen()).toMatch(/[▀▄█]{5}/);
    await entersCodes(sitting, twoCodes(seed));
    expect(await sitting.ends()).toBe(0);
    expect(sitting.screen()).toBe(
      `The device ${serialOf("alice")} is enabled for alice.\n` +
        "Next, give alice:\n" +
        "  - the aws-mfa package, made with: npm pack -w cli\n" +
        `  - an access key (secret), made with: aws-mfa keys issue alice --stack ${STACK}\n` +
        "  - these two lines to run:\n" +
        `      npm install --global ./aws-mfa-${version}.tgz\n` +
        `      aws-mfa setup --role-arn arn:aws:iam::${ACCOUNT}:role/MFABasedAccess --region us-east-1`,
    );
    expect(sitting.everything()).not.toContain(seed);
    expect(await isEnabled("alice")).toBe(true);
  });

  test("fits the QR code into a terminal of 24 lines", async () => {
    const sitting = runOnPty(fromStack("alice"), administrator(), { columns: 80, rows: 24 });
    await sitting.sees("Code shown by the app:");
    const [first = "", second] = sitting.screen().split("\n");
    expect(first).toMatch(/^ ▄▄▄▄▄▄▄.* {2}MFA device of alice$/);
    expect(second).toMatch(new RegExp(` {2}AWS account ${ACCOUNT}$`));
    expect(sitting.screen()).toMatch(
      /Now: scan this QR code[\s\S]*Next: enter two codes[\s\S]*1 of 2 {2}Code shown/,
    );
    sitting.presses("\x03");
    await sitting.ends();
  });

  test("refuses a terminal that is too small, and suggests --png", async () => {
    const sitting = runOnPty(fromStack("alice"), administrator(), { columns: 30, rows: 10 });
    expect(await sitting.ends()).toBe(8);
    expect(sitting.screen().replaceAll("\n", " ")).toMatch(/has 30 columns and 10 rows.*--png FILE/);
  });

  test("explains each mistake in the codes without calling EnableMFADevice, and asks again", async () => {
    const seed = await stage.seedOf("alice");
    const other = await stage.seedOf("bob");
    const sitting = runOnPty(fromStack("alice"), administrator());
    const [last, current] = twoCodes(seed);
    await entersCodes(sitting, [current, current]);
    await sitting.sees("Both codes are the same");
    await entersCodes(sitting, [current, last]);
    await sitting.sees("wrong order");
    await entersCodes(sitting, twoCodes(other));
    await sitting.sees("another device");
    await entersCodes(sitting, twoCodes(seed, Date.now() - 20 * 60_000));
    await sitting.sees("20 minutes slow");
    expect(aws.calls.map(({ action }) => action)).not.toContain("EnableMFADevice");
    await entersCodes(sitting, twoCodes(seed));
    expect(await sitting.ends()).toBe(0);
  });

  test("rejects a code of five digits at the prompt", async () => {
    const sitting = runOnPty(fromStack("alice"), administrator());
    await sitting.sees("Code shown by the app:");
    sitting.answers("12345");
    await sitting.sees("Expected six digits.");
    sitting.presses("\x03");
    expect(await sitting.ends()).toBe(130);
  });

  test.each([["first"], ["second"]])(
    "continues with the same seed after Ctrl-C at the %s code",
    async (which) => {
      const seed = await stage.seedOf("alice");
      const sitting = runOnPty(fromStack("alice"), administrator());
      await sitting.sees("Code shown by the app:");
      if (which === "second") {
        sitting.answers(codeOf(seed));
        await sitting.sees("Next code");
      }
      sitting.presses("\x03");
      expect(await sitting.ends()).toBe(130);
      expect(sitting.screen()).toMatch(
        /^Interrupted\.\nThe device is not enabled\. Run the same command again/,
      );
      expect(await isEnabled("alice")).toBe(false);
      const again = runOnPty(fromStack("alice"), administrator());
      await entersCodes(again, twoCodes(seed));
      expect(await again.ends()).toBe(0);
    },
  );

  test.each([
    ["Ctrl-C", 130, "another run finished the enrollment."],
    ["two more codes", 0, `The device ${serialOf("alice")} is enabled for alice.`],
  ])("notices after %s that another run has enabled the device", async (how, exit, said) => {
    const seed = await stage.seedOf("alice");
    const sitting = runOnPty(fromStack("alice"), administrator());
    await sitting.sees("Code shown by the app:");
    const codes = twoCodes(seed).join("\n");
    const other = await runPlain([...fromStack("alice"), "--codes"], { ...administrator(), input: codes });
    expect(other.code).toBe(0);
    if (how === "Ctrl-C") sitting.presses("\x03");
    else await entersCodes(sitting, twoCodes(seed));
    expect(await sitting.ends()).toBe(exit);
    expect(sitting.screen()).toContain(said);
  });

  test("clears the QR code from the screen on SIGTERM", async () => {
    const sitting = runOnPty(fromStack("alice"), administrator());
    await sitting.sees("Code shown by the app:");
    sitting.kill("SIGTERM");
    expect(await sitting.ends()).toBe(143);
    expect(sitting.screen()).not.toMatch(/[▀▄█]/);
  });

  test("says since when a device is already enabled, and changes nothing", async () => {
    const codes = twoCodes(await stage.seedOf("bob"));
    await stage.iam.enableMFADevice({
      UserName: "bob",
      SerialNumber: serialOf("bob"),
      AuthenticationCode1: codes[0],
      AuthenticationCode2: codes[1],
    });
    const { code, stdout } = await runPlain(fromStack("bob"), administrator());
    expect(code).toBe(0);
    expect(stdout).toMatch(/already enabled for bob since 20\d\d-.*Nothing was changed/);
    expect(aws.calls.map(({ action }) => action)).not.toContain("EnableMFADevice");
  });

  test("saves the QR code with --png in a file that only its owner can read", async () => {
    const home = await stage.newHome();
    const png = join(home, "alice.png");
    const seed = await stage.seedOf("alice");
    const sitting = runOnPty([...fromStack("alice"), "--png", png], administrator());
    await entersCodes(sitting, twoCodes(seed));
    expect(await sitting.ends()).toBe(0);
    expect(sitting.screen()).toContain("delete it after scanning");
    expect((await stat(png)).mode & 0o777).toBe(0o600);
    expect((await readFile(png)).subarray(1, 4).toString()).toBe("PNG");
  });

  test("does not overwrite an existing file with --png", async () => {
    const file = join(await stage.newHome(), "mine.png");
    await writeFile(file, "mine");
    const sitting = runOnPty([...fromStack("alice"), "--png", file], administrator());
    expect(await sitting.ends()).toBe(7);
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  test("shows the seed with --show-seed, and clears it from the screen at the end", async () => {
    const seed = await stage.seedOf("alice");
    const sitting = runOnPty([...fromStack("alice"), "--show-seed"], administrator());
    await sitting.sees(`Seed: ${seed}`);
    await entersCodes(sitting, twoCodes(seed));
    expect(await sitting.ends()).toBe(0);
    expect(sitting.screen()).not.toContain(seed);
  });

  test("reads two codes from standard input with --codes", async () => {
    const [last, current] = twoCodes(await stage.seedOf("alice"));
    const setting = { ...administrator(), input: `${last}\n${current}\n` };
    expect(await runPlain([...fromStack("alice"), "--codes"], setting)).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(await isEnabled("alice")).toBe(true);
  });

  test.each([
    ["one code", "123456\n", 2, "Expected 2 six-digit codes, one per line, on standard input: got 1."],
    [
      "words",
      "one\ntwo\n",
      2,
      "Expected 2 six-digit codes, one per line, on standard input: line 1 has 3 characters, line 2 has 3 characters.",
    ],
    ["codes of another device", "000000\n000001\n", 1, "another device"],
  ])("rejects %s on standard input, and does not enable the device", async (_, input, code, found) => {
    const ended = await runPlain([...fromStack("alice"), "--codes"], { ...administrator(), input });
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(found);
    expect(await isEnabled("alice")).toBe(false);
  });
});

describe("aws-mfa enroll USER fails", () => {
  beforeEach(() => turnOff("alice"));

  const enrolls = async (change: Record<string, string | undefined>, more: string[] = []) =>
    runPlain([...fromStack("alice"), "--codes", ...more], {
      ...administrator(change),
      input: twoCodes(await stage.seedOf("alice")).join("\n"),
    });

  test("without a terminal or --codes", async () => {
    const { code, stderr } = await runPlain(fromStack("alice"), administrator());
    expect(code).toBe(8);
    expect(stderr).toMatch(/no terminal.*\n.*--codes/);
  });

  test("without a passphrase", async () => {
    expect(await enrolls({ PULUMI_CONFIG_PASSPHRASE: undefined })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("PULUMI_CONFIG_PASSPHRASE"),
    });
  });

  test("without AWS credentials", async () => {
    const ended = await enrolls({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
    expect(ended.code).toBe(4);
    expect(ended.stderr).toMatch(/no AWS credentials/);
  });

  test("with a profile that does not exist", async () => {
    const keys = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    const ended = await enrolls(keys, ["--profile", "nobody"]);
    expect(ended.code).toBe(4);
    expect(ended.stderr).toContain("aws configure list-profiles");
  });

  test("without a network", async () => {
    const { code, stderr } = await enrolls({ AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
    expect(code).toBe(6);
    expect(stderr).toContain("AWS cannot be reached");
  });

  test.each([
    [
      "with expired credentials",
      "GetCallerIdentity",
      403,
      "ExpiredToken",
      "The security token expired",
      4,
      "has expired",
    ],
    [
      "with an access key that AWS does not recognize",
      "GetCallerIdentity",
      403,
      "InvalidClientTokenId",
      "invalid",
      4,
      "does not recognize the access key",
    ],
    ["on throttling", "ListMFADevices", 400, "Throttling", "Rate exceeded", 6, "is throttling requests"],
    [
      "without permission",
      "EnableMFADevice",
      403,
      "AccessDenied",
      "is not authorized",
      5,
      "not have permission",
    ],
    [
      "with codes that AWS rejects",
      "EnableMFADevice",
      403,
      "InvalidAuthenticationCode",
      "no",
      5,
      "two new consecutive codes",
    ],
    ["with too many devices", "EnableMFADevice", 409, "LimitExceeded", "quota", 5, "reached AWS's limit"],
    [
      "during another change of the user",
      "EnableMFADevice",
      409,
      "EntityTemporarilyUnmodifiable",
      "wait",
      5,
      "Wait a minute",
    ],
  ])("%s", async (_, action, status, code, message, exit, found) => {
    aws.fail(action, { status, code, message });
    const ended = await enrolls({});
    expect(ended.code).toBe(exit);
    expect(ended.stderr).toContain(found);
    expect(await isEnabled("alice")).toBe(false);
  });

  test("for a device that is being replaced, since its seed may be the lost phone's", async () => {
    const tag = { Key: "aws-mfa-stack:replacing", Value: "2030-01-31T00:00:00Z" };
    await stage.iam.tagUser({ UserName: "alice", Tags: [tag] });
    const ended = await enrolls({});
    await stage.iam.untagUser({ UserName: "alice", TagKeys: [tag.Key] });
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining("aws-mfa replace alice") });
    expect(await isEnabled("alice")).toBe(false);
  });

  test("for a user who is not in the stack", async () => {
    const ended = await runPlain(["enroll", "carol", ...stage.onStack], administrator());
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining("has no user carol") });
  });
});

describe("aws-mfa enroll --self", () => {
  const self = ["enroll", "--self"];
  /** The seed that --show-seed shows. */
  const seedOn = async (sitting: PtySession) => {
    await sitting.sees(/Seed: [A-Z2-7]{16,}/);
    return /Seed: ([A-Z2-7]+)/.exec(sitting.screen())?.[1] ?? "";
  };

  test("enables the device from the stack, and says so when run again", async () => {
    await turnOff("dora");
    const member = await stage.member("dora");
    const sitting = runOnPty(self, { env: member.env });
    await sitting.sees("scan the one you were given");
    await entersCodes(sitting, twoCodes(await stage.seedOf("dora")));
    expect(await sitting.ends()).toBe(0);
    expect(await isEnabled("dora")).toBe(true);
    expect((await runPlain(self, { env: member.env })).stdout).toContain("already enabled for dora");
  });

  test("creates and enables a device if there is none, and writes its seed to no file", async () => {
    await joins("erik");
    const member = await stage.member("erik");
    const sitting = runOnPty([...self, "--show-seed"], { env: member.env });
    const seed = await seedOn(sitting);
    await entersCodes(sitting, twoCodes(seed));
    expect(await sitting.ends()).toBe(0);
    expect(await isEnabled("erik")).toBe(true);
    expect(await everythingIn(member.home)).not.toContain(seed);
  });

  test("says on Ctrl-C that it created a device, and enables it when run again", async () => {
    await joins("finn");
    const member = await stage.member("finn");
    const sitting = runOnPty([...self, "--show-seed"], { env: member.env });
    const seed = await seedOn(sitting);
    sitting.presses("\x03");
    expect(await sitting.ends()).toBe(130);
    expect(sitting.screen()).toContain("was created, but AWS has not confirmed");
    const [last, current] = twoCodes(seed);
    const again = await runPlain([...self, "--codes"], { env: member.env, input: `${last}\n${current}\n` });
    expect(again.code).toBe(0);
    expect(await isEnabled("finn")).toBe(true);
  });

  test("says on SIGTERM that it created a device, and clears the seed from the screen", async () => {
    await joins("hugo");
    const sitting = runOnPty([...self, "--show-seed"], { env: (await stage.member("hugo")).env });
    await sitting.sees("Code shown by the app:");
    sitting.kill("SIGTERM");
    expect(await sitting.ends()).not.toBe(0);
    expect(sitting.screen()).toContain("was created, but AWS has not confirmed");
    expect(sitting.screen()).not.toContain("Seed:");
  });

  const hasDevice = async (user: string) => {
    const { VirtualMFADevices = [] } = await stage.iam.listVirtualMFADevices();
    return VirtualMFADevices.some(({ SerialNumber }) => SerialNumber === serialOf(user));
  };

  describe("stopped during CreateVirtualMFADevice", () => {
    const make = "CreateVirtualMFADevice";
    const begin = async (user: string, arrives = joins) => {
      await arrives(user);
      const member = await stage.member(user);
      const setting = { env: { ...member.env, AWS_ENDPOINT_URL: aws.endpoint } };
      const start = () => runOnPty([...self, "--show-seed"], setting);
      aws.hold(make);
      const sitting = start();
      await aws.held(make);
      const remembered = () => readdir(join(member.home, ".cache", "aws-mfa-stack", "enrolling"));
      expect(await remembered()).toHaveLength(1);
      return { setting, start, sitting, remembered };
    };
    const endings: Readonly<Record<string, (sitting: PtySession) => Promise<void>>> = {
      SIGKILL: async (sitting) => sitting.kill("SIGKILL"),
      SIGTERM: async (sitting) => {
        sitting.kill("SIGTERM");
        await sitting.sees("its answer did not arrive");
      },
      "Ctrl-C twice": async (sitting) => {
        sitting.presses("\x03");
        await sitting.sees("press Ctrl-C again");
        sitting.presses("\x03");
        await sitting.sees("its answer did not arrive");
      },
    };
    /** AWS creates the device, and no run gets the response. */
    const ended = async (user: string, how: keyof typeof endings, arrives = joins) => {
      const begun = await begin(user, arrives);
      await endings[how]?.(begun.sitting);
      expect(await begun.sitting.ends()).not.toBe(0);
      aws.release(make);
      await expect.poll(() => hasDevice(user)).toBe(true);
      return begun;
    };

    test("by one Ctrl-C, still shows the QR code and enables the device", async () => {
      const { sitting, remembered } = await begin("mona");
      sitting.presses("\x03");
      await sitting.sees("press Ctrl-C again");
      aws.release(make);
      await entersCodes(sitting, twoCodes(await seedOn(sitting)));
      expect(await sitting.ends()).toBe(0);
      expect(await isEnabled("mona")).toBe(true);
      expect(await remembered()).toEqual([]);
    });

    test.each(Object.keys(endings).map((how, index) => [how, `nora${index}`] as const))(
      "by %s, says so in the next run, and creates the device again if permitted",
      async (how, user) => {
        const { start, remembered } = await ended(user, how, staysOutside);
        const again = start();
        await again.sees("was stopped while it created the device");
        await again.sees("Do you have the QR code");
        again.answers("n");
        await entersCodes(again, twoCodes(await seedOn(again)));
        expect(await again.ends()).toBe(0);
        expect(await isEnabled(user)).toBe(true);
        expect(await remembered()).toEqual([]);
      },
    );

    test("says how an administrator can delete the device if the user may not", async () => {
      const { start } = await ended("olga", "SIGKILL");
      const again = start();
      await again.sees("Do you have the QR code");
      again.answers("n");
      expect(await again.ends()).toBe(5);
      expect(again.screen()).toContain("aws-mfa replace olga --stack NAME");
      expect(again.screen()).toContain(
        `aws iam delete-virtual-mfa-device --serial-number ${serialOf("olga")}`,
      );
      expect(await hasDevice("olga")).toBe(true);
    });

    test("asks for the codes if the user has the QR code, and deletes no device", async () => {
      const { start } = await ended("paul", "SIGKILL");
      aws.forget();
      const again = start();
      await again.sees("Do you have the QR code");
      again.answers("y");
      await again.sees("Code shown by the app:");
      again.presses("\x03");
      expect(await again.ends()).toBe(130);
      expect(aws.calls.map(({ action }) => action)).not.toContain("DeleteVirtualMFADevice");
    });

    test("is not assumed while another run shows the QR code", async () => {
      const { start, sitting } = await begin("sven");
      aws.release(make);
      await sitting.sees(/Seed: [A-Z2-7]{16,}/);
      const second = start();
      await second.sees("scan the one you were given");
      await second.sees("Code shown by the app:");
      second.presses("\x03");
      expect(await second.ends()).toBe(130);
      await entersCodes(sitting, twoCodes(await seedOn(sitting)));
      expect(await sitting.ends()).toBe(0);
    });

    test("fails in the next run without a terminal, and keeps the device", async () => {
      const { setting } = await ended("rosa", "SIGKILL");
      const again = await runPlain(self, setting);
      expect(again).toMatchObject({
        code: 8,
        stderr: expect.stringContaining("was stopped while it created"),
      });
      expect(await hasDevice("rosa")).toBe(true);
    });
  });

  describe("creates no device", () => {
    let member: Member;
    beforeAll(async () => {
      await joins("ines");
      member = await stage.member("ines");
    });

    test.each<[string, string[], string | undefined, number]>([
      ["without a terminal", [], undefined, 8],
      ["if codes come on standard input", ["--codes"], "123456\n123457\n", 2],
      ["with --codes and no input", ["--codes"], undefined, 2],
    ])("%s", async (_, args, input, exit) => {
      const ended = await runPlain([...self, ...args], { env: member.env, ...(input && { input }) });
      expect(ended.code).toBe(exit);
      expect(ended.stderr).toContain("Nothing was changed.");
      expect(await hasDevice("ines")).toBe(false);
    });

    test.each<[string, (folder: string) => string[], { columns: number; rows: number }, number]>([
      ["in a terminal that is too small", () => [], { columns: 40, rows: 10 }, 8],
      [
        "if --png names a file that cannot be written",
        (folder) => ["--png", join(folder, "no", "such.png")],
        { columns: 100, rows: 40 },
        7,
      ],
      [
        "if --png names an existing file",
        (folder) => ["--png", join(folder, ".aws", "credentials")],
        { columns: 100, rows: 40 },
        7,
      ],
    ])("%s", async (_, args, size, exit) => {
      const sitting = runOnPty([...self, ...args(member.home)], { env: member.env }, size);
      expect(await sitting.ends()).toBe(exit);
      expect(await hasDevice("ines")).toBe(false);
    });
  });

  test("saves the QR code of a new device with --png in a file that only its owner can read", async () => {
    await joins("jana");
    const member = await stage.member("jana");
    const png = join(member.home, "code.png");
    const sitting = runOnPty([...self, "--png", png], { env: member.env });
    await sitting.sees(`The QR code is in ${png}`);
    expect((await stat(png)).mode & 0o777).toBe(0o600);
    sitting.presses("\x03");
    expect(await sitting.ends()).toBe(130);
  });

  test.each([
    [
      "refers a user who may not create a device to the administrator",
      "AccessDenied",
      "Ask your administrator",
      "gina",
    ],
    [
      "says that the account has reached AWS's limit of devices",
      "LimitExceeded",
      "reached AWS's limit",
      "tina",
    ],
  ])("%s", async (_, code, found, user) => {
    await joins(user);
    const member = await stage.member(user);
    aws.fail("CreateVirtualMFADevice", { status: 403, code, message: "no" });
    const sitting = runOnPty(self, { env: { ...member.env, AWS_ENDPOINT_URL: aws.endpoint } });
    expect(await sitting.ends()).toBe(5);
    expect(sitting.screen()).toContain(found);
    expect(await hasDevice(user)).toBe(false);
  });

  test("refuses credentials that are not an IAM user's", async () => {
    const ended = await runPlain(self, administrator());
    expect(ended.code).toBe(4);
    expect(ended.stderr).toContain("is not an IAM user");
  });

  test("says that it created a device whose codes AWS rejects, and enables it when run again", async () => {
    await joins("kurt");
    const member = await stage.member("kurt");
    aws.fail("EnableMFADevice", { status: 403, code: "InvalidAuthenticationCode", message: "no" });
    const sitting = runOnPty([...self, "--show-seed"], {
      env: { ...member.env, AWS_ENDPOINT_URL: aws.endpoint },
    });
    const seed = await seedOn(sitting);
    await entersCodes(sitting, twoCodes(seed));
    expect(await sitting.ends()).toBe(5);
    expect(sitting.screen()).toContain("was created, but AWS has not confirmed");
    expect(sitting.screen()).not.toContain("Nothing was changed");
    const [last, current] = twoCodes(seed);
    const again = await runPlain([...self, "--codes"], { env: member.env, input: `${last}\n${current}\n` });
    expect(again.code).toBe(0);
  });

  test("calls the device unconfirmed, not disabled, if ListMFADevices fails", async () => {
    await joins("lena");
    const member = await stage.member("lena");
    const sitting = runOnPty([...self, "--show-seed"], {
      env: { ...member.env, AWS_ENDPOINT_URL: aws.endpoint },
    });
    const seed = await seedOn(sitting);
    aws.fail("ListMFADevices", { status: 403, code: "AccessDenied", message: "not for you" });
    await entersCodes(sitting, twoCodes(seed));
    expect(await sitting.ends()).toBe(5);
    expect(await isEnabled("lena")).toBe(true);
    expect(sitting.screen()).toContain("was created, but AWS has not confirmed");
    expect(sitting.screen()).not.toContain("is not enabled");
    expect((await runPlain(self, { env: member.env })).stdout).toContain("already enabled for lena");
  });

  test.each([
    [["enroll"], "Missing USER and --stack."],
    [["enroll", "alice"], "Missing --stack for the user alice."],
    [["enroll", "--stack", "x"], "Missing USER for the stack x."],
    [["enroll", "alice", "--self"], "--self is for your own device"],
  ])("rejects %j: %s", async (args, found) => {
    const { code, stderr } = await runPlain(args, administrator());
    expect(code).toBe(2);
    expect(stderr).toContain(found);
    expect(stderr).toMatch(/--stack/);
  });
});

async function everythingIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => (existsSync(file) ? readFileSync(file, "utf8") : "")).join("\n");
}
