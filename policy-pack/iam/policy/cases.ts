import type { Policy } from "./model";
import { Choice, Unknown } from "./unknown";

/** The Booleans of choices, by their ids. */
export type Assignment = ReadonlyMap<string, boolean>;

export interface Case {
  readonly value: unknown;
  readonly when: Assignment;
}

/** The values that a choice can have. Choices inside them stay. */
export function peel(value: unknown, when: Assignment = new Map()): readonly Case[] {
  if (!(value instanceof Choice)) return [{ value, when }];
  const known = when.get(value.id);
  const branch = (holds: boolean) =>
    known === !holds
      ? []
      : peel(holds ? value.whenTrue : value.whenFalse, new Map(when).set(value.id, holds));
  return [...branch(true), ...branch(false)];
}

/** The most forms of one statement that are distinguished. */
const MOST_CASES = 32;

/** Every form that the choices inside a value can give it; `undefined` if there are too many. */
export function cases(value: unknown, when: Assignment): readonly Case[] | undefined {
  const found: Case[] = [];
  const expand = (each: unknown, made: Assignment): boolean => {
    const choice = choiceIn(each);
    if (choice === undefined) return found.push({ value: each, when: made }) <= MOST_CASES;
    return [true, false].every((holds) => {
      const more = new Map(made).set(choice.id, holds);
      return expand(decided(each, more), more);
    });
  };
  return expand(when.size === 0 ? value : decided(value, when), when) ? found : undefined;
}

/** More levels than a policy has. */
const MOST_LEVELS = 20;

/** The first choice inside a value that no other one decides about. */
function choiceIn(value: unknown, level = 0): Choice | undefined {
  if (value instanceof Choice) return value;
  if (typeof value !== "object" || value === null || value instanceof Unknown || level > MOST_LEVELS)
    return undefined;
  for (const each of Object.values(value)) {
    const choice = choiceIn(each, level + 1);
    if (choice !== undefined) return choice;
  }
  return undefined;
}

/** The value with these choices made, without the values that a choice removes. */
export function decided(value: unknown, when: Assignment, level = 0): unknown {
  if (level > MOST_LEVELS) return value;
  const inside = (each: unknown) => decided(each, when, level + 1);
  if (value instanceof Choice) {
    const holds = when.get(value.id);
    if (holds === undefined) return value.with(inside(value.whenTrue), inside(value.whenFalse));
    return inside(holds ? value.whenTrue : value.whenFalse);
  }
  if (typeof value !== "object" || value === null || value instanceof Unknown) return value;
  if (Array.isArray(value)) return value.map(inside).filter((each) => each !== undefined);
  const entries = Object.entries(value).map(([key, each]) => [key, inside(each)] as const);
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
}

/** The most choices whose outcomes are all decided. */
const MOST_OUTCOMES = 6;

/** The policies for every assignment of their choices; `undefined` if there are too many. */
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

/** Whether anything in the policy is unknown, or whether it has more statements. */
export function hasUnknown({ complete, statements }: Policy): boolean {
  const isUnknown = (text: unknown) => text instanceof Unknown;
  return (
    !complete ||
    statements.some(
      ({ principals, actions, resources, conditions, when }) =>
        when !== undefined ||
        principals?.entries.some(({ text }) => isUnknown(text)) === true ||
        actions.entries.some(isUnknown) ||
        resources?.entries.some(isUnknown) === true ||
        conditions.some(({ values }) => values.some(isUnknown)),
    )
  );
}
