import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { COMMAND, runPlain } from "./testing/command";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "aws-mfa-main-"));
});
afterEach(() => rm(home, { recursive: true }));

test("a command completes its work even if nobody reads its output", async () => {
  const account = "arn:aws:iam::111122223333:";
  const args = [
    "profile",
    "--role-arn",
    `${account}role/any`,
    "--mfa-serial",
    `${account}mfa/any`,
    "--region",
    "eu-central-1",
  ];
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const code = await new Promise((done) => child.on("close", done));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(await readFile(join(home, ".aws", "config"), "utf8")).toContain("[profile mfabasedaccess]");
});

test.each([["help", "audti"], ["audti"], ["audti", "--help"]])(
  "an unknown command is an error that suggests the nearest one: %s %s",
  async (...args) => {
    const { code, stdout, stderr } = await runPlain(args, { env: { HOME: home } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/unknown command 'audti'\n.*audit/);
  },
);

test.each([
  [["help", "audit"], /^Usage: aws-mfa audit /],
  [["audit", "--help"], /^Usage: aws-mfa audit /],
  [["help"], /users.*administrators.*auditors and CI/is],
  [["--help"], /users.*administrators.*auditors and CI/is],
])("help is available as %j", async (args, text) => {
  const { code, stdout } = await runPlain(args, { env: { HOME: home } });
  expect(code).toBe(0);
  expect(stdout).toMatch(text);
});

test.each([
  ["replace", [], "missing required argument 'user'"],
  ["findings", ["log", "--format", "x"], "Allowed choices"],
  ["enroll", ["a", "b"], "too many arguments"],
  ["audit", ["--formt"], "--format?"],
])("a mistake in the command line of %s points to its help", async (name, args, found) => {
  const { code, stderr } = await runPlain([name, ...args], { env: { HOME: home } });
  expect(code).toBe(2);
  expect(stderr).toContain(found);
  expect(stderr).toContain(`(see aws-mfa ${name} --help)`);
});

test.skipIf(!existsSync("/dev/full"))(
  "output that cannot be written is an error with exit code 7",
  async () => {
    const args = ["-c", '"$0" "$1" --help > /dev/full', process.execPath, COMMAND];
    const { exitCode, stderr } = await execa("/bin/sh", args, { reject: false, env: { HOME: home } });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 7,
      stderr: "Cannot write the output: the disk is full (ENOSPC).",
    });
  },
);

// Only root can run a command as a user id that the system does not know.
test.skipIf(process.getuid?.() !== 0).each([
  ["--version", 0, ""],
  ["--help", 0, ""],
  ["session", 7, "No home folder: HOME is not set, and the system has none for user id 4242."],
  ["audit", 2, "No home folder"],
])("without a home folder, %s exits with %i", async (arg, code, said) => {
  const as = { uid: 4242, gid: 4242, env: {}, extendEnv: false, cwd: "/", reject: false };
  const { exitCode, stderr } = await execa(process.execPath, [COMMAND, arg], as);
  expect(exitCode).toBe(code);
  expect(stderr).toContain(said);
});

test("a control character in the command line is refused and shown escaped", async () => {
  const { code, stderr } = await runPlain(["verify", "--profile", "a\n\x1b[2Kb"], { env: { HOME: home } });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: "The command line contains a control character: a\\u000a\\u001b[2Kb\nRemove it.",
  });
});
