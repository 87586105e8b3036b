import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { Failure, systemCode } from "../failure";
import type { Vault } from "./store";

/** Files of mode 0600 in a folder of mode 0700. One that others could read is not trusted, and removed. */
export function fileStore(folder: string): Vault {
  const path = (name: string) => join(folder, `${name}.json`);
  return {
    read: async (name) => {
      try {
        if (process.platform !== "win32" && ((await stat(path(name))).mode & 0o077) !== 0) {
          await rm(path(name), { force: true });
          return undefined;
        }
        return await readFile(path(name), "utf8");
      } catch (error) {
        if (systemCode(error) === "ENOENT") return undefined;
        throw error;
      }
    },
    write: async (name, text) => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFileAtomic(path(name), text, { mode: 0o600 });
      } catch (error) {
        throw new Failure(
          "file",
          `The session cannot be kept in ${folder}: ${systemCode(error) ?? "it cannot be written"}.`,
          "Check who may write there. XDG_CACHE_HOME names another folder.",
        );
      }
    },
    forget: async (name) => {
      try {
        await rm(path(name));
        return true;
      } catch (error) {
        if (systemCode(error) === "ENOENT") return false;
        throw error;
      }
    },
  };
}
