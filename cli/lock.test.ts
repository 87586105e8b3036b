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

/** A lock that a process of this name left, or holds. */
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

test("what a process left that is gone is taken over at once, whatever its date", async () => {
  await heldBy(await endedProcess());
  const future = new Date("2099-01-01");
  await utimes(`${path}.lock`, future, future);
  expect(await locked(path, "it", async () => "done", AT_ONCE)).toBe("done");
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ["of this computer that runs", OWNER, `process ${process.pid} on`],
  ["of another computer", "1.1.elsewhere", "process 1 on elsewhere"],
])("a process %s is waited for, and named where it takes too long", async (_, owner, named) => {
  await heldBy(owner);
  await expect(locked(path, "it", async () => "done", AT_ONCE)).rejects.toMatchObject({
    exit: "busy",
    problem: expect.stringContaining(named),
    remedy: expect.stringContaining("delete that folder"),
  });
  expect(await readdir(folder)).toEqual(["thing.lock"]);
});

test("of many who take over the same lock at once, one after the other has it", async () => {
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
