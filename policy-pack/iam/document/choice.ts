import { Choice, Opaque } from "../opaque";
import type { Policy } from "./model";

/** How choices fall, by their ids. */
export type When = ReadonlyMap<string, boolean>;

export interface Case {
  readonly value: unknown;
  readonly when: When;
}

/** What a value can be, as far as it is itself a choice; choices inside it stay. */
export function peel(value: unknown, when: When = new Map()): readonly Case[] {
  if (!(value instanceof Choice)) return [{ value, when }];
  const known = when.get(value.id);
  const branch = (holds: boolean) =>
    known === !holds
      ? []
      : peel(holds ? value.whenTrue : value.whenFalse, new Map(when).set(value.id, holds));
  return [...branch(true), ...branch(false)];
}

/** More choices than this in one statement are not told apart. */
const MOST_CHOICES = 5;

/** Every form that the choices inside a value can give it; `undefined` when there are too many. */
export function cases(value: unknown, when: When): readonly Case[] | undefined {
  const ids = [...idsIn(value, new Set())].filter((id) => !when.has(id));
  if (ids.length === 0 && when.size === 0) return [{ value, when }];
  if (ids.length > MOST_CHOICES) return undefined;
  let all: When[] = [when];
  for (const id of ids)
    all = all.flatMap((each) => [new Map(each).set(id, true), new Map(each).set(id, false)]);
  return all.map((each) => ({ value: decided(value, each), when: each }));
}

/** Deeper than any part of a policy lies. */
const MOST_LEVELS = 20;

function idsIn(value: unknown, found: Set<string>, level = 0): ReadonlySet<string> {
  if (typeof value !== "object" || value === null || value instanceof Opaque || level > MOST_LEVELS)
    return found;
  if (value instanceof Choice) found.add(value.id);
  const inside: readonly unknown[] =
    value instanceof Choice ? [value.whenTrue, value.whenFalse] : Object.values(value);
  for (const each of inside) idsIn(each, found, level + 1);
  return found;
}

/** The value with every choice made; what a choice takes away is gone. */
function decided(value: unknown, when: When, level = 0): unknown {
  if (level > MOST_LEVELS) return value;
  if (value instanceof Choice) {
    return decided(when.get(value.id) === true ? value.whenTrue : value.whenFalse, when, level + 1);
  }
  if (typeof value !== "object" || value === null || value instanceof Opaque) return value;
  if (Array.isArray(value)) {
    return value.map((each: unknown) => decided(each, when, level + 1)).filter((each) => each !== undefined);
  }
  const entries = Object.entries(value).map(([key, each]) => [key, decided(each, when, level + 1)] as const);
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
}

/** More choices than this are not told apart when every one of their outcomes has to be looked at. */
const MOST_OUTCOMES = 6;

/** The policies for every way in which their choices can fall, none left open; `undefined` when there are too many. */
export function outcomes(policies: readonly Policy[]): readonly (readonly Policy[])[] | undefined {
  const statements = policies.flatMap((policy) => policy.statements);
  const ids = new Set(statements.flatMap(({ when }) => [...(when?.keys() ?? [])]));
  if (ids.size > MOST_OUTCOMES) return undefined;
  let all: readonly (readonly Policy[])[] = [policies];
  for (const id of ids) {
    all = all.flatMap((each) =>
      [true, false].map((holds) => each.map((policy) => withChoice(policy, id, holds))),
    );
  }
  return all;
}

function withChoice(policy: Policy, id: string, holds: boolean): Policy {
  const statements = policy.statements.flatMap(({ when, ...statement }) => {
    if (when === undefined) return [statement];
    if (when.get(id) === !holds) return [];
    const rest = new Map([...when].filter(([other]) => other !== id));
    return [{ ...statement, ...(rest.size === 0 ? {} : { when: rest }) }];
  });
  return { ...policy, statements };
}
