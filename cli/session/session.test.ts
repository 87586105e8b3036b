import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { IAM } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { localClient } from "../../local/aws/root";
import { codeOf } from "../../local/demo/member";
import { type AwsWithFaults, awsWithFaults } from "../testing/aws-with-faults";
import { COMMAND, runPlain } from "../testing/command";
import { ACCOUNT, type Fixture, type Keys, openFixture } from "../testing/fixture";
import { runOnPty, spawnOnPty } from "../testing/pty";
import { besideSecretService, hasSecretService } from "../testing/secret-service";

let fixture: Fixture;
let aws: AwsWithFaults;
let keys: Keys;
let seed: string;
const serial = `arn:aws:iam::${ACCOUNT}:mfa/alice`;
const PROMPT = `MFA code for ${serial}:`;
const WRONG_CODE = {
  status: 403,
  code: "AccessDenied",
  message: "MultiFactorAuthentication failed with invalid MFA one time pass code.",
};

beforeAll(async () => {
  fixture = await openFixture({ "aws-mfa-stack:users": ["alice"] });
  aws = await awsWithFaults(fixture.moto.endpoint);
  ({ keys, seed } = await fixture.enrolled("alice"));
});
afterAll(async () => {
  await aws.close();
  await fixture.close();
});
beforeEach(() => {
  for (const action of ["GetSessionToken", "GetCallerIdentity", "ListMFADevices"])
    aws.fail(action, undefined);
  aws.endAfter("GetSessionToken", undefined);
  aws.forget();
});

/** Creates a member of the group without a device from the stack. */
async function newMember(UserName: string) {
  await fixture.iam.createUser({ UserName });
  await fixture.iam.addUserToGroup({ UserName, GroupName: "MFA" });
}

/** A new home folder for alice, without a session. */
async function atHome(more: Record<string, string> = {}) {
  const { home, env: base } = await fixture.member("alice", keys);
  const env = { ...base, AWS_ENDPOINT_URL: aws.endpoint, ...more };
  const folder = join(home, ".cache", "aws-mfa-stack", "sessions");
  const session = (...args: string[]) => runPlain(["session", ...args], { env });
  return {
    home,
    folder,
    env,
    session,
    withCode: (...args: string[]) =>
      runPlain(["session", "--code", ...args], { env, input: `${codeOf(seed)}\n` }),
    sit: (...args: string[]) => runOnPty(["session", ...args], { env }),
    /** On a terminal, with standard output in a file, as a program that needs credentials runs it. */
    sitFor: (out: string) =>
      spawnOnPty("/bin/sh", ["-c", `"$0" "$@" >"${out}"`, process.execPath, COMMAND, "session"], { env }),
    files: () => readdir(folder).catch(() => []),
  };
}

const started = () => aws.calls.filter(({ action }) => action === "GetSessionToken");

