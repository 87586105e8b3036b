import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Ended, runPlain, type Setting } from "./command";

/** Runs the command, and also returns the sorted names of the files that Node.js loaded. */
export async function runWatched(
  args: readonly string[],
  setting: Setting,
): Promise<Ended & { readonly loaded: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-loaded-"));
  try {
    const env = { ...setting.env, NODE_V8_COVERAGE: folder };
    const ended = await runPlain(args, { ...setting, env });
    const reports = await Promise.all(
      (await readdir(folder)).map(async (name) => readFile(join(folder, name), "utf8")),
    );
    const urls = reports.flatMap((report) =>
      JSON.parse(report).result.map(({ url }: { url: string }) => url),
    );
    const files = urls.filter((url) => url.startsWith("file:")).map((url) => basename(url));
    return { ...ended, loaded: [...new Set(files)].sort() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
