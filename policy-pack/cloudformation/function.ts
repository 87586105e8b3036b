import { isDeepStrictEqual } from "node:util";
import { decided as made } from "../iam/policy/cases";
import { Choice, identityOf, isText, Unknown } from "../iam/policy/unknown";
import { eitherOf, graft, lift } from "./choice";
import { Conditions, type Tree } from "./condition";
import { withoutReferences } from "./dynamic-reference";
import { functionLabel, isExpanding, nameLabel } from "./label";
import {
  BOUNDS,
  isObject,
  refused,
  shortened,
  type TemplateError,
  TOO_DEEP,
  TOO_LONG,
  TOO_MANY,
  type UnknownPart,
  type Values,
} from "./model";
import { NO_VALUE, Parameters, type TemplateContext } from "./parameter";

/** Further comparisons in one property do not narrow the parameters beside them. */
const MOST_COMPARISONS = 4;

/**
 * Resolves a template's functions as far as the template and the known parameters allow. Every other function becomes an
 * `Unknown`, the same for the same function and arguments, and a value that a condition decides becomes a `Choice`.
 * Source: CloudFormation user guide, "Intrinsic function reference".
 */
export class Functions {
  readonly unknown: UnknownPart[] = [];
  refusal: { readonly ok: false; readonly error: TemplateError } | undefined;
  private values = 0;
  private written = 0;
  private count = 0;
  /** The function calls without a known result, by name and arguments. */
  private readonly results = new Map<string, number>();
  private references = new Set<string>();
  private readonly conditions: Conditions;
  private readonly parameters: Parameters;

  constructor(
    private readonly template: Values,
    private readonly resources: ReadonlySet<string>,
    private readonly known: TemplateContext,
  ) {
    this.parameters = new Parameters(template.Parameters, known);
    this.conditions = new Conditions(template.Conditions, this.parameters, (value) =>
      this.unnoticed(() => this.resolve(value, "Conditions", 0)),
    );
  }

  /** A property's value, and the logical ids that it refers to, sorted. */
  property(
    value: unknown,
    where: string,
  ): { readonly value: unknown; readonly references: readonly string[] } {
    this.references = new Set();
    this.parameters.used.clear();
    const read = () => this.resolve(documentIn(value), where, 0);
    const resolved = this.conditions.read(() => this.compared(read));
    return {
      value: withoutReferences(resolved, this.known.scope),
      references: [...this.references].sort(),
    };
  }

  /** A value where a parameter is used beside a condition on it: read for both outcomes of the condition. */
  private compared(read: () => unknown, comparisons = 0): unknown {
    const value = read();
    const choice = comparisons < MOST_COMPARISONS ? this.conditions.comparing(value) : undefined;
    if (choice === undefined) return value;
    const before = this.values;
    const whenTrue = this.conditions.where(choice, () => this.compared(read, comparisons + 1));
    this.values = before;
    const whenFalse = () => made(read(), new Map([[choice.id, false]]));
    return eitherOf(choice, whenTrue, this.compared(whenFalse, comparisons + 1));
  }

  /** Reads without counting the parameters as used by the property. */
  private unnoticed<T>(read: () => T): T {
    const before = [...this.parameters.used];
    const result = read();
    this.parameters.used.clear();
    for (const name of before) this.parameters.used.add(name);
    return result;
  }

  /** When a condition of this name holds. It is assumed until the next call. */
  assume(condition: unknown): Tree {
    this.conditions.assume(undefined);
    const holds = condition === undefined ? true : this.conditions.named(condition);
    this.conditions.assume(holds);
    return holds;
  }

