import { isDeepStrictEqual } from "node:util";
import { Choice, Unknown } from "../iam/policy/unknown";
import { NO_VALUE } from "./parameter";

/** A value that depends on more choices than this counts as unknown. */
const MOST_CHOICES = 8;

/** Applies a function to values for each outcome of the choices among them. */
export function lift(
  values: readonly unknown[],
  apply: (values: readonly unknown[]) => unknown,
  choices = 0,
): unknown {
  const choice = values.find((value) => value instanceof Choice);
  if (choice === undefined) return apply(values);
  if (choices >= MOST_CHOICES) return new Unknown("a value that depends on many conditions");
  const branch = (holds: boolean) =>
    lift(
      values.map((value) => decided(value, choice.id, holds)),
      apply,
      choices + 1,
    );
  return eitherOf(choice, branch(true), branch(false));
}

/** One of two values, by a condition. Choices inside them that the condition already decides are resolved. */
export function graft(condition: unknown, whenTrue: unknown, whenFalse: unknown): unknown {
  if (condition === true) return whenTrue;
  if (condition === false) return whenFalse;
  if (!(condition instanceof Choice)) return new Unknown("Fn::If");
  const { id } = condition;
  const branch = (holds: boolean) =>
    graft(
      holds ? condition.whenTrue : condition.whenFalse,
      decided(whenTrue, id, holds),
      decided(whenFalse, id, holds),
    );
  return eitherOf(condition, branch(true), branch(false));
}

/** A value after one choice is made. */
export function decided(value: unknown, id: string, holds: boolean): unknown {
  if (!(value instanceof Choice)) return value;
  if (value.id === id) return decided(holds ? value.whenTrue : value.whenFalse, id, holds);
  return eitherOf(value, decided(value.whenTrue, id, holds), decided(value.whenFalse, id, holds));
}

/** Every choice inside a value. */
export function choicesIn(value: unknown): readonly Choice[] {
  if (typeof value !== "object" || value === null || value instanceof Unknown) return [];
  if (!(value instanceof Choice)) return Object.values(value).flatMap(choicesIn);
  return [value, ...choicesIn(value.whenTrue), ...choicesIn(value.whenFalse)];
}

/** A choice between two values; the value itself if they are equal. */
export function eitherOf(choice: Choice, whenTrue: unknown, whenFalse: unknown): unknown {
  if (isDeepStrictEqual(whenTrue, whenFalse)) return whenTrue;
  const present = (value: unknown) => (value === NO_VALUE ? undefined : value);
  return choice.with(present(whenTrue), present(whenFalse));
}
