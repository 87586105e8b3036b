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

/** A new member of the group, made by hand: nobody has given them a device. */
async function joins(UserName: string) {
  await stage.iam.createUser({ UserName });
  await stage.iam.addUserToGroup({ UserName, GroupName: "MFA" });
}

/** A new user whom no guard stops, and who may do with their devices what they like. */
async function staysOutside(UserName: string) {
  await stage.iam.createUser({ UserName });
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "iam:*MFADevice*", Resource: "*" }],
  });
  await stage.iam.putUserPolicy({ UserName, PolicyName: "devices", PolicyDocument });
}

/** A device that AWS has on, of whomever, goes back to how the stack made it. */
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

describe("an administrator", () => {
  beforeEach(() => turnOff("alice"));

  test("scans the code, gives two codes, and sees that the device is on; the code and the seed are gone", async () => {
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

  test("of a terminal that is too small is told so, and how else to do it", async () => {
    const sitting = runOnPty(fromStack("alice"), administrator(), { columns: 30, rows: 10 });
    expect(await sitting.ends()).toBe(8);
    expect(sitting.screen().replaceAll("\n", " ")).toMatch(/has 30 columns and 10 rows.*--png FILE/);
  });

  test("is told in words what is wrong with the codes, and AWS is not asked", async () => {
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

  test("who types no code is asked again on the spot", async () => {
    const sitting = runOnPty(fromStack("alice"), administrator());
    await sitting.sees("Code shown by the app:");
    sitting.answers("12345");
    await sitting.sees("Expected six digits.");
    sitting.presses("\x03");
    expect(await sitting.ends()).toBe(130);
  });

  test.each([["first"], ["second"]])(
    "who presses Ctrl-C at the %s code can take it up again",
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
  ])("whose enrollment another terminal has finished is told so after %s", async (how, exit, said) => {
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

  test("who is killed meanwhile leaves no code on the screen", async () => {
    const sitting = runOnPty(fromStack("alice"), administrator());
    await sitting.sees("Code shown by the app:");
    sitting.kill("SIGTERM");
    expect(await sitting.ends()).toBe(143);
    expect(sitting.screen()).not.toMatch(/[▀▄█]/);
  });

  test("is told that a device is on already, and since when; nothing is asked or changed", async () => {
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

  test("has the QR code as a picture that nobody else can read, with --png", async () => {
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

  test("never has a file replaced by the picture", async () => {
    const file = join(await stage.newHome(), "mine.png");
    await writeFile(file, "mine");
    const sitting = runOnPty([...fromStack("alice"), "--png", file], administrator());
    expect(await sitting.ends()).toBe(7);
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  test("sees the seed as text only with --show-seed, and only while it is needed", async () => {
    const seed = await stage.seedOf("alice");
    const sitting = runOnPty([...fromStack("alice"), "--show-seed"], administrator());
    await sitting.sees(`Seed: ${seed}`);
    await entersCodes(sitting, twoCodes(seed));
    expect(await sitting.ends()).toBe(0);
    expect(sitting.screen()).not.toContain(seed);
  });

  test("may pipe the codes in, for a script", async () => {
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
  ])("who pipes %s in changes nothing", async (_, input, code, found) => {
    const ended = await runPlain([...fromStack("alice"), "--codes"], { ...administrator(), input });
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(found);
    expect(await isEnabled("alice")).toBe(false);
  });
});

describe("what goes wrong for an administrator", () => {
  beforeEach(() => turnOff("alice"));

  const enrolls = async (change: Record<string, string | undefined>, more: string[] = []) =>
    runPlain([...fromStack("alice"), "--codes", ...more], {
      ...administrator(change),
      input: twoCodes(await stage.seedOf("alice")).join("\n"),
    });

  test("no terminal and no codes", async () => {
    const { code, stderr } = await runPlain(fromStack("alice"), administrator());
    expect(code).toBe(8);
    expect(stderr).toMatch(/no terminal.*\n.*--codes/);
  });

  test("no passphrase", async () => {
    expect(await enrolls({ PULUMI_CONFIG_PASSPHRASE: undefined })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("PULUMI_CONFIG_PASSPHRASE"),
    });
  });

  test("no credentials", async () => {
    const ended = await enrolls({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
    expect(ended.code).toBe(4);
    expect(ended.stderr).toMatch(/no AWS credentials/);
  });

  test("a profile that is not there", async () => {
    const keys = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    const ended = await enrolls(keys, ["--profile", "nobody"]);
    expect(ended.code).toBe(4);
    expect(ended.stderr).toContain("aws configure list-profiles");
  });

  test("a network that is gone", async () => {
    const { code, stderr } = await enrolls({ AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
    expect(code).toBe(6);
    expect(stderr).toContain("AWS cannot be reached");
  });

  test.each([
    [
      "expired credentials",
      "GetCallerIdentity",
      403,
      "ExpiredToken",
      "The security token expired",
      4,
      "has expired",
    ],
    [
      "inactive keys",
      "GetCallerIdentity",
      403,
      "InvalidClientTokenId",
      "invalid",
      4,
      "does not recognize the access key",
    ],
    ["throttling", "ListMFADevices", 400, "Throttling", "Rate exceeded", 6, "is throttling requests"],
    ["no right", "EnableMFADevice", 403, "AccessDenied", "is not authorized", 5, "not have permission"],
    [
      "codes that AWS does not take",
      "EnableMFADevice",
      403,
      "InvalidAuthenticationCode",
      "no",
      5,
      "two new consecutive codes",
    ],
    ["too many devices", "EnableMFADevice", 409, "LimitExceeded", "quota", 5, "reached AWS's limit"],
    [
      "a change under way",
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

  test("a device that is being replaced, whose seed may be the lost phone's", async () => {
    const tag = { Key: "aws-mfa-stack:replacing", Value: "2030-01-31T00:00:00Z" };
    await stage.iam.tagUser({ UserName: "alice", Tags: [tag] });
    const ended = await enrolls({});
    await stage.iam.untagUser({ UserName: "alice", TagKeys: [tag.Key] });
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining("aws-mfa replace alice") });
    expect(await isEnabled("alice")).toBe(false);
  });

  test("a user that the stack does not have", async () => {
    const ended = await runPlain(["enroll", "carol", ...stage.onStack], administrator());
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining("has no user carol") });
  });
});

describe("a user alone", () => {
  const self = ["enroll", "--self"];
  /** The seed that --show-seed shows. */
  const seedOn = async (sitting: PtySession) => {
    await sitting.sees(/Seed: [A-Z2-7]{16,}/);
    return /Seed: ([A-Z2-7]+)/.exec(sitting.screen())?.[1] ?? "";
  };

  test("turns on the device that was made for them", async () => {
    await turnOff("dora");
    const member = await stage.member("dora");
    const sitting = runOnPty(self, { env: member.env });
    await sitting.sees("scan the one you were given");
    await entersCodes(sitting, twoCodes(await stage.seedOf("dora")));
    expect(await sitting.ends()).toBe(0);
    expect(await isEnabled("dora")).toBe(true);
    expect((await runPlain(self, { env: member.env })).stdout).toContain("already enabled for dora");
  });

  test("makes one where there is none, without leaving its seed anywhere", async () => {
    await joins("erik");
    const member = await stage.member("erik");
    const sitting = runOnPty([...self, "--show-seed"], { env: member.env });
    const seed = await seedOn(sitting);
    await entersCodes(sitting, twoCodes(seed));
    expect(await sitting.ends()).toBe(0);
    expect(await isEnabled("erik")).toBe(true);
    expect(await everythingIn(member.home)).not.toContain(seed);
  });

  test("who is interrupted at a device of their own is told what is left, and can take it up again", async () => {
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

  test("whose terminal is taken away at a device of their own is told what is left, and the seed is off the screen", async () => {
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

  describe("who is ended while AWS makes their device", () => {
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
    /** AWS makes it, and there is nobody to tell. */
    const ended = async (user: string, how: keyof typeof endings, arrives = joins) => {
      const begun = await begin(user, arrives);
      await endings[how]?.(begun.sitting);
      expect(await begun.sitting.ends()).not.toBe(0);
      aws.release(make);
      await expect.poll(() => hasDevice(user)).toBe(true);
      return begun;
    };

    test("by one Ctrl-C sees the QR code all the same, and can enable it", async () => {
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
      "by %s is told so by the next run, which makes the device anew where that is allowed",
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

    test("and may not delete the device is told who can, and nothing is changed", async () => {
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

    test("and has the QR code of that name by now is asked for its codes, and no device is deleted", async () => {
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

    test("is not who still has the QR code on another screen", async () => {
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

    test("without a terminal next time is told what to do, and nothing is changed", async () => {
      const { setting } = await ended("rosa", "SIGKILL");
      const again = await runPlain(self, setting);
      expect(again).toMatchObject({
        code: 8,
        stderr: expect.stringContaining("was stopped while it created"),
      });
      expect(await hasDevice("rosa")).toBe(true);
    });
  });

  describe("has no device made whose QR code nobody would see", () => {
    let member: Member;
    beforeAll(async () => {
      await joins("ines");
      member = await stage.member("ines");
    });

    test.each<[string, string[], string | undefined, number]>([
      ["without a terminal", [], undefined, 8],
      ["where the codes come on standard input", ["--codes"], "123456\n123457\n", 2],
      ["where codes are said to come, and none do", ["--codes"], undefined, 2],
    ])("%s", async (_, args, input, exit) => {
      const ended = await runPlain([...self, ...args], { env: member.env, ...(input && { input }) });
      expect(ended.code).toBe(exit);
      expect(ended.stderr).toContain("Nothing was changed.");
      expect(await hasDevice("ines")).toBe(false);
    });

    test.each<[string, (folder: string) => string[], { columns: number; rows: number }, number]>([
      ["on a terminal that is too small", () => [], { columns: 40, rows: 10 }, 8],
      [
        "in a picture that cannot be written",
        (folder) => ["--png", join(folder, "no", "such.png")],
        { columns: 100, rows: 40 },
        7,
      ],
      [
        "in a picture that would replace a file",
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

  test("may have the QR code of a device of their own as a picture", async () => {
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
      "policy lets them make none is sent to the administrator",
      "AccessDenied",
      "Ask your administrator",
      "gina",
    ],
    ["account has no room for a device is told so", "LimitExceeded", "reached AWS's limit", "tina"],
  ])("whose %s", async (_, code, found, user) => {
    await joins(user);
    const member = await stage.member(user);
    aws.fail("CreateVirtualMFADevice", { status: 403, code, message: "no" });
    const sitting = runOnPty(self, { env: { ...member.env, AWS_ENDPOINT_URL: aws.endpoint } });
    expect(await sitting.ends()).toBe(5);
    expect(sitting.screen()).toContain(found);
    expect(await hasDevice(user)).toBe(false);
  });

  test("is no role and no root user", async () => {
    const ended = await runPlain(self, administrator());
    expect(ended.code).toBe(4);
    expect(ended.stderr).toContain("is not an IAM user");
  });

  test("who made a device that AWS does not enable is told that it is there, and goes on with the same one", async () => {
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

  test("whose device may be enabled, and AWS does not say so, is not told that it is not", async () => {
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
  ])("%j does not say for whom, and is told what is missing", async (args, found) => {
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
