import { mkdir, readFile, readlink, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Failure, reasonOf, systemCode } from "../failure";
import { locked } from "../lock";
import { createFile, replaceFile } from "../replace-file";
import { CannotEdit } from "./edit";
import { UnreadableIni } from "./ini";
import { FILE_VARIABLE, type FileKind } from "./location";

export interface ConfigFile {
  readonly text: string;
  /** Replaces the text in one step. Returns the path of the backup, if one is kept. */
  replace(text: string): Promise<string | undefined>;
}

/** Far larger than any real file. */
const LARGEST_BYTES = 16 * 1024 * 1024;

/**
 * Reads a configuration file, and locks it against other runs of this command while `work` decides what to write. A file that does not
 * exist is read as empty, and created with mode 0600.
 *
 * @param keepsBackup without it, no copy is left, which could contain an old access key
 * @throws Failure (`file`) if it cannot be read or written, or is not UTF-8; (`busy`) if another run uses it, or another program
 *   changed it
 */
export async function withConfigFile<T>(
  path: string,
  work: (file: ConfigFile) => Promise<T>,
  { kind = "config", keepsBackup = true }: { kind?: FileKind; keepsBackup?: boolean } = {},
): Promise<T> {
  await assertWritable(path, kind);
  return locked(path, "the configuration file", async () => {
    const before = await readConfigText(path);
    const replace = async (text: string) => {
      // Other programs ignore the lock, and a prompt may have been open for minutes.
      if ((await readConfigText(path)) !== before) {
        throw new Failure(
          "busy",
          `${path} was changed by another program.`,
          "Nothing was written. Run this again.",
        );
      }
      try {
        return await replaceText(path, before, text, keepsBackup);
      } catch (error) {
        throw notWritable(path, kind, error);
      }
    };
    return work({ text: before, replace });
  });
}

/**
 * Runs an edit of the file's text.
 *
 * @throws Failure (`file`) if the AWS CLI rejects the text, or the edit would change anything else
 */
export function edited<T>(path: string, edit: () => T, kind: FileKind = "config"): T {
  const otherFile = `or set ${FILE_VARIABLE[kind]} to another file. Nothing was written.`;
  try {
    return edit();
  } catch (error) {
    if (error instanceof UnreadableIni) {
      const problem = `${path}, line ${error.line}: found ${error.found}. The AWS CLI cannot read this file either.`;
      throw new Failure("file", problem, `Fix that line, ${otherFile}`);
    }
    if (error instanceof CannotEdit)
      throw new Failure("file", `${path}: ${error.message}.`, `Fix that, ${otherFile}`);
    throw error;
  }
}

/** The text of the file; empty if there is none. Throws Failure (`file`) as `withConfigFile`. */
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
    throw new Failure("file", `${path} cannot be read: ${reasonOf(error)}.`, "Check its permissions.");
  }
}

/** The backup is on the disk before anything is replaced, and is removed if that fails. */
async function replaceText(
  path: string,
  before: string,
  text: string,
  keepsBackup: boolean,
): Promise<string | undefined> {
  const backup = `${path}.${new Date().toISOString().replaceAll(/[:.]/g, "-")}.bak`;
  const found = keepsBackup ? await stat(path).catch(() => undefined) : undefined;
  if (found) await createFile(backup, before, found);
  try {
    await replaceFile(path, text);
  } catch (error) {
    if (found) await rm(backup, { force: true });
    throw error;
  }
  return found && backup;
}

/** Checked before the work: a rename would replace even a read-only file, and a dangling link. */
async function assertWritable(path: string, kind: FileKind): Promise<void> {
  const variable = FILE_VARIABLE[kind];
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
    if (systemCode(error) !== "ENOENT") throw notWritable(path, kind, error);
    const target = await readlink(path).catch(() => undefined);
    if (target === undefined) return;
    throw new Failure(
      "file",
      `${path} is a link to ${target}, which does not exist.`,
      "Create that file (it can be empty) or remove the link.",
    );
  }
}

function notWritable(path: string, kind: FileKind, error: unknown): Failure {
  return new Failure(
    "file",
    `${path} cannot be written: ${reasonOf(error)}.`,
    `Check its permissions, or set ${FILE_VARIABLE[kind]} to another file.`,
  );
}
