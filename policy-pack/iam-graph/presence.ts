import { forcedBy, type Paths, pathsOf } from "../cloudformation";
import type { Assignment } from "../iam/policy/cases";
import type { Document } from "./attached-policies";
import type { Resource } from "./resource";

export const ALWAYS: Paths = [new Map()];

/** The choices for which a resource of a template exists, given that the other one does. */
export function presentBeside({ condition }: Resource, other: Resource): Paths {
  if (condition === undefined || condition === other.condition) return ALWAYS;
  const forced = other.condition === undefined ? new Map<string, boolean>() : forcedBy(other.condition);
  return pathsOf(condition).flatMap((path) => {
    if ([...path].some(([id, holds]) => forced.get(id) === !holds)) return [];
    return [new Map([...path].filter(([id]) => !forced.has(id)))];
  });
}

export function isSure(paths: Paths): boolean {
  return paths.some((path) => path.size === 0);
}

/** These paths, restricted to an assignment. */
export function along(paths: Paths, when: Assignment): Paths {
  return when.size === 0 ? paths : paths.flatMap((path) => both(path, when) ?? []);
}

/** Whether two resources on these paths never exist together. */
export function excludeEachOther(one: Paths, other: Paths): boolean {
  return one.every((path) => other.every((each) => both(path, each) === undefined));
}

/** The limit for `besides`. */
const MOST_PATHS = 64;

/** The part of these paths outside all the others; `undefined` if that is too many paths. */
export function besides(paths: Paths, others: Paths): Paths | undefined {
  let free = paths;
  for (const other of others) {
    free = free.flatMap((path) =>
      [...other].flatMap(([id, holds]) => both(path, new Map([[id, !holds]])) ?? []),
    );
    if (free.length > MOST_PATHS) return undefined;
  }
  return free;
}

/** A document that exists only on these paths. */
export function under(document: Document, paths: Paths): Document {
  if (document.kind !== "policy" || paths === ALWAYS) return document;
  const { policy } = document;
  const statements = paths.flatMap((path) =>
    policy.statements.flatMap((statement) => {
      const when = both(statement.when ?? new Map(), path);
      if (when === undefined) return [];
      const { when: _, ...rest } = statement;
      return [when.size === 0 ? rest : { ...rest, when }];
    }),
  );
  return { ...document, policy: { ...policy, statements } };
}

/** Both assignments at once; `undefined` if they exclude each other. */
function both(one: Assignment, other: Assignment): Assignment | undefined {
  return [...other].some(([id, holds]) => one.get(id) === !holds) ? undefined : new Map([...one, ...other]);
}
