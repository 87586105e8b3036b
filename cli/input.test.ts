import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesOf } from "./input";
import { timeoutOption } from "./timeout";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-input-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(path: string, mostBytes = 1024 * 1024): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytesOf(path, mostBytes)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

test("a file is read up to its limit, and a larger one is rejected", async () => {
  const path = join(folder, "file");
  await writeFile(path, "x".repeat(2 * 1024 * 1024));
  expect(await read(path, 2 * 1024 * 1024)).toHaveLength(2 * 1024 * 1024);
  await expect(read(path)).rejects.toThrow("has more than 1 MiB");
  await expect(read("/dev/zero")).rejects.toThrow("has more than 1 MiB");
});

describe.skipIf(process.platform === "win32")("a pipe", () => {
  const pipe = (name: string) => {
    const path = join(folder, name);
    spawnSync("mkfifo", [path]);
    return path;
  };

  test("is read to its end even if the writer pauses", async () => {
    const path = pipe("written");
    const script = 'exec 3> "$0"; printf "a long" >&3; sleep 2; printf " wait" >&3';
    const writer = spawn("/bin/sh", ["-c", script, path], { stdio: "ignore" });
    expect(await read(path)).toBe("a long wait");
    expect(writer.exitCode ?? 0).toBe(0);
  });

  test("without a writer fails after the timeout", async () => {
    timeoutOption().parseArg?.("1", undefined);
    await expect(read(pipe("empty"))).rejects.toThrow("no data from the pipe within 1 s");
  });
});
