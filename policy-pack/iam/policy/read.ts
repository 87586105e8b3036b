import type { DocumentError } from "./model";
import { Unknown } from "./unknown";

/** An unknown part that decides the meaning of a statement. */
export const UNKNOWN = Symbol("unknown");

/** What was read: `undefined` if it was refused. */
export type Read<T> = T | undefined | typeof UNKNOWN;

/** Reads values of a document, and collects all that AWS refuses. */
export class Reader {
  readonly errors: DocumentError[] = [];

  refuse(path: string, found: string, allowed: string): undefined {
    this.errors.push({ path, found, allowed });
    return undefined;
  }

  /** The elements of an object by the names that AWS gives them, in any case. */
  elements(value: unknown, path: string, names: readonly string[]): Map<string, unknown> | undefined {
    if (!isObject(value)) return this.refuse(path, form(value), "an object");
    const elements = new Map<string, unknown>();
    for (const [written, element] of Object.entries(value)) {
      if (element === undefined) continue;
      const name = names.find((each) => each.toLowerCase() === written.toLowerCase());
      const place = join(path, written);
      if (name === undefined) this.refuse(place, "an unknown element", `one of ${names.join(", ")}`);
      else if (elements.has(name)) this.refuse(place, `${name} twice`, "each element once");
      else elements.set(name, element);
    }
    return elements;
  }

  /** One value, or a list of at least one; `undefined` if any of them was refused. */
  list<T>(
    value: unknown,
    path: string,
    read: (value: unknown, path: string) => T | undefined,
  ): T[] | undefined {
    if (!Array.isArray(value)) {
      const entry = read(value, path);
      return entry === undefined ? undefined : [entry];
    }
    if (value.length === 0) return this.refuse(path, "an empty list", "at least one value");
    const entries = value.map((each: unknown, index) => read(each, `${path}[${index}]`));
    return entries.every((entry) => entry !== undefined) ? entries : undefined;
  }

  /** Refuses a name that was seen before. */
  once(seen: Set<string>, name: string, path: string, what: string): void {
    if (seen.has(name)) this.refuse(path, `the same ${what} twice`, `each ${what} once`);
    seen.add(name);
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

export function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** The form of a value, without its content. */
export function form(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return value === "" ? "empty text" : "text of another form";
  if (typeof value === "object") return "an object";
  return `a ${typeof value}`;
}
