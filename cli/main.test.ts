import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { COMMAND } from "./rehearsal/command";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "aws-mfa-main-"));
});
afterEach(() => rm(home, { recursive: true }));

test("a command does its work to the end where nobody reads what it prints", async () => {
  const account = "arn:aws:iam::111122223333:";
  const args = ["profile", "--role-arn", `${account}role/any`, "--mfa-serial", `${account}mfa/any`];
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
