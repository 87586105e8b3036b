import { Choice, identityOf, Unknown } from "../iam/policy/unknown";
import { choicesIn, decided, graft, lift } from "./choice";
import { isObject, type Values } from "./model";
import type { Parameters } from "./parameter";

/** When something holds: always, never, or depending on choices. */
export type Tree = true | false | Choice;

/** The assignments of choices, by their ids, for which a tree is true: a disjunction of conjunctions. */
export type Paths = readonly ReadonlyMap<string, boolean>[];

/** Comparisons of a parameter with more values than this are independent of each other. */
const MOST_VALUES = 3;

/**
 * The conditions of a template, by name, as trees of comparisons of the parameters. Two comparisons of one parameter with
 * different values exclude each other, and one of its allowed values is its value.
 * Source: CloudFormation user guide, "Condition functions".
 */
export class Conditions {
  private readonly trees = new Map<string, Tree>();
  private readonly reading = new Set<string>();
  private readonly declared: Values;
  private comparedWith: ReadonlyMap<string, readonly string[]> | undefined;
  private assumed: ReadonlyMap<string, boolean> = new Map();
  /** Choices that are known to hold. */
  private held: readonly Choice[] = [];

  constructor(
    declared: unknown,
    private readonly parameters: Parameters,
    private readonly resolve: (value: unknown) => unknown,
  ) {
    this.declared = isObject(declared) ? declared : {};
  }

  /** Assumes from here on that this holds; `undefined`: nothing. */
  assume(tree: Tree | undefined): void {
    this.assumed = tree === undefined ? new Map() : forcedBy(tree);
    this.held = choicesIn(tree).filter(({ id }) => this.assumed.get(id) === true);
  }

  /** Reads a value under the assumption: each parameter that it equates with a text is known. */
  read<T>(read: () => T): T {
    return this.held.reduce((inner, choice) => () => this.where(choice, inner), read)();
  }

  /** Reads a value where a choice holds: a parameter that it equates with a text is known. */
  where<T>({ equals }: Choice, read: () => T): T {
    const name = equals && this.parameters.nameOf(equals.unknown);
    if (equals === undefined || name === undefined) return read();
    // Collects the comparisons before anything is assumed.
    this.valuesOf(equals.unknown);
    this.parameters.assume(name, equals.text);
    this.trees.clear();
    const result = read();
    this.parameters.assume(name, undefined);
    this.trees.clear();
    return result;
  }

  /** A choice inside the value that equates a parameter in use with a text. */
  comparing(value: unknown): Choice | undefined {
    return choicesIn(value).find(({ equals }) => {
      const name = equals && this.parameters.nameOf(equals.unknown);
      return name !== undefined && this.parameters.used.has(name);
    });
  }

  /** When the condition of this name holds, under the assumption. */
  named(name: unknown): Tree {
    const tree = this.treeOf(nameOf(name));
    let restricted: unknown = tree;
    for (const [id, holds] of this.assumed) restricted = decided(restricted, id, holds);
    return isTree(restricted) ? restricted : tree;
  }

  private treeOf(name: string): Tree {
    const before = this.trees.get(name);
    if (before !== undefined) return before;
    const isKnown = Object.hasOwn(this.declared, name) && !this.reading.has(name);
    this.reading.add(name);
    const tree = isKnown ? this.tree(this.declared[name]) : this.unknown(name);
    this.reading.delete(name);
    this.trees.set(name, tree);
    return tree;
  }

  private unknown(what: string): Choice {
    return new Choice(`${this.parameters.scope}condition ${what}`, true, false);
  }

  private tree(expression: unknown): Tree {
    const [[name, argument] = [], ...more] = isObject(expression) ? Object.entries(expression) : [];
    const list: readonly unknown[] = Array.isArray(argument) ? argument : [];
    let tree: unknown;
    if (name === "Condition" && more.length === 0) tree = this.treeOf(nameOf(argument));
    else if (name === "Fn::Equals" && list.length === 2) tree = this.equal(list);
    else if (name === "Fn::Not") tree = graft(this.tree(list[0]), false, true);
    else if (name === "Fn::And") tree = all(list.map((each) => this.tree(each)));
    else if (name === "Fn::Or") {
      tree = graft(all(list.map((each) => graft(this.tree(each), false, true))), false, true);
    }
    return isTree(tree) ? tree : this.unknown(JSON.stringify(expression));
  }

