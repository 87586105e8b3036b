import { constants, type Stats } from "node:fs";
import { mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure, reasonOf, systemCode } from "../failure";
import { replaceFile } from "../replace-file";
import type { SecretStore } from "./secret-store";

/**
 * Files of mode 0600 in a folder of mode 0700. A file that others can read, or that another user owns, is deleted. Nothing is read from
 * a folder that others can write to: they could have planted a session.
 *
 * @param what the kind of secret, for messages
 */
export function fileStore(folder: string, what = "session"): SecretStore {
  const path = (name: string) => join(folder, `${name}.json`);
  return {
    read: async (name) => {
      try {
        if (!isOwn(await stat(folder), OTHERS_WRITE)) return undefined;
        const file = await open(path(name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
        try {
          if (isOwn(await file.stat(), OTHERS_ANY)) return await file.readFile("utf8");
        } finally {
          await file.close();
        }
        await rm(path(name), { force: true });
        return undefined;
      } catch (error) {
        if (systemCode(error) === "ENOENT") return undefined;
        throw error;
      }
    },
    write: async (name, text) => {
      await makeSecretFolder(folder, what);
      await replaceFile(path(name), text).catch((error) => {
        throw cannotCache(folder, what, error);
      });
    },
    forget: async (name) => {
      try {
        await rm(path(name));
        return true;
      } catch (error) {
        if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return false;
        throw new Failure(
          "file",
          `${path(name)} cannot be deleted: ${reasonOf(error)}.`,
          "Check the folder's permissions, or delete it yourself.",
        );
      }
    },
  };
}

/** Throws Failure (`file`) if the folder cannot be created, or others could put links into it. */
export async function makeSecretFolder(folder: string, what = "session"): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (isOwn(await stat(folder), OTHERS_WRITE)) return;
  } catch (error) {
    throw cannotCache(folder, what, error);
  }
  throw new Failure(
    "file",
    `The ${what} cannot be cached in ${folder}: others can write to it, or another user owns it.`,
    `Take ownership of it, and remove others' access: chmod 700 '${folder}'. On Linux, XDG_CACHE_HOME sets another folder.`,
  );
}

function cannotCache(folder: string, what: string, error: unknown): Failure {
  return new Failure(
    "file",
    `The ${what} cannot be cached in ${folder}: ${reasonOf(error)}.`,
    "Check its permissions. On Linux, XDG_CACHE_HOME sets another folder.",
  );
}

const [OTHERS_WRITE, OTHERS_ANY] = [0o022, 0o077];

/** Windows has no such modes: its folder is in the user's own profile. */
function isOwn({ mode, uid }: Stats, forbidden: number): boolean {
  return process.platform === "win32" || ((mode & forbidden) === 0 && uid === process.getuid?.());
}