describe("the code of a session", () => {
  test("is asked for on the terminal, and only the credentials go to standard output", async () => {
    const { home, sitFor } = await atHome();
    const out = join(home, "out");
    const terminal = sitFor(out);
    await terminal.sees(PROMPT);
    terminal.answers(codeOf(seed));
    expect(await terminal.ends()).toBe(0);

    const given = JSON.parse(await readFile(out, "utf8"));
    expect(given).toEqual({
      Version: 1,
      AccessKeyId: expect.any(String),
      SecretAccessKey: expect.any(String),
      SessionToken: expect.any(String),
      Expiration: expect.stringMatching(/Z$/),
    });
    expect(terminal.everything()).not.toContain(given.SecretAccessKey);
    expect(terminal.everything()).not.toContain(given.SessionToken);

    const [{ parameters, accessKey } = { parameters: new URLSearchParams(), accessKey: "" }] = started();
    expect(accessKey).toBe(keys.id);
    expect(parameters.get("SerialNumber")).toBe(serial);
    expect(parameters.get("TokenCode")).toMatch(/^\d{6}$/);
    expect(parameters.get("DurationSeconds")).toBe("43200");
  });

  test("starts a session whose expiration the terminal shows, and not its credentials", async () => {
    const { sit, folder, files } = await atHome({ TZ: "Asia/Tokyo" });
    const terminal = sit();
    await terminal.sees(PROMPT);
    terminal.answers(codeOf(seed));
    expect(await terminal.ends()).toBe(0);
    expect(terminal.screen()).toMatch(/^The session of default is cached until 20[\d-]+ \d\d:\d\d GMT\+9\. /);
    const [file = ""] = await files();
    const { SecretAccessKey, SessionToken } = JSON.parse(await readFile(join(folder, file), "utf8"));
    expect(terminal.everything()).not.toContain(SecretAccessKey);
    expect(terminal.everything()).not.toContain(SessionToken);
  });

  test("that is mistyped is asked for again, with the reason", async () => {
    const { sit } = await atHome();
    const terminal = sit();
    await terminal.sees(PROMPT);
    terminal.answers("12345");
    await terminal.sees("Expected six digits.");
    terminal.presses("\x7f".repeat(5));
    aws.fail("GetSessionToken", WRONG_CODE);
    terminal.answers("123456");
    await terminal.sees("The code is wrong or was already used");
    aws.fail("GetSessionToken", undefined);
    terminal.answers(codeOf(seed));
    expect(await terminal.ends()).toBe(0);
  });

  test("that is wrong three times ends the command, with the fix", async () => {
    const { sit, files } = await atHome();
    aws.fail("GetSessionToken", WRONG_CODE);
    const terminal = sit();
    for (let nth = 1; nth <= 3; nth++) {
      await expect.poll(() => started().length).toBe(nth - 1);
      await terminal.sees(nth === 1 ? PROMPT : "The code is wrong");
      terminal.answers(`00000${nth}`);
      await expect.poll(() => started().length).toBe(nth);
    }
    expect(await terminal.ends()).toBe(5);
    expect(terminal.screen()).toContain("Wait for the next code.");
    expect(await files()).toEqual([]);
  });

  test("starts no session and leaves no file after Ctrl-C at the prompt", async () => {
    const { sit, files } = await atHome();
    const terminal = sit();
    await terminal.sees(PROMPT);
    terminal.presses("\x03");
    expect(await terminal.ends()).toBe(130);
    expect(terminal.screen()).toContain("No session was started.");
    expect(await files()).toEqual([]);
  });

  test("from standard input is not asked for again if it is wrong", async () => {
    const { withCode } = await atHome();
    aws.fail("GetSessionToken", WRONG_CODE);
    const { code, stdout, stderr } = await withCode();
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toContain("the code is wrong");
    expect(started()).toHaveLength(1);
  });

  test("comes from --code-command or the profile's mfa_process, if others cannot write to the program", async () => {
    // Everyone can write to the folder for temporary files, so no program there is run.
    const folder = await mkdtemp(join(homedir(), ".aws-mfa-test-"));
    try {
      const program = join(folder, "code");
      const prints = (code: string) =>
        writeFile(program, `#!/bin/sh\necho "AWS:alice  ${code}"\n`, { mode: 0o700 });
      const { home, session } = await atHome();
      await prints(codeOf(seed));
      expect((await session("--code-command", program)).code).toBe(0);

      const other = await atHome();
      await writeFile(
        join(other.home, ".aws", "config"),
        `[default]\nmfa_process = ${program} --token "a b"\n`,
      );
      await prints(codeOf(seed));
      expect((await other.session()).code).toBe(0);
      await chmod(program, 0o777);
      await session("--end");
      const { code, stderr } = await session("--code-command", program);
      expect({ code, stderr }).toEqual({
        code: 7,
        stderr: expect.stringContaining("can be written by other users"),
      });
      expect(home).not.toBe(other.home);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("is asked for in a window if there is no terminal", async () => {
    const folder = await mkdtemp(join(homedir(), ".aws-mfa-test-"));
    try {
      const zenity = join(folder, "zenity");
      await writeFile(zenity, `#!/bin/sh\necho ${codeOf(seed)}\n`, { mode: 0o700 });
      const { session } = await atHome({ AWS_MFA_DIALOG: zenity });
      expect(await session()).toMatchObject({ code: 0, stdout: expect.stringContaining('"Version":1') });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("cannot be asked for without a terminal, and the error says what to run", async () => {
    const { session } = await atHome();
    const { code, stdout, stderr } = await session("--profile", "default");
    expect({ code, stdout }).toEqual({ code: 8, stdout: "" });
    expect(stderr).toContain("Cannot ask: there is no terminal.");
    expect(stderr).toContain("Start the session in a terminal first: aws-mfa session --profile default");
  });

  test("is not asked for in the background, where the system would stop the process", async () => {
    const { env } = await atHome();
    const script = 'set -m; "$0" "$@" & wait $!';
    const terminal = spawnOnPty("/bin/sh", ["-c", script, process.execPath, COMMAND, "session"], { env });
    expect(await terminal.ends()).toBe(8);
    expect(terminal.screen()).toContain("Cannot ask: this runs in the background.");
  });
});

describe("a session", () => {
  test("is returned from the cache without a call to AWS", async () => {
    const { withCode, session } = await atHome();
    const first = await withCode();
    expect(first.code).toBe(0);
    aws.forget();
    expect(await session()).toEqual({ code: 0, stdout: first.stdout, stderr: "" });
    expect(aws.calls).toEqual([]);
  });

  test("is cached in a file that others cannot read, without the access keys", async () => {
    const { withCode, folder, files } = await atHome();
    await withCode();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const [file = "", ...more] = await files();
    expect(more).toEqual([]);
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    const text = await readFile(join(folder, file), "utf8");
    expect(text).not.toContain(keys.id);
    expect(text).not.toContain(keys.secret);
  });

  test.skipIf(!hasSecretService)("is cached only in the keyring if there is one, until --end", async () => {
    const { home, env, files } = await atHome({ AWS_MFA_KEYRING: "on" });
    const steps = `
      printf ${codeOf(seed)} | "$0" "$@" --code
      "$0" "$@"
      "$0" "$@" --end
      "$0" "$@" || echo $?`;
    const args = [process.execPath, COMMAND, "session"];
    const stdout = await besideSecretService(steps, args, { folder: home, env });
    const [first = "", second, end, code] = stdout.split("\n");
    expect(JSON.parse(first)).toMatchObject({ Version: 1 });
    expect(second).toBe(first);
    expect(end).toContain("is deleted");
    expect(code).toBe("8");
    expect(started()).toHaveLength(1);
    expect(await files()).toEqual([]);
  });

  test.each([
    ["900", 0],
    ["129600", 0],
    ["899", 2],
    ["129601", 2],
    ["1h", 2],
  ])("of %s seconds gives exit code %i", async (seconds, code) => {
    const { withCode } = await atHome();
    const ended = await withCode("--duration-seconds", seconds);
    expect(ended.code).toBe(code);
    expect(started().map(({ parameters }) => parameters.get("DurationSeconds"))).toEqual(
      code === 0 ? [seconds] : [],
    );
    if (code !== 0) {
      expect(ended.stderr).toContain(`got "${seconds}"`);
      expect(ended.stderr).toContain("from 900 to 129600");
    }
  });

  test("uses the device in --mfa-serial without looking for others", async () => {
    const { withCode } = await atHome();
    await withCode("--mfa-serial", "arn:aws:iam::111122223333:mfa/other");
    expect(started()[0]?.parameters.get("SerialNumber")).toBe("arn:aws:iam::111122223333:mfa/other");
    expect(aws.calls.map(({ action }) => action)).toEqual(["GetSessionToken"]);
  });

  test("never uses a security key, which has no codes", async () => {
    const UserName = "keyholder";
    await newMember(UserName);
    const [securityKey, phone] = ["u2f/user/keyholder/key", "mfa/phone"].map(
      (resource) => `arn:aws:iam::${ACCOUNT}:${resource}`,
    );
    // Only the console can enable a security key.
    const console = new IAM(localClient(fixture.moto.motoEndpoint));
    for (const SerialNumber of [securityKey, phone]) {
      const AuthenticationCode = { AuthenticationCode1: "123456", AuthenticationCode2: "234567" };
      await console.enableMFADevice({ UserName, SerialNumber, ...AuthenticationCode });
    }
    const terminal = runOnPty(["session"], { env: (await fixture.member(UserName)).env });
    await terminal.sees("MFA code for");
    expect(terminal.screen()).toContain(`MFA code for ${phone}:`);
    terminal.presses("\x03");
    expect(await terminal.ends()).toBe(130);
  });

  test("that is about to expire is replaced by a new one", async () => {
    const { withCode, session } = await atHome();
    aws.endAfter("GetSessionToken", 299);
    await withCode();
    expect((await session()).code).toBe(8);
    aws.endAfter("GetSessionToken", 600);
    const renewed = await withCode();
    expect(started()).toHaveLength(2);
    expect(await session()).toMatchObject({ code: 0, stdout: renewed.stdout });
  });

  test("is started once for concurrent processes, and returned to all of them", async () => {
    const { withCode } = await atHome();
    const all = await Promise.all([withCode(), withCode(), withCode()]);
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(new Set(all.map(({ stdout }) => stdout)).size).toBe(1);
    expect(started()).toHaveLength(1);
  });

  test("asks for the code on one terminal only, while the other says what it waits for", async () => {
    const { sit } = await atHome();
    const first = sit();
    await first.sees(PROMPT);
    const second = sit();
    await second.sees("Another aws-mfa is already asking for the code of default: process");
    first.answers(codeOf(seed));
    expect(await Promise.all([first.ends(), second.ends()])).toEqual([0, 0]);
    expect(second.everything()).not.toContain("MFA code");
    expect(started()).toHaveLength(1);
  });

  test("is awaited with a notice on the terminal even if standard error is redirected", async () => {
    const { sit, env, home } = await atHome();
    const first = sit();
    await first.sees(PROMPT);
    const quiet = ["-c", `"$0" "$@" >"${home}/out" 2>"${home}/err"`, process.execPath, COMMAND, "session"];
    const second = spawnOnPty("/bin/sh", quiet, { env });
    await second.sees(/Another aws-mfa is already asking for the code of default: process \d+\./);
    first.answers(codeOf(seed));
    expect(await Promise.all([first.ends(), second.ends()])).toEqual([0, 0]);
    expect(JSON.parse(await readFile(join(home, "out"), "utf8"))).toMatchObject({ Version: 1 });
  });

  test("is not awaited beyond the timeout without a terminal", async () => {
    const { sit, session } = await atHome();
    const first = sit();
    await first.sees(PROMPT);
    const { code, stdout, stderr } = await session("--timeout", "1");
    expect({ code, stdout }).toEqual({ code: 9, stdout: "" });
    expect(stderr).toMatch(/Another aws-mfa is already asking[\s\S]*process \d+ on \S+ holds/);
    first.presses("\x03");
    expect(await first.ends()).toBe(130);
  });

  test("asks for the code on the other terminal after Ctrl-C on the first", async () => {
    const { sit } = await atHome();
    const first = sit();
    await first.sees(PROMPT);
    const second = sit();
    await second.sees("Another aws-mfa");
    first.presses("\x03");
    await second.sees(PROMPT);
    second.answers(codeOf(seed));
    expect(await Promise.all([first.ends(), second.ends()])).toEqual([130, 0]);
  });

  test.each(["SIGHUP", "SIGTERM"] as const)("leaves no lock if %s ends the prompt", async (signal) => {
    const { sit, files } = await atHome();
    const terminal = sit();
    await terminal.sees(PROMPT);
    expect(await files()).toEqual([expect.stringMatching(/\.lock$/)]);
    terminal.kill(signal);
    await terminal.ends();
    expect(await files()).toEqual([]);
  });

  test("does not wait for a process that was killed", async () => {
    const { sit, files, folder } = await atHome();
    const killed = sit();
    await killed.sees(PROMPT);
    killed.kill("SIGKILL");
    await killed.ends();
    const [lock = ""] = await files();
    // As if ten seconds had passed.
    const before = new Date(Date.now() - 11_000);
    await utimes(join(folder, lock), before, before);
    const terminal = sit();
    await terminal.sees(PROMPT);
    terminal.answers(codeOf(seed));
    expect(await terminal.ends()).toBe(0);
    expect(terminal.screen()).not.toContain("Another aws-mfa");
  });

  test("is deleted with --end", async () => {
    const { withCode, session, files } = await atHome();
    await withCode();
    expect(await session("--end")).toMatchObject({
      code: 0,
      stdout: "The cached session of default is deleted. AWS accepts it until it expires.",
    });
    expect(await files()).toEqual([]);
    expect((await session()).code).toBe(8);
    expect(await session("--end")).toMatchObject({ code: 0, stdout: "No session of default is cached." });
  });

  test("is not returned for another access key", async () => {
    const { home, withCode, session } = await atHome();
    await withCode();
    const file = join(home, ".aws", "credentials");
    await writeFile(file, (await readFile(file, "utf8")).replace(keys.id, "AKIAI44QH8DHBEXAMPLE"));
    expect((await session("--mfa-serial", serial)).code).toBe(8);
  });

  describe("whose access keys a credential_process provides", () => {
    /** A folder with its own configuration file, whose credential_process prints these keys. */
    async function folderWith(home: string, { id, secret }: Keys) {
      const folder = await mkdtemp(join(home, "project-"));
      const printed = JSON.stringify({ Version: 1, AccessKeyId: id, SecretAccessKey: secret });
      await writeFile(join(folder, "config"), `[default]\ncredential_process = echo '${printed}'\n`);
      return folder;
    }
    const env = { AWS_CONFIG_FILE: "config", AWS_SHARED_CREDENTIALS_FILE: "credentials" };
    const code = () => ({ input: `${codeOf(seed)}\n` });

    test("is not returned for a configuration file of the same name in another folder", async () => {
      const home = await atHome(env);
      const [one, other] = [await folderWith(home.home, keys), await folderWith(home.home, keys)];
      const inFolder = (cwd: string) => ({ env: home.env, cwd });
      expect((await runPlain(["session", "--code"], { ...inFolder(one), ...code() })).code).toBe(0);
      expect((await runPlain(["session"], inFolder(one))).code).toBe(0);
      expect((await runPlain(["session"], inFolder(other))).code).toBe(8);
    });

    test("is not returned after the credential_process changes", async () => {
      const home = await atHome(env);
      const cwd = await folderWith(home.home, keys);
      await runPlain(["session", "--code"], { env: home.env, cwd, ...code() });
      const file = join(cwd, "config");
      await writeFile(file, (await readFile(file, "utf8")).replace("echo", "/bin/echo"));
      expect((await runPlain(["session"], { env: home.env, cwd })).code).toBe(8);
    });
  });

  test.each([
    ["that others can read", (file: string) => chmod(file, 0o644)],
    ["with other JSON", (file: string) => writeFile(file, '{"Version":1}')],
    ["that is not JSON", (file: string) => writeFile(file, "x")],
  ])("in a file %s is not used", async (_, spoil) => {
    const { withCode, session, folder, files } = await atHome();
    await withCode();
    const [file = ""] = await files();
    await spoil(join(folder, file));
    expect((await session()).code).toBe(8);
    expect((await withCode()).code).toBe(0);
    expect(await files()).toEqual([file]);
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  });
});

describe("aws-mfa session fails before it asks for a code", () => {
  test.each([
    [
      "with an access key that AWS does not recognize",
      "InvalidClientTokenId",
      4,
      "AWS does not recognize the access key",
    ],
    ["with expired credentials", "ExpiredToken", 4, "the session has expired"],
    ["on throttling", "Throttling", 6, "AWS is throttling requests"],
  ])("%s", async (_, fault, code, cause) => {
    const { sit, files } = await atHome();
    aws.fail("GetCallerIdentity", { status: 400, code: fault, message: "no" });
    const terminal = sit();
    expect(await terminal.ends()).toBe(code);
    expect(terminal.screen()).toContain(cause);
    expect(terminal.screen()).not.toContain("MFA code");
    expect(await files()).toEqual([]);
  });

  test("without a network", async () => {
    const { session } = await atHome({ AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
    expect(await session()).toMatchObject({
      code: 6,
      stderr: expect.stringContaining("AWS cannot be reached"),
    });
  });

  test.each([
    ["for a profile that does not exist", "", "none", 4, "Could not get the access keys of the profile none"],
    [
      "for a profile with temporary credentials",
      "[other]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\naws_session_token = y\n",
      "other",
      4,
      "AWS starts a session only from access keys",
    ],
  ])("%s", async (_, credentials, profile, code, problem) => {
    const { home, session } = await atHome();
    await writeFile(join(home, ".aws", "credentials"), credentials);
    const ended = await session("--profile", profile, "--mfa-serial", serial);
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toContain(problem);
    expect(aws.calls).toEqual([]);
  });

  test("for a user without an MFA device", async () => {
    await newMember("newcomer");
    const { env } = await fixture.member("newcomer");
    const { code, stderr } = await runPlain(["session"], { env });
    expect(code).toBe(5);
    expect(stderr).toContain(
      `No MFA device that gives codes is enabled for arn:aws:iam::${ACCOUNT}:user/newcomer.`,
    );
    expect(stderr).toContain("aws-mfa enroll --self");
  });

  test("for a profile that is its own source", async () => {
    const { home, session } = await atHome();
    await writeFile(join(home, ".aws", "credentials"), "");
    await writeFile(
      join(home, ".aws", "config"),
      `[default]\ncredential_process = ${process.execPath} ${COMMAND} session --profile default\n`,
    );
    const { code, stderr } = await session();
    expect(code).toBe(4);
    expect(stderr).toContain("The profile default gets its credentials from aws-mfa session itself.");
  });

  test("if others can write to the session folder", async () => {
    const { session, folder } = await atHome();
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o777);
    const { code, stderr } = await session("--mfa-serial", serial);
    expect(code).toBe(7);
    expect(stderr).toContain("others can write to it");
    expect(aws.calls).toEqual([]);
  });

  test("if the session folder cannot be created", async () => {
    const { home, env } = await atHome();
    const cache = join(home, "cache");
    await writeFile(cache, "");
    const { code, stderr } = await runPlain(["session", "--code"], {
      env: { ...env, XDG_CACHE_HOME: cache },
      input: codeOf(seed),
    });
    expect(code).toBe(7);
    expect(stderr).toContain(`The session cannot be cached in ${cache}`);
    expect(aws.calls).toEqual([]);
  });

  // Root may write anywhere.
  test.skipIf(process.getuid?.() === 0)("if the session folder is read-only", async () => {
    const { withCode, folder } = await atHome();
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o500);
    expect(await withCode()).toMatchObject({ code: 7, stderr: expect.stringContaining("EACCES") });
    expect(aws.calls).toEqual([]);
  });
});