  private equal(operands: readonly unknown[]): unknown {
    return lift(
      operands.map((each) => this.resolve(each)),
      ([a, b]) => {
        const [unknown, other] = a instanceof Unknown ? [a, b] : [b, a];
        if (!(unknown instanceof Unknown)) return identity(a) === identity(b);
        const id = `${identity(unknown)} = `;
        if (identity(unknown) === identity(other)) return true;
        if (typeof other === "object" || other === undefined) {
          return new Choice(id + identity(other), true, false);
        }
        const value = String(other);
        const either = (text: string, whenTrue: Tree, whenFalse: Tree) =>
          new Choice(id + identity(text), whenTrue, whenFalse, { unknown, text });
        const allowed = this.parameters.allowed(unknown);
        if (allowed?.includes(value) === false) return false;
        const values = this.valuesOf(unknown).filter((each) => allowed?.includes(each) !== false);
        if (values.length > MOST_VALUES || !values.includes(value)) return either(value, true, false);
        // Tests the values in order, so that no two comparisons hold at once.
        const isAll = allowed?.every((each) => values.includes(each)) === true;
        const from = (index: number): Tree => {
          const each = values[index];
          if (each === undefined) return false;
          if (isAll && index === values.length - 1) return each === value;
          return either(each, each === value, each === value ? false : from(index + 1));
        };
        return from(0);
      },
    );
  }

  /** The known values that conditions compare this one with, sorted. */
  private valuesOf(unknown: Unknown): readonly string[] {
    if (this.comparedWith === undefined) {
      const found = new Map<string, Set<string>>();
      for (const operands of comparisonsIn(this.declared)) {
        const [a, b] = operands.map((each) => this.resolve(each));
        for (const [one, other] of [
          [a, b],
          [b, a],
        ]) {
          if (!(one instanceof Unknown) || typeof other === "object" || other === undefined) continue;
          found.set(identity(one), (found.get(identity(one)) ?? new Set()).add(String(other)));
        }
      }
      this.comparedWith = new Map([...found].map(([id, values]) => [id, [...values].sort()]));
    }
    return this.comparedWith.get(identity(unknown)) ?? [];
  }
}

/** The choices that are the same in every assignment for which a tree is true. */
export function forcedBy(tree: Tree): ReadonlyMap<string, boolean> {
  const [first = new Map<string, boolean>(), ...others] = pathsOf(tree);
  return new Map([...first].filter(([id, holds]) => others.every((path) => path.get(id) === holds)));
}

/** Every assignment for which a tree is true. */
export function pathsOf(tree: unknown, before: ReadonlyMap<string, boolean> = new Map()): Paths {
  if (!(tree instanceof Choice)) return tree === true ? [before] : [];
  return [
    ...pathsOf(tree.whenTrue, new Map(before).set(tree.id, true)),
    ...pathsOf(tree.whenFalse, new Map(before).set(tree.id, false)),
  ];
}

function all(trees: readonly unknown[]): unknown {
  return trees.reduce((both, each) => graft(both, each, false), true);
}

function nameOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function isTree(value: unknown): value is Tree {
  return typeof value === "boolean" || value instanceof Choice;
}

function comparisonsIn(value: unknown): readonly (readonly unknown[])[] {
  if (typeof value !== "object" || value === null || value instanceof Unknown) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    name === "Fn::Equals" && Array.isArray(each) && each.length === 2 ? [each] : comparisonsIn(each),
  );
}

/** Equal for equal values. */
function identity(value: unknown): string {
  if (value instanceof Unknown) return identityOf(value);
  return typeof value === "object" ? JSON.stringify(value) : identityOf(String(value));
}
