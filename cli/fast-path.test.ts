import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { version } from "./package.json";
import { cacheKey, sessionFolder } from "./session/cache-key";
import { fileStore } from "./session/file-store";
import { toJson } from "./session/session";
import { runPlain } from "./testing/command";
import { runWatched } from "./testing/loaded";

const FAST = ["aws-mfa.js", "fast-path.js"];
const SERIAL = "arn:aws:iam::111122223333:mfa/alice";
const HOUR_MS = 3_600_000;

const sessionFor = (milliseconds: number) => ({
  accessKeyId: "ASIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  sessionToken: "AQoDYXdzEJr1K...o5OytwEXAMPLE=",
  expiration: new Date(Date.now() + milliseconds),
});

let home: string;
let env: Record<string, string>;
/** The file with the session of the profile `default`. */
let file: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "aws-mfa-fast-"));
  env = { HOME: home, XDG_CACHE_HOME: join(home, ".cache"), AWS_MFA_KEYRING: "off" };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ENDPOINT_URL"])
    vi.stubEnv(name, undefined);
  await mkdir(join(home, ".aws"));
  await writeFile(
    join(home, ".aws", "credentials"),
    "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\n",
  );
  file = join(await sessionFolder(), `${await cacheKey("default")}.json`);
  await keep(toJson(sessionFor(HOUR_MS)));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

async function keep(text: string): Promise<void> {
  await fileStore(await sessionFolder()).write(await cacheKey("default"), text);
}

test.each([["--version"], ["-V"]])("%s loads only aws-mfa.js", async (option) => {
  const { code, stdout, loaded } = await runWatched([option], { env });
  expect({ code, stdout, loaded }).toEqual({ code: 0, stdout: version, loaded: ["aws-mfa.js"] });
});

test("a command loads its own code, and no other command's", async () => {
  const { code, loaded } = await runWatched(["verify", "--help"], { env });
  expect(code).toBe(0);
  expect(loaded.filter((name) => /^command-/.test(name))).toHaveLength(1);
});

describe("a session cached in a file", () => {
  test.each([
    [[]],
    [["--profile", "default"]],
    [["--profile", "default", "--mfa-serial", SERIAL, "--region", "eu-central-1"]],
    [["--mfa-serial", "GAHT12345678", "--duration-seconds", "129600"]],
  ])("is returned by the fast path alone, as by the whole command: %j", async (options) => {
    const { loaded, ...ended } = await runWatched(["session", ...options], { env });
    expect(loaded).toEqual(FAST);
    expect(ended).toEqual({ code: 0, stdout: await readFile(file, "utf8"), stderr: "" });
    expect(ended).toEqual(await wholeCommand(["session", ...options]));
  });

  test.each<[string, string[], Record<string, string>]>([
    ["--code", ["--code"], {}],
    ["an invalid profile name", ["--profile", "a b"], {}],
    ["an unknown option", ["--regoin", "eu-central-1"], {}],
    ["an option that is named like a property of every object", ["constructor", "x"], {}],
    ["an invalid region", ["--region", "Frankfurt"], {}],
    ["an invalid device", ["--mfa-serial", "x"], {}],
    ["a duration that is too short", ["--duration-seconds", "899"], {}],
    ["a duration that is too long", ["--duration-seconds", "129601"], {}],
    ["an option without a value", ["--profile"], {}],
    ["an invalid timeout", [], { AWS_MFA_TIMEOUT: "soon" }],
    ["a profile that is its own source", [], { AWS_MFA_SESSION_RUNNING: "default" }],
    ["a configuration file that is a folder", [], { AWS_CONFIG_FILE: "/" }],
  ])("is left to the whole command with %s", async (_, options, more) => {
    const args = ["session", ...options];
    const { loaded, ...ended } = await runWatched(args, { env: { ...env, ...more } });
    expect(loaded).toContain("main.mjs");
    expect(ended).toEqual(await wholeCommand(args, more));
  });

  test.each<[string, () => Promise<void>]>([
    ["about to expire", () => keep(toJson(sessionFor(HOUR_MS / 12)))],
    ["expired", () => keep(toJson(sessionFor(-HOUR_MS)))],
    ["not JSON", () => keep("x")],
    ["null", () => keep("null")],
    ["without a token", () => keep(toJson({ ...sessionFor(HOUR_MS), sessionToken: "" }))],
    ["without a valid date", () => keep(toJson(sessionFor(HOUR_MS)).replace(/"20[^"]*"/, '"soon"'))],
    ["of another version", () => keep(toJson(sessionFor(HOUR_MS)).replace('"Version":1', '"Version":2'))],
    ["readable by others", () => chmod(file, 0o644)],
    ["in a folder that others can write to", async () => chmod(await sessionFolder(), 0o777)],
    ["of another access key", () => writeFile(join(home, ".aws", "credentials"), otherKey)],
  ])("is not returned if it is %s", async (_, spoil) => {
    await spoil();
    const { code, stdout } = await runPlain(["session", "--mfa-serial", SERIAL], { env });
    expect(stdout).toBe("");
    expect([7, 8]).toContain(code);
  });

  test("is left to the whole command, which escapes it, if it is not ASCII", async () => {
    await keep(toJson({ ...sessionFor(HOUR_MS), sessionToken: "a\u009b2Jb" }));
    const { stdout, loaded } = await runWatched(["session"], { env });
    expect(loaded).toContain("main.mjs");
    expect(stdout).toContain("a\\u009b2Jb");
  });
});

const otherKey =
  "[default]\naws_access_key_id = AKIAI44QH8DHBEXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\n";

/** The same without the fast path. */
async function wholeCommand(args: readonly string[], more: Record<string, string> = {}) {
  const main = join(__dirname, "dist", "main.mjs");
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], {
    env: { ...env, ...more },
    extendEnv: false,
    reject: false,
    detached: true,
    stdin: "ignore",
  });
  return { code: exitCode, stdout, stderr };
}
