import type { IntervalSet, Scale } from "./interval";
import type { StringSet } from "./pattern";

/** What is asked of one value that a request carries. */
export type Test =
  /**
   * Holds for texts in `set` alone, and fails for texts outside `surely` alone: the same set, unless AWS does not document
   * which texts pass.
   */
  | { readonly kind: "text"; readonly set: StringSet; readonly surely?: StringSet }
  | { readonly kind: "line"; readonly scale: Scale; readonly set: IntervalSet }
  /** Holds for every value; with `ifAbsent: false` it asks whether the key is present. */
  | { readonly kind: "present" }
  /**
   * May be true or false: something outside the document decides, such as a policy variable. `evenAbsent`: also for an
   * absent key. `unknown`: an unknown value of the document decides.
   */
  | { readonly kind: "free"; readonly evenAbsent: boolean; readonly unknown?: true };

/**
 * An atom about one variable of the request (the action, the caller's ARN, a condition key): its truth when the variable is
 * absent, and the test of its values. `one` is a plain operator; `every` and `some` are set operators.
 * Two literals with the same id have the same atom.
 */
export interface Atom {
  readonly id: string;
  readonly variable: string;
  readonly quantifier: "one" | "every" | "some";
  /** Negates the test of each value. Only with a set operator; otherwise the literal's sign negates. */
  readonly opposite: boolean;
  readonly ifAbsent: boolean;
  readonly test: Test;
}

/** An atom or its negation. */
export interface Literal {
  readonly atom: Atom;
  readonly holds: boolean;
}

/** A disjunction: at least one literal holds. */
export type Clause = readonly Literal[];

/** A conjunction: all literals hold. `never` is the one that cannot be met. */
export type Cube = readonly Literal[] | "never";

/** The values that a variable can have. */
export interface Domain {
  /** Whether every request carries it, or none does. */
  readonly presence: "always" | "optional" | "never";
  readonly within: readonly Test[];
  /** Values to try first, so that a witness reads well. */
  readonly prefer: readonly string[];
}

/** The domain of a variable that no request carries. */
export const NEVER: Domain = { presence: "never", within: [], prefer: [] };

/** The domain of a variable that every request carries. */
export function always(...within: readonly Test[]): Domain {
  return { presence: "always", within, prefer: [] };
}

/** The domain of a variable whose only values are these texts. */
export function oneOf(set: StringSet): Domain {
  return always({ kind: "text", set });
}

/** A request's values by variable; `undefined` is an absent key. */
export type Model = ReadonlyMap<string, readonly string[] | undefined>;

/** That a variable's values pass a test. False for an absent one, unless the test is free even then. */
export function literal(variable: string, id: string, test: Test): Literal {
  return { atom: { id, variable, quantifier: "one", opposite: false, ifAbsent: false, test }, holds: true };
}

/** The negation. Of what surely holds it is what may not hold, and the reverse. */
export function opposite({ atom, holds }: Literal): Literal {
  const { test } = atom;
  if (test.kind !== "text" || test.surely === undefined) return { atom, holds: !holds };
  return { atom: { ...atom, test: { ...test, set: test.surely, surely: test.set } }, holds: !holds };
}

/** The negation of a conjunction; `undefined` if that always holds. */
export function negation(cube: Cube): Clause | undefined {
  return cube === "never" ? undefined : cube.map(opposite);
}

/** A conjunction as clauses of one literal. */
export function unitClauses(literals: readonly Literal[]): Clause[] {
  return literals.map((each) => [each]);
}

/** The conjunction of literals and truth values. */
export function conjunction(...parts: readonly (boolean | Literal)[]): Cube {
  return parts.includes(false) ? "never" : parts.filter((each) => typeof each !== "boolean");
}
