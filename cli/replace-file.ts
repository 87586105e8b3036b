import { constants, type Stats } from "node:fs";
import { copyFile, link, open, readFile, realpath, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "./failure";
import { withUnfinished } from "./unfinished";

/** Nobody but its owner may read it. */
const PRIVATE = 0o600;

/**
 * Puts `content` into a file in one step: whoever reads it finds what was there or all that is new, also after a crash and
 * on a full disk. Owner and mode of a file that is there are kept, and a link stays one; a new file has mode 0600, whatever
 * the umask.
 *
 * @throws the system's error; the file is as it was then, and nothing is left beside it
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const target = await realpath(path).catch((error) => {
    if (systemCode(error) === "ENOENT") return path;
    throw error;
  });
  const before = await stat(target).catch(() => undefined);
  await withUnfinished(dirname(target), async (unfinished) => {
    await writeWhole(unfinished, content, before);
    await rename(unfinished, target);
  });
  await syncFolder(dirname(target));
}

/**
 * As `replaceFile`, but for a new file: throws `EEXIST` where there is anything already, if only a link.
 *
 * @param like has the owner and the mode that it gets
 */
export async function createFile(path: string, content: string | Uint8Array, like?: Stats): Promise<void> {
  await withUnfinished(dirname(path), async (unfinished) => {
    await writeWhole(unfinished, content, like);
    await link(unfinished, path).catch(async (error) => {
      if (systemCode(error) === "EEXIST") throw error;
      // Some file systems have no hard links.
      await copyFile(unfinished, path, constants.COPYFILE_EXCL);
    });
  });
  await syncFolder(dirname(path));
}

async function writeWhole(
  path: string,
  content: string | Uint8Array,
  like: Stats | undefined,
): Promise<void> {
  const bytes = Buffer.from(content);
  const file = await open(path, "wx", PRIVATE);
  try {
    // It goes on after a write that the system did only in part, as on a disk that is nearly full.
    await file.writeFile(bytes);
    const made = await file.stat();
    if (like && (like.uid !== made.uid || like.gid !== made.gid)) await file.chown(like.uid, like.gid);
    await file.chmod(like === undefined ? PRIVATE : like.mode & 0o7777);
    await file.sync();
  } finally {
    await file.close();
  }
  if (!bytes.equals(await readFile(path))) {
    throw Object.assign(new Error("the file does not contain what was written"), { code: "EIO" });
  }
}

/** So that the new name outlives a loss of power, where the system can promise it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
