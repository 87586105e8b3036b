import type { IntervalSet, Scale } from "./interval";
import type { StringSet } from "./string-constraint";

/** What is asked of one value that a request carries. */
export type Test =
  | { readonly kind: "text"; readonly set: StringSet }
  | { readonly kind: "line"; readonly scale: Scale; readonly set: IntervalSet }
  /** Holds for every value; with `ifAbsent: false` it asks whether the key is there at all. */
  | { readonly kind: "present" }
  /**
   * Its truth depends on something outside the document, such as a policy variable: it may be either. `evenAbsent`:
   * also for an absent key. `unknown`: what decides is a value of the document that is not known yet.
   */
  | { readonly kind: "free"; readonly evenAbsent: boolean; readonly unknown?: true };

/**
 * An atom about one variable of the request (the action, the caller's ARN, a condition key): what holds when it is
 * absent, and what is asked of its values. `one` is a plain operator; `every` and `some` are set operators.
 * Two literals with the same id are the same atom.
 */
export interface Atom {
  readonly id: string;
  readonly variable: string;
  readonly quantifier: "one" | "every" | "some";
  /** Asks each value for the opposite of the test; only with a set operator, elsewhere the literal's sign says it. */
  readonly opposite: boolean;
  readonly ifAbsent: boolean;
  readonly test: Test;
}

/** An atom or its negation. */
export interface Literal {
  readonly atom: Atom;
  readonly holds: boolean;
}

/** At least one of these must hold. */
export type Clause = readonly Literal[];

/** What values a variable can have at all. */
export interface Domain {
  /** Whether every request carries it, or none does. */
  readonly presence: "always" | "optional" | "never";
  readonly within: readonly Test[];
  /** Values to try first, so that a witness reads well. */
  readonly prefer: readonly string[];
}

/** Of a variable that no request has. */
export const NEVER: Domain = { presence: "never", within: [], prefer: [] };

/** Of a variable that every request has. */
export function always(...within: readonly Test[]): Domain {
  return { presence: "always", within, prefer: [] };
}

/** A request's values by variable; `undefined` is an absent key. */
export type Model = ReadonlyMap<string, readonly string[] | undefined>;

export function opposite(literal: Literal): Literal {
  return { atom: literal.atom, holds: !literal.holds };
}
