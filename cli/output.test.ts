import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { writeToPipe } from "./output";
import { timeoutOption } from "./timeout";

describe.skipIf(process.platform === "win32")("a pipe", () => {
  let folder: string;
  let pipe: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "aws-mfa-output-"));
    pipe = join(folder, "pipe");
    spawnSync("mkfifo", [pipe]);
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("passes all output to a late reader, even if it exceeds the pipe's buffer", async () => {
    const long = "é".repeat(300_000);
    const written = writeToPipe(pipe, long);
    const reader = spawn("cat", [pipe], { stdio: ["ignore", "pipe", "inherit"] });
    const [read] = await Promise.all([text(reader.stdout), written]);
    expect(read === long).toBe(true);
  });

  test("without a reader fails after the timeout", async () => {
    timeoutOption().parseArg?.("1", undefined);
    onTestFinished(() => timeoutOption().parseArg?.("20", undefined));
    await expect(writeToPipe(pipe, "a report")).rejects.toThrow("nothing has read from it within 1 s");
  });
});