  private resolve(value: unknown, where: string, level: number): unknown {
    this.values += 1;
    if (level > BOUNDS.levels) this.refusal ??= refused(where, ...TOO_DEEP);
    if (this.values > BOUNDS.values) this.refusal ??= refused("", ...TOO_MANY);
    if (this.refusal !== undefined) return undefined;
    if (typeof value !== "object" || value === null || value instanceof Unknown) return value;
    if (Array.isArray(value)) {
      return value
        .map((each: unknown, index) => this.resolve(each, `${where}[${index}]`, level + 1))
        .filter((each) => each !== NO_VALUE);
    }
    const entries = Object.entries(value);
    const called = entries.find(([key]) => key.startsWith("Fn::") || (key === "Ref" && entries.length === 1));
    if (called === undefined) {
      const kept = entries
        .map(([key, each]) => [key, this.resolve(each, `${where}.${key}`, level + 1)] as const)
        .filter(([, each]) => each !== NO_VALUE);
      return Object.fromEntries(kept);
    }
    const [name, argument] = called;
    if (entries.length === 1 && !isExpanding(name)) return this.call(name, argument, where, level + 1);
    for (const [, each] of entries) this.resolve(each, where, level + 1);
    if (isExpanding(name)) this.unknown.push({ what: functionLabel(name), where: shortened(where) });
    return this.unlike(functionLabel(name));
  }

  private call(name: string, argument: unknown, where: string, level: number): unknown {
    if (name === "Ref" && typeof argument === "string") return this.reference(argument);
    if (name === "Fn::GetAtt") {
      const path = [this.resolve(argument, where, level)].flat();
      if (path.every((part) => typeof part === "string")) return this.attribute(path.join("."));
    }
    if (name === "Fn::Sub") return this.substitute(argument, where, level);
    if (name === "Fn::If") return this.choose(argument, where, level);
    const resolved = this.resolve(argument, where, level);
    if (this.refusal !== undefined) return undefined;
    const unknown = () => this.unknownResult(name, resolved);
    if (name === "Fn::ToJsonString") return this.json(resolved) ?? unknown();
    const apply = this.functions[name];
    if (apply === undefined) return unknown();
    return lift([resolved].flat(), (values) => apply(values, unknown) ?? unknown());
  }

  /** The functions that depend on their values alone. They return `undefined` if the result is not known. */
  private readonly functions: Readonly<
    Record<string, (values: readonly unknown[], unknown: () => Unknown) => unknown>
  > = {
    "Fn::Join": ([delimiter, parts, ...more], unknown) =>
      typeof delimiter === "string" && Array.isArray(parts) && more.length === 0
        ? this.joined("Fn::Join", parts, delimiter, unknown)
        : undefined,
    "Fn::Select": ([index, values]) =>
      isScalar(index) && /^\d+$/.test(String(index)) && Array.isArray(values)
        ? values[Number(index)]
        : undefined,
    "Fn::Split": ([delimiter, text]) =>
      typeof delimiter === "string" && delimiter !== "" && typeof text === "string"
        ? text.split(delimiter)
        : undefined,
    "Fn::FindInMap": (path) => this.mapped(path),
  };

  private reference(name: string): unknown {
    return this.resources.has(name) ? this.later(name, name) : this.parameters.value(name);
  }

  private attribute(path: string): Unknown {
    return this.later(path, path.split(".")[0] ?? "");
  }

  /** A value that is known once the resource exists. */
  private later(name: string, logicalId: string): Unknown {
    const isResource = this.resources.has(logicalId);
    if (isResource) this.references.add(logicalId);
    return new Unknown(nameLabel(name), isResource ? logicalId : undefined, `${this.known.scope}${name}`);
  }

  /** A function result that is not known: the same for the same arguments. */
  private unknownResult(name: string, argument: unknown): Unknown {
    const call = JSON.stringify([name, argument], (_key, value: unknown) => {
      if (value instanceof Unknown) return identityOf(value);
      this.written += typeof value === "string" ? value.length : 1;
      return this.isTooLong() ? undefined : value;
    });
    const id = this.results.get(call) ?? this.results.size;
    this.results.set(call, id);
    return new Unknown(functionLabel(name), undefined, `${this.known.scope}result ${id}`);
  }

  /** An unknown value that is equal to no other. */
  private unlike(label: string): Unknown {
    this.count += 1;
    return new Unknown(label, undefined, `${this.known.scope}unlike ${this.count}`);
  }

