import { appendFile, chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { STS } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { codeOf, enableDevice, newKeys } from "../../local/demo/member";
import { pythonEnvironment } from "../../local/moto/environment";
import { type AwsWithFaults, awsWithFaults } from "../testing/aws-with-faults";
import { COMMAND, type Ended, runPlain } from "../testing/command";
import { ACCOUNT, type Fixture, type Keys, openFixture } from "../testing/fixture";
import { runOnPty } from "../testing/pty";
import { besideSecretService, hasSecretService } from "../testing/secret-service";

const USERS = ["ann", "bob", "carol", "dave", "erin", "frank", "gina", "hugo", "iris"] as const;
type User = (typeof USERS)[number];

let stage: Fixture;
let aws: AwsWithFaults;

beforeAll(async () => {
  stage = await openFixture({ "aws-mfa-stack:users": USERS });
  aws = await awsWithFaults(stage.moto.endpoint);
  for (const user of USERS) {
    await enableDevice(stage.iam, user, serialOf(user), await stage.seedOf(user));
  }
});
afterAll(async () => {
  await aws?.close();
  await stage?.close();
});
beforeEach(() => {
  stage.moto.faults.newKeyDelayMs = 0;
  aws.forget();
});

const serialOf = (user: string) => `arn:aws:iam::${ACCOUNT}:mfa/${user}`;

/** A user with a home folder, whose key is in the credentials file between other content. */
async function atHome(user: User) {
  const { home, env: base, keys } = await stage.member(user);
  const env = { ...base, AWS_ENDPOINT_URL: aws.endpoint };
  const credentials = join(home, ".aws", "credentials");
  const others = [
    "# mine\n[else]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n\n",
    "region=eu-west-1 \n\n[last]\n",
  ] as const;
  const holds = ({ id, secret }: Keys) =>
    `${others[0]}[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n${others[1]}`;
  await writeFile(credentials, holds(keys), { mode: 0o600 });
  const seed = await stage.seedOf(user);
  return {
    home,
    env,
    keys,
    credentials,
    holds,
    run: (...args: string[]) =>
      runPlain(["keys", ...args, "--code", "--yes"], { env, input: `${codeOf(seed)}\n` }),
    sit: (...args: string[]) => runOnPty(["keys", ...args], { env }),
    code: () => codeOf(seed),
    file: () => readFile(credentials, "utf8"),
    /** The key in the file. */
    inFile: async (): Promise<Keys> => {
      const text = await readFile(credentials, "utf8");
      const [, id = "", secret = ""] =
        /\[default\]\naws_access_key_id = (\S+)\naws_secret_access_key = (\S+)/.exec(text) ?? [];
      return { id, secret };
    },
    /** All files below the home with a secret in them. */
    withSecret: async (secret: string) => {
      const names = await readdir(home, { recursive: true, withFileTypes: true });
      const files = names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
      const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
      return files.filter((_, at) => texts[at]?.includes(secret));
    },
  };
}

/** The user's keys in AWS, the oldest first. */
async function keysOf(UserName: string) {
  const { AccessKeyMetadata = [] } = await stage.iam.listAccessKeys({ UserName });
  return AccessKeyMetadata.map(({ AccessKeyId, Status }) => `${AccessKeyId} ${Status}`).sort();
}

async function worksAs({ id, secret }: Keys): Promise<string | undefined> {
  const credentials = { accessKeyId: id, secretAccessKey: secret };
  const sts = new STS({ endpoint: stage.moto.endpoint, region: "us-east-1", credentials });
  const { Arn } = await sts.getCallerIdentity();
  sts.destroy();
  return Arn;
}

const made = () => aws.calls.filter(({ action }) => action === "CreateAccessKey").length;

describe("aws-mfa keys rotate", () => {
  test("gives the profile a new key that works, and makes the old one inactive", async () => {
    const { sit, code, keys, file, holds, inFile, withSecret } = await atHome("ann");
    const sitting = sit("rotate");
    await sitting.sees(`MFA code for ${serialOf("ann")}:`);
    sitting.answers(code());
    await sitting.sees("as planned?");
    expect(sitting.screen()).toContain(`3. Make ${keys.id} inactive`);
    sitting.answers("y");
    expect(await sitting.ends()).toBe(0);

    const next = await inFile();
    expect(next.id).not.toBe(keys.id);
    expect(await file()).toBe(holds(next));
    expect(await worksAs(next)).toBe(`arn:aws:iam::${ACCOUNT}:user/ann`);
    expect(await keysOf("ann")).toEqual([`${keys.id} Inactive`, `${next.id} Active`].sort());
    expect(sitting.screen()).toContain("aws-mfa keys delete-old");
    for (const { secret } of [keys, next]) expect(sitting.everything()).not.toContain(secret);
    expect(await withSecret(keys.secret)).toEqual([]);
    expect(await withSecret(next.secret)).toHaveLength(1);
  });

  test("changes keys in an MFA session, and tests the new key before it makes the old one inactive", async () => {
    const { run, keys, inFile } = await atHome("bob");
    expect(await run("rotate")).toMatchObject({ code: 0, stderr: "" });
    const next = await inFile();
    const done = aws.calls.map(({ action, accessKey }) => {
      const signer = accessKey.startsWith("ASIA") ? "session" : accessKey === keys.id ? "old" : "new";
      return `${action} ${accessKey === next.id ? "new" : signer}`;
    });
    expect(done).toEqual([
      "GetCallerIdentity old",
      "GetCallerIdentity old",
      "ListMFADevices old",
      "GetSessionToken old",
      "ListAccessKeys session",
      "CreateAccessKey session",
      "GetCallerIdentity new",
      "UpdateAccessKey session",
    ]);
  });

  test("waits until AWS accepts the new key", async () => {
    const { run, inFile } = await atHome("carol");
    stage.moto.faults.newKeyDelayMs = 1_500;
    expect(await run("rotate")).toMatchObject({ code: 0 });
    expect(await worksAs(await inFile())).toContain("user/carol");
    expect(aws.calls.filter(({ action }) => action === "GetCallerIdentity").length).toBeGreaterThan(3);
  });

  test("continues with the key of a run that could not write it, and creates no other", async () => {
    const { run, home, keys, credentials, file, inFile, holds, withSecret } = await atHome("dave");
    aws.hold("CreateAccessKey");
    const running = run("rotate");
    await aws.held("CreateAccessKey");
    await chmod(credentials, 0o400);
    aws.release("CreateAccessKey");
    const failed = await running;
    expect(failed).toMatchObject({ code: 7 });
    expect(failed.stderr).toContain("is read-only");
    expect(await file()).toBe(holds(keys));
    expect(await worksAs(keys)).toContain("user/dave");

    await chmod(credentials, 0o600);
    expect(await run("rotate")).toMatchObject({ code: 0 });
    expect(made()).toBe(1);
    const next = await inFile();
    expect(await keysOf("dave")).toEqual([`${keys.id} Inactive`, `${next.id} Active`].sort());
    expect(await withSecret(next.secret)).toHaveLength(1);
    // The old key was used after the new one was created, but by this computer alone.
    expect(await run("delete-old")).toMatchObject({ code: 0 });
    expect(await keysOf("dave")).toEqual([`${next.id} Active`]);
    expect((await readdir(home, { recursive: true })).filter((name) => name.includes("replaced-"))).toEqual(
      [],
    );
  });

  test.each([
    { what: "the file is read-only", mode: 0o400, text: undefined, says: "is read-only" },
    {
      what: "the AWS CLI cannot read the file",
      mode: 0o600,
      text: "\n[default]\nregion = a\n",
      says: "a second section",
    },
  ])("creates nothing if $what, and names AWS_SHARED_CREDENTIALS_FILE", async ({ mode, text, says }) => {
    await removeKeys("dave");
    const { run, keys, credentials, file } = await atHome("dave");
    if (text) await appendFile(credentials, text);
    const before = await file();
    await chmod(credentials, mode);
    const failed = await run("rotate");
    expect(failed).toMatchObject({ code: 7, stderr: expect.stringContaining(says) });
    expect(failed.stderr).toContain("AWS_SHARED_CREDENTIALS_FILE");
    expect(failed.stderr).not.toContain("--print");
    expect(await file()).toBe(before);
    expect(await keysOf("dave")).toEqual([`${keys.id} Active`]);
  });

  /** While AWS creates the key, the folder for its secret becomes a file. */
  async function rotatesWithoutPlace(run: (action: string) => Promise<Ended>, home: string): Promise<Ended> {
    aws.hold("CreateAccessKey");
    const running = run("rotate");
    await aws.held("CreateAccessKey");
    const kept = join(home, ".cache", "aws-mfa-stack", "keys");
    await rm(kept, { recursive: true });
    await writeFile(kept, "");
    aws.release("CreateAccessKey");
    return running;
  }

  test("deletes the new key if it cannot store the secret", async () => {
    await removeKeys("dave");
    const { run, keys, home } = await atHome("dave");
    expect(await rotatesWithoutPlace(run, home)).toMatchObject({
      code: 7,
      stderr: expect.stringContaining("cannot be cached"),
    });
    expect(made()).toBe(1);
    expect(await keysOf("dave")).toEqual([`${keys.id} Active`]);
  });

  test("says how to discard the new key if it can neither store the secret nor delete the key", async () => {
    await removeKeys("dave");
    const { run, keys, home } = await atHome("dave");
    aws.fail("DeleteAccessKey", { status: 403, code: "AccessDenied", message: "no" });
    onTestFinished(() => aws.fail("DeleteAccessKey", undefined));
    const { code, stderr } = await rotatesWithoutPlace(run, home);
    const lost = (await keysOf("dave")).find((key) => !key.includes(keys.id))?.split(" ")[0];
    expect(code).toBe(1);
    expect(stderr).toContain(`${lost} was created, but its secret could not be kept`);
    expect(stderr).toContain(`--discard ${lost}`);
  });

  test("retries CreateAccessKey after throttling, but not after an error that may have created a key", async () => {
    await removeKeys("dave");
    const { run } = await atHome("dave");
    aws.fail("CreateAccessKey", { status: 503, code: "ServiceUnavailable", message: "later" });
    onTestFinished(() => aws.fail("CreateAccessKey", undefined));
    expect(await run("rotate")).toMatchObject({ code: 6, stderr: expect.stringContaining("internal error") });
    expect(made()).toBe(1);
    aws.fail("CreateAccessKey", { status: 400, code: "Throttling", message: "later" });
    expect(await run("rotate")).toMatchObject({ code: 6, stderr: expect.stringContaining("throttling") });
    expect(made()).toBeGreaterThan(2);
  });

  test("makes the old key inactive after a run that was killed before it did", async () => {
    const { run, sit, code, keys, inFile, credentials } = await atHome("erin");
    await appendFile(
      credentials,
      `[work]\naws_access_key_id = ${keys.id}\naws_secret_access_key = ${keys.secret}\n`,
    );
    aws.hold("UpdateAccessKey");
    const sitting = sit("rotate", "--yes");
    await sitting.sees("MFA code for");
    sitting.answers(code());
    await aws.held("UpdateAccessKey");
    sitting.kill("SIGKILL");
    await sitting.ends();
    aws.release("UpdateAccessKey");
    const next = await inFile();

    const done = await run("rotate");
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining(`${keys.id} is inactive`) });
    expect(done.stdout).toContain(`Make ${keys.id} inactive (also the key of work)`);
    expect(made()).toBe(1);
    expect(await inFile()).toEqual(next);
    expect(await keysOf("erin")).toEqual([`${keys.id} Inactive`, `${next.id} Active`].sort());
  });

  test("keeps both keys active if it cannot continue an interrupted rotation in the keyring", async () => {
    await removeKeys("erin");
    const { run, keys, inFile } = await atHome("erin");
    aws.fail("UpdateAccessKey", { status: 403, code: "AccessDenied", message: "no" });
    onTestFinished(() => aws.fail("UpdateAccessKey", undefined));
    expect(await run("rotate")).toMatchObject({ code: 5 });
    aws.fail("UpdateAccessKey", undefined);
    const next = await inFile();
    const nowhere = await run("rotate", "--keep-in", "keyring");
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining("--keep-in file") });
    expect(await keysOf("erin")).toEqual([`${keys.id} Active`, `${next.id} Active`].sort());
    expect(await run("rotate")).toMatchObject({ code: 0 });
    expect(await keysOf("erin")).toEqual([`${keys.id} Inactive`, `${next.id} Active`].sort());
  });

  test("refuses to delete a second key without --discard, or one that was used", async () => {
    const { run, keys, file, holds } = await atHome("frank");
    const second = await newKeys(stage.iam, "frank");
    const refused = await run("rotate");
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain(`frank has a second access key, ${second.id}`);
    expect(refused.stderr).toContain(`aws-mfa keys rotate --discard ${second.id}`);
    expect(await file()).toBe(holds(keys));

    await worksAs(second);
    const used = await run("rotate", "--discard", second.id);
    expect(used).toMatchObject({ code: 1, stdout: "" });
    expect(used.stderr).toContain(`${second.id} was used for sts`);
    expect(await keysOf("frank")).toEqual([`${keys.id} Active`, `${second.id} Active`].sort());
  });

  test("deletes an unused second key that --discard names", async () => {
    const { run, keys, inFile } = await atHome("gina");
    const second = await newKeys(stage.iam, "gina");
    expect(await run("rotate", "--discard", second.id)).toMatchObject({ code: 0 });
    expect(await keysOf("gina")).toEqual([`${keys.id} Inactive`, `${(await inFile()).id} Active`].sort());
  });

  test.each([
    {
      what: "a role",
      config: "[profile other]\nrole_arn = arn:aws:iam::111122223333:role/A\nsource_profile = default\n",
      remedy: "Use that profile: --profile default",
    },
    {
      what: "another program",
      config: "[profile other]\ncredential_process = /usr/bin/keys\n",
      remedy: "Rotate them with that program.",
    },
    {
      what: "a session",
      config: "[profile other]\naws_access_key_id = ASIA\naws_secret_access_key = b\naws_session_token = c\n",
      remedy: "Name the profile with your access key",
    },
    {
      what: "both a file and a program",
      config: "[default]\ncredential_process = /usr/bin/keys\n",
      profile: "default",
      remedy: "in one of them. Nothing was changed.",
      exit: 7,
    },
  ])(
    "refuses a profile with the keys of $what, and says what to do",
    async ({ config, remedy, profile, exit }) => {
      const { home, env } = await atHome("hugo");
      await removeKeys("hugo");
      await writeFile(join(home, ".aws", "config"), config);
      const refused = await runPlain(["keys", "rotate", "--profile", profile ?? "other"], { env });
      expect(refused).toMatchObject({ code: exit ?? 4, stdout: "", stderr: expect.stringContaining(remedy) });
      expect(aws.calls).toEqual([]);
    },
  );

  test("changes nothing if AWS denies the user access", async () => {
    await stage.iam.createUser({ UserName: "zoe" });
    const { env, home, keys } = await stage.member("zoe");
    const before = await readFile(join(home, ".aws", "credentials"), "utf8");
    const refused = await runPlain(["keys", "rotate", "--code", "--yes"], { env, input: "123456\n" });
    expect(refused.code).toBe(5);
    expect(await readFile(join(home, ".aws", "credentials"), "utf8")).toBe(before);
    expect(await keysOf("zoe")).toEqual([`${keys.id} Active`]);
  });

  test.skipIf(!hasSecretService)(
    "moves the key into the keyring, rotates it there, and gives it to the AWS CLI",
    async () => {
      const { home, env, keys, file, code } = await atHome("iris");
      const runs = (args: string, script = '"$0" "$1" keys') =>
        besideSecretService(`${script} ${args}`, [process.execPath, COMMAND], {
          folder: home,
          env: { ...env, AWS_MFA_KEYRING: "on" },
        });
      const inKeyring = async () => {
        const text = await file();
        expect(text).not.toMatch(/aws_access_key_id = (?!AKIAIOSFODNN7EXAMPLE)|aws_secret_access_key/);
        return /credential_process = .* keys get (\w+)$/m.exec(text)?.[1] ?? "";
      };
      await runs("rotate --keep-in keyring --code --yes", `printf ${code()} | "$0" "$1" keys`);
      const first = await inKeyring();
      expect(await keysOf("iris")).toEqual([`${first} Active`, `${keys.id} Inactive`].sort());
      await runs("delete-old --code --yes", `printf ${code()} | "$0" "$1" keys`);
      await runs("rotate --code --yes", `printf ${code()} | "$0" "$1" keys`);
      const second = await inKeyring();
      expect(await keysOf("iris")).toEqual([`${first} Inactive`, `${second} Active`].sort());
      const cli = `"${await pythonEnvironment()}" -m awscli sts get-caller-identity --query Arn --output text #`;
      expect(await runs("", cli)).toBe(`arn:aws:iam::${ACCOUNT}:user/iris`);
      await writeFile(
        join(home, ".aws", "config"),
        `[profile role]\nrole_arn = arn:aws:iam::${ACCOUNT}:role/MFABasedAccess\nsource_profile = default\nmfa_serial = ${serialOf("iris")}\n`,
      );
      const verify = await runs("verify role --code", `printf ${code()} | "$0" "$1"`);
      expect(verify).toContain(`${serialOf("iris")} is enabled for iris.`);
      expect(verify).toContain("You are");
      expect(JSON.parse(await runs(`get ${second}`))).toEqual({
        Version: 1,
        AccessKeyId: second,
        SecretAccessKey: expect.any(String),
      });
    },
  );
});

