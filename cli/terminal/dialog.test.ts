import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { spawnOnPty } from "../testing/pty";
import { codeFromDialog, mayHaveDialog } from "./dialog";

const QUESTION = "MFA code for arn:aws:iam::111122223333:mfa/alice:";
/** Debian's package of the same name. */
const PINENTRY = "/usr/bin/pinentry-tty";

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(homedir(), ".aws-mfa-test-")));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** A stand-in for the program of that name, which keeps the arguments that it is given. */
async function standIn(name: string, body: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\nprintf '%s\\n' "$@" >"${folder}/arguments"\n${body}\n`);
  await chmod(path, 0o700);
  vi.stubEnv("AWS_MFA_DIALOG", path);
  return path;
}

// None of these programs was run: each stand-in does what the program's documentation says.
describe.each(["zenity", "kdialog", "osascript", "powershell"])("a stand-in for %s", (name) => {
  test("gets the question and returns the code", async () => {
    await standIn(name, 'echo "$AWS_MFA_QUESTION" >>"$(dirname "$0")/arguments"; echo 123456');
    expect(await codeFromDialog(QUESTION)).toBe("123456");
    expect(await readFile(join(folder, "arguments"), "utf8")).toContain(QUESTION);
  });

  test("ends the prompt if it is canceled", async () => {
    await standIn(name, "exit 1");
    await expect(codeFromDialog(QUESTION)).rejects.toThrow("Nothing was entered in the window.");
  });
});

test.skipIf(!existsSync(PINENTRY))(
  "pinentry asks for the code, and again after an invalid one (skipped if /usr/bin/pinentry-tty is not installed)",
  async () => {
    const script = 'tty >"$0"; sleep 600';
    const screen = spawnOnPty("/bin/sh", ["-c", script, join(folder, "tty")], { env: { TERM: "xterm" } });
    await expect.poll(() => readFile(join(folder, "tty"), "utf8").catch(() => "")).toContain("/dev/");
    vi.stubEnv("AWS_MFA_DIALOG", PINENTRY);
    vi.stubEnv("GPG_TTY", (await readFile(join(folder, "tty"), "utf8")).trim());
    const code = codeFromDialog(QUESTION);
    await screen.sees(QUESTION);
    screen.answers("12345");
    await screen.sees("Expected six digits.");
    screen.answers("123456");
    expect(await code).toBe("123456");
    screen.kill("SIGKILL");
    await screen.ends();
  },
);

test("there is no dialog without a display, or if AWS_MFA_DIALOG is off", async () => {
  vi.stubEnv("AWS_MFA_DIALOG", "off");
  expect(mayHaveDialog()).toBe(false);
  expect(await codeFromDialog(QUESTION)).toBeUndefined();
  vi.stubEnv("AWS_MFA_DIALOG", "");
  for (const name of ["DISPLAY", "WAYLAND_DISPLAY"]) vi.stubEnv(name, "");
  if (process.platform === "linux") expect(mayHaveDialog()).toBe(false);
});

test("a dialog program that others can write to is not run", async () => {
  await chmod(await standIn("zenity", "echo 123456"), 0o777);
  expect(await codeFromDialog(QUESTION)).toBeUndefined();
});
