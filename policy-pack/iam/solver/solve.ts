import type { Budget } from "./budget";
import type { Clause, Domain, Literal, Model } from "./formula";
import { findValue, type Value } from "./key-value";
import type { Fillings } from "./string-constraint";

/** The part of a question that is the same for every variable. */
export interface Query {
  readonly clauses: readonly Clause[];
  readonly domain: (variable: string) => Domain;
  readonly budget: Budget;
  readonly fillings?: Fillings;
}

export type Solution =
  | { readonly kind: "none" }
  /** `exact`: the model is a concrete request; otherwise it depends on a free atom, or the budget is spent. */
  | { readonly kind: "some"; readonly model: Model; readonly exact: boolean };

/**
 * Decides whether some request satisfies every clause. A small DPLL(T): unit propagation, a theory check of each variable that
 * it touches, then a decision on the clause with the fewest open literals. If the budget is spent, it answers "some", which
 * is the unsafe answer.
 */
export function solve({ clauses, domain, budget, fillings = "some" }: Query): Solution {
  const chosen = new Map<string, Literal>();
  const values = new Map<string, Value | undefined>();
  const remembered = new Map<string, ReturnType<typeof findValue>>();

  /** The variables of literals that were chosen since the last check. */
  let changed = new Set<string>();

  function choose(literal: Literal): void {
    chosen.set(literal.atom.id, literal);
    changed.add(literal.atom.variable);
  }

  /** Whether each changed variable still has a value. */
  function haveValues(): boolean {
    for (const variable of changed) {
      const about = [...chosen.values()].filter((each) => each.atom.variable === variable);
      const key = about.map((each) => `${each.holds ? "+" : "-"}${each.atom.id}`).join("\n");
      let answer = remembered.get(key);
      if (answer === undefined) {
        answer = budget.spend(1 + about.length / 8)
          ? findValue(domain(variable), about, budget, fillings)
          : { kind: "undecided" };
        remembered.set(key, answer);
      }
      if (answer.kind === "none") return false;
      values.set(variable, answer.kind === "found" ? answer.value : undefined);
    }
    changed = new Set();
    return true;
  }

  /** The literals of a clause that are not chosen yet; `undefined` if it holds. */
  function openIn(clause: Clause): Clause | undefined {
    const open: Literal[] = [];
    for (const literal of clause) {
      const known = chosen.get(literal.atom.id);
      if (known === undefined) open.push(literal);
      else if (known.holds === literal.holds) return undefined;
    }
    return open;
  }

  /** Chooses the literal of each clause with one open literal; then the clause with the fewest, if any does not hold yet. */
  function propagate(): Clause | undefined {
    for (;;) {
      let tightest: Clause | undefined;
      let hasUnit = false;
      for (const clause of clauses) {
        const open = openIn(clause);
        if (open?.length === 0) return open;
        if (open?.length === 1) {
          open.forEach(choose);
          hasUnit = true;
        } else if (open && (tightest === undefined || open.length < tightest.length)) tightest = open;
      }
      if (!hasUnit) return tightest;
    }
  }

  function search(): boolean {
    // All unit clauses come before the check, so that no value is searched that the next literal rules out.
    const clause = propagate();
    if (clause?.length === 0 || !haveValues()) return false;
    if (clause === undefined || !budget.spend(1 + clauses.length / 64)) return true;
    const savedChosen = [...chosen];
    const savedValues = [...values];
    const restore = () => {
      chosen.clear();
      for (const [id, literal] of savedChosen) chosen.set(id, literal);
      values.clear();
      for (const [variable, value] of savedValues) values.set(variable, value);
      changed = new Set();
    };
    const refuted: Literal[] = [];
    for (const literal of clause) {
      for (const { atom, holds } of refuted) choose({ atom, holds: !holds });
      choose(literal);
      if (search()) return true;
      restore();
      refuted.push(literal);
    }
    return false;
  }

  if (!search()) return { kind: "none" };
  const model = new Map<string, readonly string[] | undefined>();
  let exact = !budget.spent;
  for (const [variable, value] of values) {
    if (value === undefined) exact = false;
    else {
      exact &&= value.exact;
      // A free atom that may hold for an absent key does not require the key to be absent.
      if (value.exact || value.texts !== undefined) model.set(variable, value.texts);
    }
  }
  return { kind: "some", model, exact };
}
