import { constants, type Stats } from "node:fs";
import { copyFile, link, open, readFile, realpath, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "./failure";
import { withTemporaryPath } from "./temporary-path";

const PRIVATE = 0o600;

/**
 * Replaces a file's content atomically: a reader finds the old or the new content, even after a crash or on a full disk. Owner, mode and
 * links are kept; a new file has mode 0600, whatever the umask.
 *
 * @throws the system's error; the file is then unchanged, and no temporary file is left
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const target = await realpath(path).catch((error) => {
    if (systemCode(error) === "ENOENT") return path;
    throw error;
  });
  const before = await stat(target).catch(() => undefined);
  await withTemporaryPath(dirname(target), async (temporary) => {
    await writeWhole(temporary, content, before);
    await rename(temporary, target);
  });
  await syncFolder(dirname(target));
}

/**
 * As `replaceFile`, but for a new file. Throws `EEXIST` if the path exists, even as a dangling link.
 *
 * @param like the file whose owner and mode it gets
 */
export async function createFile(path: string, content: string | Uint8Array, like?: Stats): Promise<void> {
  await withTemporaryPath(dirname(path), async (temporary) => {
    await writeWhole(temporary, content, like);
    await link(temporary, path).catch(async (error) => {
      if (systemCode(error) === "EEXIST") throw error;
      // Some file systems have no hard links.
      await copyFile(temporary, path, constants.COPYFILE_EXCL);
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
    // Continues after a partial write, as on a disk that is nearly full.
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

/** Makes the new name survive a power failure, if the file system can. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
