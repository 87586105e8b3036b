import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OWNER } from "./owner";
import { createFile, replaceFile } from "./replace-file";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-file-"));
  path = join(folder, "file");
});
afterEach(() => rm(folder, { recursive: true }));

const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

test("a new file is readable only by its owner, and an existing one keeps its mode", async () => {
  await replaceFile(path, "one");
  expect(await modeOf(path)).toBe(0o600);
  await chmod(path, 0o644);
  await replaceFile(path, "two");
  expect(await modeOf(path)).toBe(0o644);
  expect(await readFile(path, "utf8")).toBe("two");
});

test("a symbolic link stays one, and its target gets the new text", async () => {
  const link = join(folder, "link");
  await writeFile(path, "one");
  await symlink("file", link);
  await replaceFile(link, "two");
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(path, "utf8")).toBe("two");
});

test("a new file does not replace an existing link, even a dangling one", async () => {
  await symlink("nowhere", path);
  await expect(createFile(path, "one")).rejects.toMatchObject({ code: "EEXIST" });
  expect(await readdir(folder)).toEqual(["file"]);
});

test("a failed write leaves no file", async () => {
  await expect(replaceFile(folder, "one")).rejects.toMatchObject({ code: "EISDIR" });
  await expect(replaceFile(join(path, "below"), "one")).rejects.toMatchObject({ code: "ENOENT" });
  expect(await readdir(folder)).toEqual([]);
});

test("a temporary file of an ended process is removed, that of any other process is not", async () => {
  const [id, start, host] = OWNER.split(".");
  // An earlier process with the same id, since ids are reused, and one on another computer.
  const gone = `.aws-mfa.${id}.1.${host}.0.tmp`;
  const alive = `.aws-mfa.${OWNER}.7000.tmp`;
  const elsewhere = `.aws-mfa.${id}.${start}.elsewhere.0.tmp`;
  for (const name of [gone, alive, elsewhere]) await writeFile(join(folder, name), "");
  await replaceFile(path, "one");
  expect((await readdir(folder)).sort()).toEqual([alive, elsewhere, "file"].sort());
});
