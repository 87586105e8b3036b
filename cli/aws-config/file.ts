import { mkdir, readFile, readlink, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Failure, reasonOf, systemCode } from "../failure";
import { locked } from "../lock";
import { createFile, replaceFile } from "../replace-file";
import { CannotEdit } from "./edit";
import { UnreadableIni } from "./ini";

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
  /** Replaces the text in one step. Gives the path of the copy of what was there before, if one is kept. */
  replace(text: string): Promise<string | undefined>;
}

/** What differs between the two files that the AWS CLI reads. */
interface FileTraits {
  /** The variable that names another file. */
  readonly variable: string;
  /** A copy of access keys would outlive them. */
  readonly keepsCopy: boolean;
}

export const CONFIG: FileTraits = {
  variable: "AWS_CONFIG_FILE",
  keepsCopy: true,
};

export const CREDENTIALS: FileTraits = {
  variable: "AWS_SHARED_CREDENTIALS_FILE",
  keepsCopy: false,
};

/**
 * Reads a configuration file and keeps other runs of this command away from it while `work` decides what to write.
 * A file that is not there is read as empty and made with mode 0600 when it is written.
 *
 * @throws Failure (`file`) where it cannot be read, is not UTF-8, or could not be written; (`busy`) where another run
 *   is at it, or it was changed meanwhile
 */
export async function withConfigFile<T>(
  path: string,
  work: (file: ConfigFile) => Promise<T>,
  traits: FileTraits = CONFIG,
): Promise<T> {
  await writable(path, traits);
  return locked(path, "the configuration file", async () => work(await opened(path, traits)));
}

/**
 * Runs an edit of the file's text.
 *
 * @throws Failure (`file`) where the AWS CLI would not read the text, or the edit would touch something else
 */
export function edited<T>(path: string, edit: () => T, { variable }: FileTraits = CONFIG): T {
  try {
    return edit();
  } catch (error) {
    if (error instanceof UnreadableIni) {
      throw new Failure(
        "file",
        `${path}, line ${error.line}: found ${error.found}. The AWS CLI cannot read this file either.`,
        `Fix that line, or set ${variable} to another file. Nothing was written.`,
      );
    }
    if (error instanceof CannotEdit) {
      throw new Failure(
        "file",
        `${path}: ${error.message}.`,
        `Fix that, or set ${variable} to another file. Nothing was written.`,
      );
    }
    throw error;
  }
}

/** Far more than anybody's profiles. */
const LARGEST_BYTES = 16 * 1024 * 1024;

/** The text of the file; empty where there is none. Throws Failure (`file`) as `withConfigFile`. */
export async function readConfigText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_BYTES) {
      throw new Failure(
        "file",
        `${path} is too large: expected at most ${LARGEST_BYTES} bytes, got ${size}.`,
        "Check its contents. Nothing was changed.",
      );
    }
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "";
    if (error instanceof Failure) throw error;
    if (error instanceof TypeError) {
      throw new Failure("file", `${path} is not UTF-8 text.`, "Save it as UTF-8, then run this again.");
    }
    throw unusable(path, "read", error);
  }
}

async function opened(path: string, traits: FileTraits): Promise<ConfigFile> {
  const before = await readConfigText(path);
  return {
    path,
    text: before,
    replace: async (text) => {
      // Other programs do not know of the lock, and somebody may have been asked for minutes.
      if ((await readConfigText(path)) !== before) {
        throw new Failure(
          "busy",
          `${path} was changed by another program.`,
          "Nothing was written. Run this again.",
        );
      }
      try {
        return await replace(path, before, text, traits);
      } catch (error) {
        throw unusable(path, "written", error, traits);
      }
    },
  };
}

/** The copy is on the disk before anything is replaced, and goes again where that fails. */
async function replace(
  path: string,
  before: string,
  text: string,
  { keepsCopy }: FileTraits,
): Promise<string | undefined> {
  const backup = `${path}.${new Date().toISOString().replaceAll(/[:.]/g, "-")}.bak`;
  const found = keepsCopy ? await stat(path).catch(() => undefined) : undefined;
  if (found) await createFile(backup, before, found);
  try {
    await replaceFile(path, text);
  } catch (error) {
    if (found) await rm(backup, { force: true });
    throw error;
  }
  return found && backup;
}

/** A rename would replace a read-only file too, which whoever made it so does not expect. */
async function writable(path: string, traits: FileTraits): Promise<void> {
  const { variable } = traits;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const found = await stat(path);
    if (!found.isFile()) {
      throw new Failure("file", `${path} is not a file.`, `Set ${variable} to a file, or unset it.`);
    }
    const own = process.geteuid?.();
    if (own !== undefined && own !== 0 && found.uid !== own) {
      throw new Failure(
        "file",
        `${path} is owned by another user (user id ${found.uid}; yours is ${own}).`,
        `Set ${variable} to a file you own.`,
      );
    }
    if ((found.mode & 0o222) === 0) {
      throw new Failure(
        "file",
        `${path} is read-only.`,
        `Make it writable, or set ${variable} to another file.`,
      );
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (systemCode(error) !== "ENOENT") throw unusable(path, "written", error, traits);
    await assertNoLinkToNothing(path);
  }
}

/** Such a link would be replaced by a file. Called where there is nothing to be read at `path`. */
async function assertNoLinkToNothing(path: string): Promise<void> {
  const target = await readlink(path).catch(() => undefined);
  if (target === undefined) return;
  throw new Failure(
    "file",
    `${path} is a link to ${target}, which does not exist.`,
    "Create that file (it can be empty) or remove the link.",
  );
}

function unusable(
  path: string,
  how: "read" | "written",
  error: unknown,
  { variable }: FileTraits = CONFIG,
): Failure {
  const remedy =
    how === "read" ? "Check its permissions." : `Check its permissions, or set ${variable} to another file.`;
  return new Failure("file", `${path} cannot be ${how}: ${reasonOf(error)}.`, remedy);
}
