import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { STS } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf } from "../../local/demo/member";
import { runPlain } from "../testing/command";
import { ACCOUNT, type EnrolledMember, type Fixture, openFixture } from "../testing/fixture";
import { runOnPty } from "../testing/pty";

let fixture: Fixture;
let alice: EnrolledMember;
const role = `arn:aws:iam::${ACCOUNT}:role/MFABasedAccess`;

beforeAll(async () => {
  fixture = await openFixture({ "aws-mfa-stack:users": ["alice"] });
  alice = await fixture.enrolled("alice");
  const flags = ["--role-arn", role, "--mfa-serial", alice.serial, "--region", "eu-west-1"];
  await runPlain(["profile", ...flags], { env: alice.env });
  await runPlain(["profile", ...flags, "--one-code", "--name", "day"], { env: alice.env });
});
afterAll(() => fixture.close());

const sessionOf = (env: Record<string, string>) => ({
  accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
  secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
  sessionToken: env.AWS_SESSION_TOKEN ?? "",
});

/** A Node program, as the arguments that run it. */
const node = (program: string) => ["--", process.execPath, "-e", program];
const SHOW = "console.log(JSON.stringify(process.env))";

describe("aws-mfa exec", () => {
  test("asks for the code at the terminal, and passes the session only to the command", async () => {
    const env = { ...alice.env, AWS_PROFILE: "mfabasedaccess", AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE" };
    const terminal = runOnPty(
      ["exec", "mfabasedaccess", ...node("process.exit(process.env.AWS_SESSION_TOKEN ? 7 : 1)")],
      { env },
    );
    await terminal.sees(`MFA code for ${alice.serial}:`);
    terminal.answers(codeOf(alice.seed));
    expect(await terminal.ends()).toBe(7);
    expect(await readdir(join(alice.home, ".aws"))).not.toContain("cli");
  });

  test("provides a session that AWS accepts, with its region and expiration, without AWS_PROFILE", async () => {
    await runPlain(["session", "--mfa-serial", alice.serial, "--code"], {
      env: alice.env,
      input: codeOf(alice.seed),
    });
    const env = { ...alice.env, AWS_PROFILE: "other" };
    const { code, stdout } = await runPlain(["exec", "day", ...node(SHOW)], { env });
    expect(code).toBe(0);
    const given = JSON.parse(stdout);
    expect(given).toMatchObject({
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_CREDENTIAL_EXPIRATION: expect.stringMatching(/Z$/),
      HOME: alice.home,
    });
    expect(given).not.toHaveProperty("AWS_PROFILE");
    const sts = new STS({
      endpoint: fixture.moto.endpoint,
      region: "us-east-1",
      credentials: sessionOf(given),
    });
    expect((await sts.getCallerIdentity()).Arn).toContain(":assumed-role/MFABasedAccess/");
  });

  test("omits the expiration of a previous session", async () => {
    const file = join(alice.home, "credentials-of-test");
    const keys =
      "aws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\naws_session_token = token";
    await writeFile(file, `[given]\n${keys}\n`);
    const before = { AWS_SHARED_CREDENTIALS_FILE: file, AWS_CREDENTIAL_EXPIRATION: "2030-01-01T00:00:00Z" };
    const { stdout } = await runPlain(["exec", "given", ...node(SHOW)], { env: { ...alice.env, ...before } });
    expect(JSON.parse(stdout)).toMatchObject({ AWS_SESSION_TOKEN: "token" });
    expect(JSON.parse(stdout)).not.toHaveProperty("AWS_CREDENTIAL_EXPIRATION");
  });

  test("passes every argument on unchanged", async () => {
    const words = ["a b", "$HOME", "--code", "--", "*"];
    const show = "console.log(JSON.stringify(process.argv.slice(1)))";
    const { stdout } = await runPlain(["exec", "day", "--", process.execPath, "-e", show, "x", ...words], {
      env: alice.env,
    });
    expect(JSON.parse(stdout)).toEqual(["x", ...words]);
  });

  test("exits with 128 plus the number of the signal that ended the command", async () => {
    const { code } = await runPlain(
      ["exec", "day", ...node("process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 1e6)")],
      {
        env: alice.env,
      },
    );
    expect(code).toBe(128 + 15);
  });

  test("leaves Ctrl-C to the command", async () => {
    const program =
      "process.on('SIGINT', () => process.exit(9)); console.log('ready'); setTimeout(() => {}, 1e6)";
    const terminal = runOnPty(["exec", "day", ...node(program)], { env: alice.env });
    await terminal.sees("ready");
    terminal.presses("\x03");
    expect(await terminal.ends()).toBe(9);
  });

  test("refuses a profile with long-term access keys", async () => {
    const { code, stdout, stderr } = await runPlain(["exec", "default", ...node(SHOW)], { env: alice.env });
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toContain("has long-term access keys, not a session");
  });

  test("reports a command that does not exist", async () => {
    const { code, stderr } = await runPlain(["exec", "day", "--", "no-such-command"], { env: alice.env });
    expect(code).toBe(2);
    expect(stderr).toContain("Cannot run no-such-command: there is no such command on PATH.");
  });
});
