import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { COMMAND } from "../testing/command";

// Plugins and launchers are processes of their own, such as a version manager's pulumi that starts the real one.
describe("a process that an unresponsive pulumi started", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "aws-mfa-pulumi-"));
    await writeFile(join(folder, "Pulumi.yaml"), "name: aws-mfa-stack\nruntime: nodejs\n");
    await writeFile(join(folder, "pulumi"), `#!/bin/sh\nsleep 600 &\necho $! > ${started()}\nwait\n`);
    await chmod(join(folder, "pulumi"), 0o755);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const started = () => join(folder, "started");
  const read = (...options: string[]) =>
    execa(
      process.execPath,
      [COMMAND, "profile", "alice", "--stack", "dev", "--project", folder, ...options],
      {
        env: { HOME: folder, PATH: `${folder}:${process.env.PATH}` },
        extendEnv: false,
        reject: false,
        stdin: "ignore",
      },
    );
  const hasEnded = async () => {
    const id = (await readFile(started(), "utf8")).trim();
    const { stdout } = await execa("ps", ["-o", "stat=", "-p", id], { reject: false });
    return stdout === "" || stdout.startsWith("Z");
  };

  test("is stopped after the timeout", async () => {
    const { exitCode, stderr } = await read("--timeout", "1");
    expect(exitCode).toBe(3);
    expect(stderr).toContain("Pulumi did not answer within 6 s.");
    await expect.poll(hasEnded).toBe(true);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "is stopped when %s ends the command",
    async (signal) => {
      const command = read();
      await expect.poll(() => existsSync(started())).toBe(true);
      await expect.poll(() => readFile(started(), "utf8")).toMatch(/\d\n/);
      command.kill(signal);
      await command;
      await expect.poll(hasEnded).toBe(true);
    },
  );
});
