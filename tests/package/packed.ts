import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { cp, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll } from "vitest";
import { cached, cacheFolder, preparedFolder } from "../../local/cache";

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

/**
 * Builds and packs in a copy, so that what an earlier build left in the working tree does not count. The same content is packed once,
 * for all test files and for later runs: the copy is only read.
 */
export async function pack(name: "policy-pack" | "cli" | "infra"): Promise<Packed> {
  const clone = `packed-${name}-${createHash("sha256").update(ROOT).digest("hex").slice(0, 8)}-`;
  const current =
    clone +
    contentOf([
      "policy-pack",
      "cli",
      "infra",
      "tsconfig.json",
      "package-lock.json",
      "tests/package/packed.ts",
    ]);
  if (!existsSync(cached(current))) await removeFromCache(clone);
  const folder = join(await preparedFolder(current, (home) => build(name, home)), name);
  const tarball = join(folder, readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "");
  const listed = await execa("tar", ["-tzf", tarball]);
  const files = listed.stdout.split("\n").map((path) => path.replace(/^package\//, ""));
  return { folder, tarball, files: files.toSorted() };
}

/** What this clone packed before it was changed. */
async function removeFromCache(prefix: string): Promise<void> {
  const names = await readdir(cacheFolder()).catch(() => []);
  const old = names.filter((name) => name.startsWith(prefix) && !name.includes(".unfinished-"));
  for (const name of old) await rm(cached(name), { recursive: true, force: true });
}

async function build(name: string, home: string): Promise<void> {
  const folder = join(home, name);
  await cp(join(ROOT, name), folder, { recursive: true, filter: isSource });
  await cp(join(ROOT, "tsconfig.json"), join(home, "tsconfig.json"));
  await symlink(join(ROOT, "node_modules"), join(home, "node_modules"), "dir");
  const own = join(ROOT, name, "node_modules");
  if (existsSync(own)) await symlink(own, join(folder, "node_modules"), "dir");
  await execa("npm", ["run", "build"], { cwd: folder });
  // Its scripts would build again.
  await execa("npm", ["pack", "--ignore-scripts", "--loglevel=error"], { cwd: folder });
}

const isSource = (path: string) => !LEFT_OUT.has(basename(path));

/** A hash of all files at these paths, with their names. */
function contentOf(paths: readonly string[]): string {
  const hash = createHash("sha256");
  const add = (path: string) => {
    if (!isSource(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).toSorted()) add(join(path, name));
    } else hash.update(path).update(readFileSync(path));
  };
  for (const path of paths) add(join(ROOT, path));
  return hash.digest("hex").slice(0, 16);
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
