import { parseOperator } from "../condition/operator";
import {
  type PrincipalEntry,
  parseAwsPrincipal,
  parseFederatedPrincipal,
  parseServicePrincipal,
} from "../principal/entry";
import { parseAddressBlock, parseDate, parseNumber } from "../solver/interval";
import { type Assignment, cases, peel } from "./cases";
import { findDuplicateKey, withLongNumbersAsText } from "./json";
import type { Condition, DocumentError, Parsed, Policy, PolicyKind, Selection, Statement } from "./model";
import { Choice, type Text, Unknown } from "./unknown";

/**
 * Reads a policy document as AWS would: JSON text or the object itself, one statement or a list, one value or a list.
 * An `Unknown` may stand for any value, and a `Choice` for one of two. All that AWS refuses is reported at once, each
 * with its place.
 * Source: IAM user guide, "Grammar of the IAM JSON policy language".
 */
export function parsePolicy(input: unknown, kind: PolicyKind): Parsed {
  const reader = new Reader();
  const policy = reader.policy(input, kind);
  if (policy === undefined || reader.errors.length > 0) return { ok: false, errors: reader.errors };
  return { ok: true, policy };
}

const DOCUMENT_ELEMENTS = ["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

/** The most that any call of IAM takes as a policy document. Source: IAM API reference, `PolicyDocument`. */
const MOST_TEXT = 131_072;

/** A statement of which some part that decides its meaning is not known yet. */
const UNKNOWN = Symbol("unknown");
type OrUnknown<T> = T | undefined | typeof UNKNOWN;

class Reader {
  readonly errors: DocumentError[] = [];
  /** What AWS refuses although it can be read. */
  private readonly readable: DocumentError[] = [];

  private refuse(path: string, found: string, allowed: string): undefined {
    this.errors.push({ path, found, allowed });
    return undefined;
  }

  policy(input: unknown, kind: PolicyKind): Policy | undefined {
    const branches = peel(input);
    const policies = branches.map(({ value, when }) => this.branch(value, kind, when));
    const [first, ...more] = policies.filter((policy) => policy !== undefined);
    if (first === undefined || more.length + 1 < policies.length) return undefined;
    return {
      ...first,
      version: more.every(({ version }) => version === first.version) ? first.version : "2008-10-17",
      // A copy has no room left to grow, which would be most of the memory of a large account's policies.
      statements: [...policies.flatMap((policy) => policy?.statements ?? [])],
      complete: policies.every((policy) => policy?.complete),
      refused: this.readable,
    };
  }

  /** A document as it is when the choices around it fall like this. */
  private branch(input: unknown, kind: PolicyKind, when: Assignment): Policy | undefined {
    if (input instanceof Unknown) {
      return { kind, version: "2012-10-17", statements: [], complete: false, refused: [] };
    }
    const document = typeof input === "string" ? this.json(input) : input;
    if (document === undefined && typeof input === "string") return undefined;
    const elements = this.elements(document, "", DOCUMENT_ELEMENTS);
    if (elements === undefined) return undefined;
    const version = this.version(elements.get("Version"));
    const written = elements.get("Statement");
    if (written === undefined) {
      return this.refuse("", "no Statement", "a Statement: one object or a list of them");
    }
    const read = peel(written, when).flatMap((branch) => this.statements(branch.value, branch.when, kind));
    const statements = read.filter((each) => each !== undefined && each !== UNKNOWN);
    return { kind, version, statements, complete: !read.includes(UNKNOWN), refused: [] };
  }

  private statements(written: unknown, when: Assignment, kind: PolicyKind): OrUnknown<Statement>[] {
    if (written instanceof Unknown) return [UNKNOWN];
    const list: readonly unknown[] = Array.isArray(written) ? written : [written];
    // One that is empty only where choices fall like this is never deployed so.
    if (list.length === 0 && when.size === 0)
      this.refuse("Statement", "an empty list", "at least one statement");
    const read = list.map((each, index): OrUnknown<Statement>[] => {
      const possible = cases(each, when);
      if (possible === undefined) return [UNKNOWN];
      const path = Array.isArray(written) ? `Statement[${index}]` : "Statement";
      return possible.flatMap((one) =>
        one.value === undefined ? [] : [this.statement(one.value, index, path, kind, one.when)],
      );
    });
    this.uniqueSids(read.flatMap(([first]) => (first === undefined || first === UNKNOWN ? [] : [first])));
    return read.flat();
  }

  private json(text: string): unknown {
    if (text.length > MOST_TEXT) {
      return this.refuse("", `${text.length} characters`, `at most ${MOST_TEXT} characters`);
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(withLongNumbersAsText(text));
    } catch {
      return this.refuse("", "text that is not JSON", "a JSON object");
    }
    const twice = findDuplicateKey(text);
    return twice === undefined ? parsed : this.refuse(twice, "the same key twice", "each key once");
  }

  private version(written: unknown): Policy["version"] {
    if (written === undefined) return "2008-10-17";
    if (written === "2012-10-17" || written === "2008-10-17") return written;
    if (written instanceof Unknown) return "2008-10-17";
    if (written instanceof Choice) return "2008-10-17";
    this.refuse("Version", form(written), '"2012-10-17" or "2008-10-17"');
    return "2012-10-17";
  }

  /** An object's elements by the name that AWS gives them. */
  private elements(value: unknown, path: string, names: readonly string[]): Map<string, unknown> | undefined {
    if (!isObject(value)) return this.refuse(path, form(value), "an object");
    const elements = new Map<string, unknown>();
    for (const [written, element] of Object.entries(value)) {
      if (element === undefined) continue;
      const name = names.find((each) => each.toLowerCase() === written.toLowerCase());
      const place = join(path, written);
      if (name === undefined) this.refuse(place, "an unknown element", `one of ${names.join(", ")}`);
      else if (elements.has(name)) this.refuse(place, `${name} twice`, "each element once");
      else elements.set(name, element);
    }
    return elements;
  }

  private statement(
    value: unknown,
    index: number,
    path: string,
    kind: PolicyKind,
    when: Assignment,
  ): OrUnknown<Statement> {
    if (value instanceof Unknown) return UNKNOWN;
    const elements = this.elements(value, path, STATEMENT_ELEMENTS);
    if (elements === undefined) return undefined;
    const sid = this.sid(elements.get("Sid"), path);
    const effect = this.effect(elements.get("Effect"), path);
    const actions = this.oneOf(elements, path, ["Action", "NotAction"], (each, place) =>
      this.action(each, place),
    );
    const principals = this.principals(elements, path, kind);
    const resources = this.resources(elements, path, kind);
    const conditions = this.conditions(elements.get("Condition"), join(path, "Condition"));
    if (effect === UNKNOWN || principals === UNKNOWN || conditions === UNKNOWN) return UNKNOWN;
    if (effect === undefined || actions === undefined || conditions === undefined) return undefined;
    return {
      index,
      ...(sid === undefined ? {} : { sid }),
      effect,
      ...(principals === undefined ? {} : { principals }),
      actions,
      ...(resources === undefined ? {} : { resources }),
      conditions,
      ...(when.size === 0 ? {} : { when }),
    };
  }

  private sid(value: unknown, path: string): string | undefined {
    if (value === undefined || value instanceof Unknown) return undefined;
    // CloudFormation makes a text of a number.
    if (typeof value === "string" || typeof value === "number") return String(value);
    return this.refuse(join(path, "Sid"), form(value), "text");
  }

  private uniqueSids(statements: readonly Statement[]): void {
    const seen = new Set<string>();
    for (const { sid, index } of statements) {
      if (sid === undefined || sid === "") continue;
      if (seen.has(sid))
        this.refuse(`Statement[${index}].Sid`, "the Sid of another statement", "a Sid of its own");
      seen.add(sid);
    }
  }

  private effect(value: unknown, path: string): OrUnknown<"Allow" | "Deny"> {
    if (value === "Allow" || value === "Deny") return value;
    if (value instanceof Unknown) return UNKNOWN;
    const found = value === undefined ? "no Effect" : form(value);
    return this.refuse(join(path, "Effect"), found, '"Allow" or "Deny", in these letters');
  }

  /** Exactly one of an element and its negation, as a list of texts. */
  private oneOf<T>(
    elements: Map<string, unknown>,
    path: string,
    [plain, negation]: readonly [string, string],
    read: (value: unknown, path: string) => T | undefined,
  ): Selection<T> | undefined {
    const negated = elements.has(negation);
    if (negated === elements.has(plain)) {
      const found = negated ? `both ${plain} and ${negation}` : `neither ${plain} nor ${negation}`;
      return this.refuse(path, found, "exactly one of the two");
    }
    const name = negated ? negation : plain;
    const entries = this.list(elements.get(name), join(path, name), read);
    return entries && { negated, entries };
  }

  /** One value or a list of at least one; `undefined` when any of them was refused. */
  private list<T>(
    value: unknown,
    path: string,
    read: (value: unknown, path: string) => T | undefined,
  ): T[] | undefined {
    if (!Array.isArray(value)) {
      const entry = read(value, path);
      return entry === undefined ? undefined : [entry];
    }
    if (value.length === 0) return this.refuse(path, "an empty list", "at least one value");
    const entries = value.map((each: unknown, index) => read(each, `${path}[${index}]`));
    return entries.every((entry) => entry !== undefined) ? entries : undefined;
  }

  private action(value: unknown, path: string): Text | undefined {
    if (value instanceof Unknown) return value;
    // Letters of other alphabets could fold into the ones that actions are named in.
    if (typeof value === "string" && /^(\*+|[!-9;-~]+:[!-9;-~]+)$/.test(value)) return value;
    return this.refuse(path, form(value), 'an action such as "sts:AssumeRole", or "*"');
  }

  private resources(elements: Map<string, unknown>, path: string, kind: PolicyKind): Statement["resources"] {
    if (kind !== "trust") {
      return this.oneOf(elements, path, ["Resource", "NotResource"], (each, place) =>
        this.resource(each, place),
      );
    }
    for (const name of ["Resource", "NotResource"]) {
      if (elements.has(name))
        this.refuse(join(path, name), name, "no resource: a trust policy is about its own role");
    }
    return undefined;
  }

  private resource(value: unknown, path: string): Text | undefined {
    if (value instanceof Unknown || (typeof value === "string" && value !== "")) return value;
    return this.refuse(path, form(value), 'an ARN, a pattern of one, or "*"');
  }

  private principals(
    elements: Map<string, unknown>,
    path: string,
    kind: PolicyKind,
  ): OrUnknown<Selection<PrincipalEntry>> {
    const present = ["Principal", "NotPrincipal"].filter((name) => elements.has(name));
    if (kind === "identity") {
      for (const name of present) {
        this.refuse(join(path, name), name, "no principal: the policy is about whom it is attached to");
      }
      return undefined;
    }
    const [name, ...more] = present;
    if (name === undefined || more.length > 0) {
      const found =
        name === undefined ? "neither Principal nor NotPrincipal" : "both Principal and NotPrincipal";
      return this.refuse(path, found, "exactly one of the two");
    }
    const value = elements.get(name);
    const negated = name === "NotPrincipal";
    const place = join(path, name);
    if (negated && !this.readable.some((error) => error.path === place)) {
      const allowed = "Principal: beside Allow it counts as anyone, beside Deny as nobody";
      this.readable.push({ path: place, found: "NotPrincipal", allowed });
    }
    if (value instanceof Unknown) return { negated, entries: [{ kind: "anybody", text: value }] };
    if (value === "*") return { negated, entries: [{ kind: "anyone", text: "*" }] };
    if (!isObject(value))
      return this.refuse(place, form(value), '"*" or an object with AWS, Service or Federated');
    const entries = Object.entries(value).flatMap(
      ([type, names]) =>
        this.list(names, join(place, type), (each, at) => this.principal(type, each, at)) ?? [],
    );
    if (Object.keys(value).length === 0) return this.refuse(place, "nobody", "at least one principal");
    return { negated, entries };
  }

  private principal(type: string, value: unknown, path: string): PrincipalEntry | undefined {
    const read = PRINCIPAL_TYPES.get(type.toLowerCase());
    if (read === undefined)
      return this.refuse(path, "an unknown type of principal", "AWS, Service or Federated");
    const isText = typeof value === "string" || value instanceof Unknown;
    const entry = isText ? read.parse(value) : undefined;
    return entry ?? this.refuse(path, form(value), read.allowed);
  }

  private conditions(value: unknown, path: string): OrUnknown<readonly Condition[]> {
    if (value === undefined) return [];
    if (value instanceof Unknown) return UNKNOWN;
    if (!isObject(value)) return this.refuse(path, form(value), "an object of operators");
    const conditions: Condition[] = [];
    const operators = new Set<string>();
    for (const [written, keys] of Object.entries(value)) {
      const place = join(path, written);
      const operator = parseOperator(written);
      if (operator === undefined) {
        this.refuse(
          place,
          "an unknown operator",
          "an operator such as Bool, StringEquals, NumericLessThan or IpAddress",
        );
        continue;
      }
      if (operators.has(operator.name)) this.refuse(place, "the same operator twice", "each operator once");
      operators.add(operator.name);
      if (keys instanceof Unknown) return UNKNOWN;
      if (!isObject(keys)) {
        this.refuse(place, form(keys), "an object of condition keys");
        continue;
      }
      if (Object.keys(keys).length === 0) this.refuse(place, "an empty object", "at least one condition key");
      const seen = new Set<string>();
      for (const [name, given] of Object.entries(keys)) {
        const key = name.toLowerCase();
        if (seen.has(key)) this.refuse(join(place, name), "the same key twice", "each key once");
        seen.add(key);
        const values = this.conditionValues(given, join(place, name));
        if (values === undefined) continue;
        this.checkValues(operator.family, values, join(place, name));
        conditions.push({ operator, key, written: name, values });
      }
    }
    return conditions;
  }

  private conditionValues(value: unknown, path: string): Text[] | undefined {
    if (Array.isArray(value) && value.length === 0) return [];
    return this.list(value, path, (each, place) => {
      if (each instanceof Unknown || typeof each === "string") return each;
      if (typeof each === "number" || typeof each === "boolean") return String(each);
      return this.refuse(place, form(each), "text, a number, or true or false");
    });
  }

  private checkValues(family: Condition["operator"]["family"], values: readonly Text[], path: string): void {
    const check = VALUE_CHECKS.get(family);
    if (check === undefined) return;
    for (const value of values) {
      if (value instanceof Unknown || value.includes("${") || check.reads(value)) continue;
      this.refuse(path, "a value that the operator cannot compare", check.allowed);
    }
  }
}

const PRINCIPAL_TYPES = new Map([
  [
    "aws",
    {
      parse: parseAwsPrincipal,
      allowed:
        '"*", an account of 12 digits, or the ARN of an account root, a user, a role or one of its sessions',
    },
  ],
  ["service", { parse: parseServicePrincipal, allowed: "a service such as ec2.amazonaws.com" }],
  [
    "federated",
    {
      parse: parseFederatedPrincipal,
      allowed: "the ARN of a SAML or OpenID Connect provider, or a provider such as accounts.google.com",
    },
  ],
]);

const VALUE_CHECKS = new Map<
  Condition["operator"]["family"],
  { reads: (value: string) => boolean; allowed: string }
>([
  ["number", { reads: (value) => parseNumber(value) !== undefined, allowed: "a number" }],
  [
    "date",
    { reads: (value) => parseDate(value) !== undefined, allowed: "a date such as 2030-01-31T00:00:00Z" },
  ],
  [
    "ip",
    {
      reads: (value) => parseAddressBlock(value) !== undefined,
      allowed: "an address or block such as 203.0.113.0/24",
    },
  ],
  ["null", { reads: (value) => /^(true|false)$/i.test(value), allowed: '"true" or "false"' }],
]);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** What a value is, without what it says. */
function form(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return value === "" ? "empty text" : "text of another form";
  if (typeof value === "object") return "an object";
  return `a ${typeof value}`;
}
