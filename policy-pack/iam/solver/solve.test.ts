import fc from "fast-check";
import { expect, test } from "vitest";
import { Budget } from "./budget";
import type { Atom, Clause, Domain, Literal } from "./formula";
import { atomHolds } from "./key-value";
import { exactPattern } from "./pattern";
import { solve } from "./solve";

const ANY: Domain = { presence: "optional", within: [], prefer: [] };

/** Literals about three keys, each with three values or none. */
const atom: fc.Arbitrary<Atom> = fc
  .tuple(
    fc.constantFrom("k", "l", "m"),
    fc.subarray(["a", "b", "c"]),
    fc.constantFrom("one", "every", "some"),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([variable, texts, quantifier, ifAbsent, opposite]): Atom => {
    const id = JSON.stringify([variable, texts, quantifier, ifAbsent, opposite]);
    // Only `Null` asks whether a key is present, and it takes no set operator.
    if (texts.length === 0) {
      return { id, variable, quantifier: "one", opposite: false, ifAbsent: false, test: { kind: "present" } };
    }
    const test = { kind: "text", set: texts.map((text) => exactPattern(text)) } as const;
    return { id, variable, quantifier, opposite: quantifier !== "one" && opposite, ifAbsent, test };
  });
const single = atom.map((each): Atom => ({ ...each, quantifier: "one", opposite: false }));

function clausesOver(literals: fc.Arbitrary<Atom>): fc.Arbitrary<Clause[]> {
  const one: fc.Arbitrary<Literal> = fc.record({ atom: literals, holds: fc.boolean() });
  return fc.array(fc.array(one, { minLength: 1, maxLength: 3 }), { maxLength: 6 });
}

type Values = readonly string[] | undefined;

function satisfies(clauses: readonly Clause[], valuesOf: (variable: string) => Values): boolean {
  return clauses.every((clause) =>
    clause.some((each) => atomHolds(each.atom, valuesOf(each.atom.variable)) === each.holds),
  );
}

const SINGLE: readonly Values[] = [undefined, ["a"], ["b"], ["c"], ["d"]];
const SEVERAL: readonly Values[] = Array.from({ length: 16 }, (_, bits) =>
  bits === 0 ? undefined : ["a", "b", "c", "d"].filter((_text, at) => (bits >> at) % 2 === 1),
);

function* requests(values: readonly Values[]): Generator<(variable: string) => Values> {
  for (const k of values) {
    for (const l of values) {
      for (const m of values) yield (variable) => ({ k, l, m })[variable];
    }
  }
}

function compare(clauses: readonly Clause[], values: readonly Values[]): void {
  const solution = solve({ clauses, domain: () => ANY, budget: new Budget(1_000_000) });
  if (solution.kind === "none") {
    for (const valuesOf of requests(values)) expect(satisfies(clauses, valuesOf)).toBe(false);
  } else if (solution.exact) {
    expect(satisfies(clauses, (variable) => solution.model.get(variable))).toBe(true);
  }
}

test("a request is found exactly if some possible request satisfies the clauses", () => {
  fc.assert(
    fc.property(clausesOver(single), (clauses) => {
      compare(clauses, SINGLE);
      expect(solve({ clauses, domain: () => ANY, budget: new Budget(1_000_000) })).not.toMatchObject({
        exact: false,
      });
    }),
    { numRuns: 1000 },
  );
});

test("an exact answer is correct for set operators on multivalued keys", () => {
  // AWS does not document what a plain operator does with several values.
  const asked = atom.filter(({ quantifier, test }) => quantifier !== "one" || test.kind === "present");
  fc.assert(
    fc.property(clausesOver(asked), (clauses) => compare(clauses, SEVERAL)),
    { numRuns: 200 },
  );
});

test("an exhausted budget never yields none if some request satisfies the clauses", () => {
  fc.assert(
    fc.property(clausesOver(single), fc.nat(10), (clauses, budget) => {
      const solution = solve({ clauses, domain: () => ANY, budget: new Budget(budget) });
      if (solution.kind === "none") {
        for (const valuesOf of requests(SINGLE)) expect(satisfies(clauses, valuesOf)).toBe(false);
      }
    }),
    { numRuns: 1000 },
  );
});
