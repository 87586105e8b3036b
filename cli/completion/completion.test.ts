import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMAND, runPlain } from "../testing/command";

let home: string;
let env: Record<string, string>;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "aws-mfa-completion-"));
  const file = join(home, "config");
  await writeFile(file, "[default]\nregion = us-east-1\n[profile mfabasedaccess]\n[profile $(touch x)]\n");
  env = { HOME: home, AWS_CONFIG_FILE: file, PATH: process.env.PATH ?? "" };
});
afterAll(() => rm(home, { recursive: true }));

async function completed(...words: string[]) {
  const { code, stdout } = await runPlain(["completion", "--words", "--", ...words], { env });
  expect(code).toBe(0);
  return stdout.split("\n").flatMap((line) => line.split("\t")[0] || []);
}

describe("Tab", () => {
  test.each([
    [["ver"], ["verify"]],
    [
      ["keys", ""],
      ["rotate", "delete-old", "get", "issue"],
    ],
    [
      ["keys", "rotate", "--keep-in", ""],
      ["file", "keyring"],
    ],
    [["verify", "m"], ["mfabasedaccess"]],
    [["verify", "mfabasedaccess", ""], []],
    [["verify", "--j"], ["--json"]],
    [
      ["session", "--profile", ""],
      ["default", "mfabasedaccess"],
    ],
    [
      ["exec", ""],
      ["default", "mfabasedaccess"],
    ],
    [["exec", "mfabasedaccess", "--", "ver"], []],
    [["findings", "--format", "m"], ["markdown"]],
    [["audit", "./"], []],
    [["nonesuch", ""], []],
  ])("completes %j with %j", async (words, expected) => {
    expect(await completed(...words)).toEqual(expected);
  });

  test("offers the commands for an empty word", async () => {
    const found = await completed("");
    expect(found).toContain("completion");
    expect(found.length).toBeGreaterThan(10);
  });
});

/** With aws-mfa on PATH, as if it were installed. */
async function inShell(shell: string, script: string) {
  const folder = await mkdtemp(join(home, "bin-"));
  await writeFile(join(folder, "aws-mfa"), `#!/bin/sh\nexec '${process.execPath}' '${COMMAND}' "$@"\n`, {
    mode: 0o755,
  });
  const { stdout } = await execa(shell, ["-c", script], {
    env: { ...env, PATH: `${folder}:${env.PATH}` },
    extendEnv: false,
  });
  return stdout;
}

const has = (shell: string) => execaSync(shell, ["--version"], { reject: false }).exitCode === 0;

describe("the completion script", () => {
  test("for bash completes commands and profiles", async () => {
    const complete = (words: string) =>
      `COMP_WORDS=(${words}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); _aws_mfa; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const script = `source <(aws-mfa completion bash)\n${complete("aws-mfa st")}\n${complete("aws-mfa verify ''")}`;
    expect((await inShell("bash", script)).split("\n")).toEqual(["status", "default", "mfabasedaccess"]);
  });

  test.skipIf(!has("fish"))(
    "for fish completes commands and profiles (skipped if fish is not installed)",
    async () => {
      const script =
        "aws-mfa completion fish | source; complete -C 'aws-mfa st'; complete -C 'aws-mfa verify '";
      const found = (await inShell("fish", script)).split("\n").map((line) => line.split("\t")[0]);
      expect(found).toEqual(["status", "default", "mfabasedaccess"]);
    },
  );

  test("is refused for an unknown or missing shell, with the list of shells", async () => {
    for (const given of [["tcsh"], []]) {
      const { code, stderr } = await runPlain(["completion", ...given], { env });
      expect(code).toBe(2);
      expect(stderr).toContain("Expected one shell (bash, zsh, fish, powershell)");
    }
  });
});
