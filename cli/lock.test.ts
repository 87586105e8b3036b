import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { locked } from "./lock";
import { OWNER } from "./owner";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-lock-"));
  path = join(folder, "thing");
});
afterEach(() => rm(folder, { recursive: true }));

const AT_ONCE = { waitMs: 0 };

/** Creates the lock of the process that `owner` names. */
async function heldBy(owner: string) {
  await mkdir(`${path}.lock`);
  await writeFile(join(`${path}.lock`, owner), "");
}

async function endedProcess(): Promise<string> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "close");
  return OWNER.replace(/^\d+/, String(child.pid));
}

test("the lock exists during the work, and is removed afterwards, even if the work fails", async () => {
  const seen = await locked(path, "it", () => readdir(`${path}.lock`));
  expect(seen).toEqual([OWNER]);
  await expect(locked(path, "it", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await readdir(folder)).toEqual([]);
});

test("the lock of an ended process is taken over at once, whatever its date", async () => {
  await heldBy(await endedProcess());
  const future = new Date("2099-01-01");
  await utimes(`${path}.lock`, future, future);
  expect(await locked(path, "it", async () => "done", AT_ONCE)).toBe("done");
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ["that runs on this computer", OWNER, `process ${process.pid} on`],
  ["on another computer", "1.1.elsewhere", "process 1 on elsewhere"],
])("the lock of a process %s is not taken over, and the error names the process", async (_, owner, named) => {
  await heldBy(owner);
  await expect(locked(path, "it", async () => "done", AT_ONCE)).rejects.toMatchObject({
    exit: "busy",
    problem: expect.stringContaining(named),
    remedy: expect.stringContaining("delete that folder"),
  });
  expect(await readdir(folder)).toEqual(["thing.lock"]);
});

test("concurrent runs that take over the same lock get it one at a time", async () => {
  await heldBy(await endedProcess());
  let inside = 0;
  const most: number[] = [];
  const work = async () => {
    most.push(++inside);
    await new Promise(setImmediate);
    inside--;
  };
  await Promise.all(Array.from({ length: 8 }, () => locked(path, "it", work, { waitMs: 60_000 })));
  expect(most).toEqual(Array(8).fill(1));
});