  private isTooLong(): boolean {
    if (this.written > BOUNDS.bytes) this.refusal ??= refused("", ...TOO_LONG);
    return this.refusal !== undefined;
  }

  /** `${Name}`, `${Name.Attribute}` and the names that the function itself defines; `${!Name}` is the text `${Name}`. */
  private substitute(argument: unknown, where: string, level: number): unknown {
    const [text, given] = Array.isArray(argument) ? argument : [argument, {}];
    const names = this.resolve(given, where, level);
    if (typeof text !== "string") return this.unlike("Fn::Sub");
    const own = new Map(typeof names === "object" && names !== null ? Object.entries(names) : []);
    const parts = text.split(/(\$\{[^}]*\})/).filter((part) => part !== "");
    const values = parts.map((part): unknown => {
      const [, name] = /^\$\{([^}]*)\}$/.exec(part) ?? [];
      if (name === undefined) return part;
      if (name.startsWith("!")) return `\${${name.slice(1)}}`;
      if (own.has(name)) return own.get(name);
      return name.includes(".") ? this.attribute(name) : this.reference(name);
    });
    return this.joined("Fn::Sub", values, "", () => this.unlike("Fn::Sub"));
  }

  private choose(argument: unknown, where: string, level: number): unknown {
    const [name, yes, no, ...more]: unknown[] = Array.isArray(argument) ? argument : [];
    const [whenTrue, whenFalse] = [yes, no].map((each) => this.resolve(each, where, level));
    if (this.refusal !== undefined || yes === undefined || more.length > 0) return this.unlike("Fn::If");
    return graft(this.conditions.named(name), whenTrue, whenFalse);
  }

  /** `undefined` for a value with an unknown part. */
  private json(value: unknown): string | undefined {
    let isKnown = true;
    const text = JSON.stringify(value, (_key, each: unknown) => {
      isKnown &&= !(each instanceof Unknown || each instanceof Choice);
      return isKnown ? each : undefined;
    });
    this.written += text?.length ?? 0;
    return isKnown && !this.isTooLong() ? text : undefined;
  }

  /** The value in a mapping; for an unknown key, the value of every possible key if they are all equal. */
  private mapped([map, ...path]: readonly unknown[]): unknown {
    const { Mappings: mappings } = this.template;
    let found: readonly unknown[] = [
      isObject(mappings) && typeof map === "string" ? mappings[map] : undefined,
    ];
    const options: unknown = path[2];
    for (const key of path.slice(0, 2)) {
      found = found.flatMap((each) => {
        if (!isObject(each)) return [];
        return typeof key === "string" ? [each[key]] : Object.values(each);
      });
    }
    const [first, ...others] = found;
    if (others.some((each) => !isDeepStrictEqual(each, first))) return undefined;
    return first ?? (isObject(options) ? options.DefaultValue : undefined);
  }

  /** Joins texts, each of which may be unknown or depend on a condition. */
  private joined(
    label: string,
    values: readonly unknown[],
    delimiter: string,
    otherwise: () => Unknown,
  ): unknown {
    return lift(values, (given) => {
      const present = given.filter((each) => each !== undefined && each !== NO_VALUE);
      const texts = present.map((each) => (isScalar(each) ? String(each) : each)).filter(isText);
      if (texts.length < present.length) return otherwise();
      const parts = texts.flatMap((each, index) => (index === 0 ? [each] : [delimiter, each]));
      this.written += parts.reduce((sum, part) => sum + (typeof part === "string" ? part.length : 1), 0);
      return this.isTooLong() ? undefined : Unknown.text(label, parts);
    });
  }
}

/** The object whose JSON text a property has: as a policy document it means the same. */
function documentIn(value: unknown): unknown {
  const [[name, argument] = [], ...more] = isObject(value) ? Object.entries(value) : [];
  return name === "Fn::ToJsonString" && more.length === 0 && isObject(argument) ? argument : value;
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}
