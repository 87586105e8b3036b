import { basename, dirname } from "node:path";

/** Groups what a tool reported by its check, and names each document by the folder of its file. */
export function byCheck(
  reported: readonly { readonly check: string; readonly file: string }[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { check, file } of reported) {
    found.set(check, (found.get(check) ?? new Set()).add(basename(dirname(file))));
  }
  return found;
}