async function removeKeys(UserName: string): Promise<void> {
  for (const key of await keysOf(UserName)) {
    await stage.iam.deleteAccessKey({ UserName, AccessKeyId: key.split(" ")[0] });
  }
}

describe("aws-mfa keys delete-old", () => {
  const setStatus = (UserName: string, AccessKeyId: string, Status: "Active" | "Inactive") =>
    stage.iam.updateAccessKey({ UserName, AccessKeyId, Status });

  test("deletes the inactive key that was replaced", async () => {
    await removeKeys("ann");
    const { run, inFile } = await atHome("ann");
    await run("rotate");
    expect(await run("delete-old")).toMatchObject({ code: 0 });
    expect(await keysOf("ann")).toEqual([`${(await inFile()).id} Active`]);
    expect(await run("delete-old")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("there is no old one to delete"),
    });
  });

  test("keeps an old key that is active, or that was used since the rotation", async () => {
    await removeKeys("bob");
    const { run, keys, inFile } = await atHome("bob");
    await run("rotate");
    const both = [keys.id, (await inFile()).id];
    await setStatus("bob", keys.id, "Active");
    const active = await run("delete-old");
    expect(active).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining(`${keys.id} is active`),
    });

    // A use in the first seconds may be the rotation's own.
    await sleep(5_500);
    await worksAs(keys);
    await setStatus("bob", keys.id, "Inactive");
    const used = await run("delete-old");
    expect(used).toMatchObject({ code: 1, stdout: "" });
    expect(used.stderr).toMatch(new RegExp(`${keys.id} was used for sts on .* another computer may have it`));
    expect((await keysOf("bob")).map((key) => key.split(" ")[0])).toEqual(both.sort());
  });

  test("keeps a key that is newer than the profile's", async () => {
    await removeKeys("carol");
    const { run } = await atHome("carol");
    const { AccessKey } = await stage.iam.createAccessKey({ UserName: "carol" });
    await setStatus("carol", AccessKey?.AccessKeyId ?? "", "Inactive");
    expect(await run("delete-old")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is newer than"),
    });
    expect(await keysOf("carol")).toHaveLength(2);
  });
});

describe("aws-mfa keys get", () => {
  test("reports that the keyring is unavailable", async () => {
    const { env } = await atHome("hugo");
    const { code, stdout, stderr } = await runPlain(["keys", "get", "AKIAIOSFODNN7EXAMPLE"], { env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("keyring cannot store or return the access key");
  });
});
