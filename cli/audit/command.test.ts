import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runPlain } from "../testing/command";

const env = { PATH: process.env.PATH ?? "" };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-audit-command-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("--output writes into an existing named pipe and does not replace it", async () => {
  await writeFile(
    join(folder, "policy.json"),
    '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
  );
  const pipe = join(folder, "pipe");
  await execa("mkfifo", [pipe]);
  const [read, { code }] = await Promise.all([
    execa("cat", [pipe]),
    runPlain(["audit", "policy.json", "--output", pipe], { env, cwd: folder }),
  ]);
  expect(code).toBe(0);
  expect((await stat(pipe)).isFIFO()).toBe(true);
  expect(read.stdout).toContain("unknown  policy  policy.json");
});

test("--state rejects a state nested deeper than 500 levels with exit code 2", async () => {
  const deep = `${"[".repeat(60_000)}${"]".repeat(60_000)}`;
  const role = `{"urn": "urn:pulumi:p::a::t::n", "type": "aws:iam/role:Role", "outputs": {"tags": ${deep}}}`;
  await writeFile(join(folder, "deep.json"), `{"version": 3, "deployment": {"resources": [${role}]}}`);
  const { code, stderr, stdout } = await runPlain(["audit", "--state", "deep.json"], { env, cwd: folder });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("deep.json has values nested deeper than 500 levels.");
});

test("one error names all account options that cannot be combined with paths", async () => {
  const options = ["--role-arn", "arn:aws:iam::111122223333:role/audit", "--profile", "x"];
  const { code, stderr } = await runPlain(["audit", "a", "b", ...options], { env, cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain("--role-arn and --profile are for an account, and paths are given.");
});
