import { isDeepStrictEqual } from "node:util";
import { Opaque } from "../iam/opaque";
import {
  BOUNDS,
  refused,
  shortened,
  type TemplateError,
  TOO_DEEP,
  TOO_LONG,
  TOO_MANY,
  type UnknownPart,
} from "./model";

/** A value that takes itself away: `!Ref AWS::NoValue`. */
export const NO_VALUE = Symbol("AWS::NoValue");

/**
 * What AWS fills in for these is taken as fixed. The account and the region are stand-ins: a template says the same in
 * every account.
 */
const PSEUDO_PARAMETERS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["AWS::Partition", "aws"],
  ["AWS::AccountId", "000000000000"],
  ["AWS::Region", "us-east-1"],
  ["AWS::URLSuffix", "amazonaws.com"],
  ["AWS::NoValue", NO_VALUE],
]);

const NAMES =
  "Base64 Cidr FindInMap GetAtt GetAZs GetStackOutput If ImportValue Join Length Select Split Sub ToJsonString " +
  "Transform And Equals Not Or";
const FUNCTIONS = new Set(["Ref", ...NAMES.split(" ").map((name) => `Fn::${name}`)]);

/**
 * Resolves what a template's functions say by themselves. What needs a parameter, a condition, another resource or AWS
 * becomes an `Opaque`; a parameter's default can be overridden, so that it says nothing.
 * Source: CloudFormation user guide, "Intrinsic function reference" and "Pseudo parameters reference".
 */
export class Functions {
  readonly unknown: UnknownPart[] = [];
  refusal: { readonly ok: false; readonly error: TemplateError } | undefined;
  private values = 0;
  private written = 0;
  private references = new Set<string>();
  /** The same reference is the same value, wherever it stands. */
  private readonly opaque = new Map<string, Opaque>();

  constructor(private readonly resources: ReadonlySet<string>) {}

  /** A property's value, and the logical ids that it refers to. */
  property(
    value: unknown,
    where: string,
  ): { readonly value: unknown; readonly references: readonly string[] } {
    this.references = new Set();
    const resolved = this.resolve(value, where, 0);
    return { value: resolved, references: [...this.references].sort() };
  }

  private resolve(value: unknown, where: string, level: number): unknown {
    this.values += 1;
    if (level > BOUNDS.levels) this.refusal ??= refused(where, TOO_DEEP.found, TOO_DEEP.allowed);
    if (this.values > BOUNDS.values) this.refusal ??= refused("", TOO_MANY.found, TOO_MANY.allowed);
    if (this.refusal !== undefined) return undefined;
    if (typeof value !== "object" || value === null || value instanceof Opaque) return value;
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
    if (isExpanding(name)) this.unknown.push({ what: labelOf(name), where: shortened(where) });
    return new Opaque(labelOf(name));
  }

  private call(name: string, argument: unknown, where: string, level: number): unknown {
    switch (name) {
      case "Ref":
        return typeof argument === "string" ? this.reference(argument) : new Opaque(name);
      case "Fn::GetAtt": {
        const path: unknown[] = Array.isArray(argument) ? argument : [argument];
        if (path.every((part) => typeof part === "string")) return this.attribute(path.join("."));
        this.resolve(argument, where, level);
        return new Opaque(name);
      }
      case "Fn::Sub":
        return this.substitute(argument, where, level);
      case "Fn::Join":
        return this.join(argument, where, level);
      case "Fn::If":
        return this.choose(argument, where, level);
      default:
        this.resolve(argument, where, level);
        return new Opaque(labelOf(name));
    }
  }

  private reference(name: string): unknown {
    return PSEUDO_PARAMETERS.get(name) ?? this.later("Ref", name, name);
  }

  private attribute(path: string): Opaque {
    return this.later("Fn::GetAtt", path, path.split(".")[0] ?? "");
  }

  private later(label: string, name: string, logicalId: string): Opaque {
    const isResource = this.resources.has(logicalId);
    if (isResource) this.references.add(logicalId);
    const key = `${label} ${name}`;
    const value = this.opaque.get(key) ?? new Opaque(label, isResource ? logicalId : undefined);
    this.opaque.set(key, value);
    return value;
  }

  /** `${Name}`, `${Name.Attribute}` and the names that the function itself gives; `${!Name}` is the text `${Name}`. */
  private substitute(argument: unknown, where: string, level: number): unknown {
    const [text, given] = Array.isArray(argument) ? argument : [argument, {}];
    const names = this.resolve(given, where, level);
    if (typeof text !== "string") return new Opaque("Fn::Sub");
    const own = new Map(typeof names === "object" && names !== null ? Object.entries(names) : []);
    const parts = text.split(/(\$\{[^}]*\})/).filter((part) => part !== "");
    const values = parts.map((part): unknown => {
      const [, name] = /^\$\{([^}]*)\}$/.exec(part) ?? [];
      if (name === undefined) return part;
      if (name.startsWith("!")) return `\${${name.slice(1)}}`;
      if (own.has(name)) return own.get(name);
      return name.includes(".") ? this.attribute(name) : this.reference(name);
    });
    return parts.length === 0 ? "" : this.concatenated("Fn::Sub", values, "");
  }

  private join(argument: unknown, where: string, level: number): unknown {
    const resolved = this.resolve(argument, where, level);
    const [delimiter, list, ...more]: unknown[] = Array.isArray(resolved) ? resolved : [];
    if (typeof delimiter !== "string" || !Array.isArray(list) || more.length > 0)
      return new Opaque("Fn::Join");
    return this.concatenated("Fn::Join", list, delimiter);
  }

  /** Whether the condition holds is known only with the parameters, so that both values are possible. */
  private choose(argument: unknown, where: string, level: number): unknown {
    const [, yes, no, ...more]: unknown[] = Array.isArray(argument) ? argument : [];
    const [first, second] = [yes, no].map((each) => this.resolve(each, where, level));
    if (this.refusal !== undefined || yes === undefined || more.length > 0) return new Opaque("Fn::If");
    const isSame = isDeepStrictEqual(yes, no) || (typeof first === "string" && first === second);
    return isSame ? first : new Opaque("Fn::If");
  }

  /** One text out of several, as far as all of them are known; a single value stays what it is. */
  private concatenated(label: string, values: readonly unknown[], delimiter: string): unknown {
    const [only, ...others] = values;
    if (only instanceof Opaque && others.length === 0) return only;
    if (!values.every(isScalar)) return new Opaque(label);
    const texts = values.map(String);
    this.written += texts.reduce((sum, text) => sum + text.length + delimiter.length, 0);
    if (this.written <= BOUNDS.bytes) return texts.join(delimiter);
    this.refusal ??= refused("", TOO_LONG.found, TOO_LONG.allowed);
    return undefined;
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** These bring in text that the template does not hold. */
export function isExpanding(name: string): boolean {
  return name === "Fn::Transform" || name.startsWith("Fn::ForEach");
}

/** A function's name for a message; a name that AWS does not know could be any text. */
export function labelOf(name: string): string {
  if (name.startsWith("Fn::ForEach")) return "Fn::ForEach";
  return FUNCTIONS.has(name) ? name : "a function that AWS does not know";
}
