import { constants, type Stats } from "node:fs";
import { mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure, reasonOf, systemCode } from "../failure";
import { replaceFile } from "../replace-file";
import type { SecretStore } from "./secret-store";

/**
 * Files of mode 0600 in a folder of mode 0700. One that others could read, or that is not the person's own, is not
 * trusted, and removed. Nothing is read from a folder that others may write in: they could have put a session there.
 *
 * @param what is kept, for messages
 */
export function fileStore(folder: string, what = "session"): SecretStore {
  const path = (name: string) => join(folder, `${name}.json`);
  return {
    read: async (name) => {
      try {
        if (!isOwn(await stat(folder))) return undefined;
        const file = await open(path(name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
        try {
          if (isPrivate(await file.stat())) return await file.readFile("utf8");
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
      try {
        await makeSecretFolder(folder, what);
        await replaceFile(path(name), text);
      } catch (error) {
        throw cannotKeep(folder, what, error);
      }
    },
    forget: async (name) => {
      try {
        await rm(path(name));
        return true;
      } catch (error) {
        if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return false;
        throw new Failure(
          "file",
          `${path(name)} cannot be deleted: ${systemCode(error) ?? "unknown"}.`,
          "Check the folder's permissions, or delete it yourself.",
        );
      }
    },
  };
}

/** Throws Failure (`file`) where the folder cannot be made, or somebody else could put links into it. */
export async function makeSecretFolder(folder: string, what = "session"): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (isOwn(await stat(folder))) return;
  } catch (error) {
    throw cannotKeep(folder, what, error);
  }
  throw new Failure(
    "file",
    `The ${what} cannot be cached in ${folder}: others can write to it, or another user owns it.`,
    `Own it, and close it to others: chmod 700 '${folder}'. On Linux XDG_CACHE_HOME sets another folder.`,
  );
}

function cannotKeep(folder: string, what: string, error: unknown): Failure {
  return new Failure(
    "file",
    `The ${what} cannot be cached in ${folder}: ${reasonOf(error)}.`,
    "Check its permissions. On Linux XDG_CACHE_HOME sets another folder.",
  );
}

function isOwn({ mode, uid }: Stats): boolean {
  return process.platform === "win32" || ((mode & 0o022) === 0 && uid === process.getuid?.());
}

/** Windows has no such modes: there the folder lies in the person's own profile. */
function isPrivate({ mode, uid }: Stats): boolean {
  return process.platform === "win32" || ((mode & 0o077) === 0 && uid === process.getuid?.());
}
