import { constants } from "node:fs";
import { access, lstat, readlink } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join, parse, resolve, sep } from "node:path";
import { homeFolder } from "../home";

/** A program that only its owner, this person or root, can change; or why it is not one. */
export type Found = { readonly path: string } | { readonly mistake: string; readonly remedy: string };

/**
 * Looks for a program as a shell would, and whether anybody else could have put another one in its place: it, its folders and every link
 * on the way have to belong to this person or root, and nobody else may write them. Windows has no such modes: there it is found alone.
 */
export async function trustedProgram(name: string): Promise<Found> {
  const path = await located(name);
  if (path === undefined)
    return { mistake: `${name} is not an executable program`, remedy: "Check the path." };
  if (process.platform === "win32") return { path };
  const open = await firstOpen(path);
  if (open === undefined) return { path };
  return {
    mistake: `${open.path}, on the way to ${path}, ${open.reason}`,
    remedy: open.isMine
      ? `Remove others' write access: chmod go-w '${open.path}'`
      : "Use a copy of the program in a folder that only you can write to.",
  };
}

async function located(name: string): Promise<string | undefined> {
  const path = /^~[\\/]/.test(name) ? join(homeFolder(), name.slice(2)) : name;
  const isPath = isAbsolute(path) || /[\\/]/.test(path);
  const folders = isPath ? [""] : (process.env.PATH ?? "").split(delimiter).filter(isAbsolute);
  const endings = process.platform === "win32" ? ["", ".exe"] : [""];
  for (const folder of folders) {
    for (const ending of endings) {
      const each = resolve(folder, `${path}${ending}`);
      const isProgram = await access(each, constants.X_OK).then(
        async () => !(await lstat(each)).isDirectory(),
        () => false,
      );
      if (isProgram) return each;
    }
  }
  return undefined;
}

const MOST_LINKS = 40;

/** The first folder, link or file on the way to `path` that somebody else owns or may write. */
async function firstOpen(
  path: string,
): Promise<{ path: string; reason: string; isMine: boolean } | undefined> {
  let links = 0;
  let at = parse(path).root;
  let rest = path.slice(at.length).split(sep).filter(Boolean);
  for (;;) {
    const found = await lstat(at);
    const isLink = found.isSymbolicLink();
    const isMine = found.uid === process.geteuid?.();
    if (found.uid !== 0 && !isMine) {
      return { path: at, reason: `belongs to another user (user id ${found.uid})`, isMine };
    }
    // What a link's own mode says means nothing.
    if (!isLink && (found.mode & 0o022) !== 0)
      return { path: at, reason: "can be written by other users", isMine };
    if (isLink) {
      if (++links > MOST_LINKS) return { path: at, reason: "is part of a loop of symbolic links", isMine };
      const target = resolve(dirname(at), await readlink(at));
      at = parse(target).root;
      rest = [...target.slice(at.length).split(sep).filter(Boolean), ...rest];
      continue;
    }
    const [next, ...further] = rest;
    if (next === undefined) return undefined;
    at = join(at, next);
    rest = further;
  }
}
