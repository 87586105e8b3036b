import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import execa from "execa";
import { afterAll } from "vitest";

const ROOT = resolve(__dirname, "../..");
const LEFT_OUT = new Set(["node_modules", "dist"]);

/** Removed when the test file that asked for them is done. */
const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function newFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  folders.push(folder);
  return folder;
}

/** One of the repository's packages, built from nothing in a folder of its own and packed as for a release. */
export interface Packed {
  /** The copy of the package's folder in which it was built. */
  readonly folder: string;
  readonly tarball: string;
  /** Paths in the tarball, sorted. */
  readonly files: readonly string[];
}

/** Builds and packs in a copy, so that what an earlier build left in the working tree does not count. */
export async function pack(name: string): Promise<Packed> {
  const home = await newFolder("aws-mfa-packed-");
  const folder = join(home, name);
  await cp(join(ROOT, name), folder, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  await cp(join(ROOT, "tsconfig.json"), join(home, "tsconfig.json"));
  await symlink(join(ROOT, "node_modules"), join(home, "node_modules"), "dir");
  const own = join(ROOT, name, "node_modules");
  if (existsSync(own)) await symlink(own, join(folder, "node_modules"), "dir");
  await execa("npm", ["run", "build"], { cwd: folder });
  const { stdout } = await execa("npm", ["pack", "--loglevel=error"], { cwd: folder });
  const tarball = join(folder, stdout.trim().split("\n").pop() ?? "");
  const listed = await execa("tar", ["-tzf", tarball]);
  const files = listed.stdout.split("\n").map((path) => path.replace(/^package\//, ""));
  return { folder, tarball, files: files.toSorted() };
}

/** Installs tarballs into an empty folder, with production dependencies only, and gives the folder. */
export async function install(...tarballs: readonly string[]): Promise<string> {
  const folder = await newFolder("aws-mfa-installed-");
  await writeFile(join(folder, "package.json"), "{}");
  await execa("npm", ["install", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", ...tarballs], {
    cwd: folder,
  });
  return folder;
}
