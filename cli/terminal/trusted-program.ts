import { constants } from "node:fs";
import { access, lstat, readlink } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join, parse, resolve, sep } from "node:path";
import { homeFolder } from "../home";

/** The path of a trusted program, or why there is none. */
export type Found = { readonly path: string } | { readonly problem: string; readonly remedy: string };

/**
 * Looks for a program like a shell, and checks that nobody else could have replaced it: the program, its folders and every link on the way
 * must belong to this person or root, and nobody else may write to them. Windows has no such modes: there it is only located.
 */
export async function trustedProgram(name: string): Promise<Found> {
  const path = await located(name);
  if (path === undefined) {
    return { problem: `${name} is not an executable program`, remedy: "Check the path." };
  }
  const open = process.platform === "win32" ? undefined : await firstOpen(path);
  if (open === undefined) return { path };
  return {
    problem: `${open.path}, on the way to ${path}, ${open.reason}`,
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
  for (const each of folders.flatMap((folder) => endings.map((end) => resolve(folder, `${path}${end}`)))) {
    const isProgram = await access(each, constants.X_OK).then(
      async () => !(await lstat(each)).isDirectory(),
      () => false,
    );
    if (isProgram) return each;
  }
  return undefined;
}

/** The first folder, link or file on the way to `path` that another user owns or can write to. */
async function firstOpen(
  path: string,
): Promise<{ path: string; reason: string; isMine: boolean } | undefined> {
  let at = parse(path).root;
  let rest = path.slice(at.length).split(sep).filter(Boolean);
  for (;;) {
    const found = await lstat(at);
    const isMine = found.uid === process.geteuid?.();
    if (found.uid !== 0 && !isMine) {
      return { path: at, reason: `belongs to another user (user id ${found.uid})`, isMine };
    }
    if (found.isSymbolicLink()) {
      // The mode of a link has no meaning.
      const target = resolve(dirname(at), await readlink(at));
      at = parse(target).root;
      rest = [...target.slice(at.length).split(sep).filter(Boolean), ...rest];
      continue;
    }
    if ((found.mode & 0o022) !== 0) return { path: at, reason: "can be written by other users", isMine };
    const [next, ...further] = rest;
    if (next === undefined) return undefined;
    at = join(at, next);
    rest = further;
  }
}
