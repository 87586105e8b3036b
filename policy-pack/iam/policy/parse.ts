import {
  type PrincipalEntry,
  parseAwsPrincipal,
  parseFederatedPrincipal,
  parseServicePrincipal,
} from "../principal/entry";
import { type Assignment, cases, peel } from "./cases";
import { findDuplicateKey, withLongNumbersAsText } from "./json";
import type { DocumentError, Parsed, Policy, PolicyKind, Selection, Statement } from "./model";
import { parseConditions } from "./parse-condition";
import { form, isObject, join, type Read, Reader, UNKNOWN } from "./read";
import { Choice, isText, type Text, Unknown } from "./unknown";

/**
 * Reads a policy document as AWS would: JSON text or the object itself, one statement or a list, one value or a list.
 * An `Unknown` may stand for any value, and a `Choice` for one of two. All that AWS refuses is reported at once, each
 * with its place.
 * Source: IAM user guide, "Grammar of the IAM JSON policy language".
 */
export function parsePolicy(input: unknown, kind: PolicyKind): Parsed {
  const parser = new Parser(kind);
  const policy = parser.policy(input);
  const { errors } = parser.reader;
  return policy === undefined || errors.length > 0 ? { ok: false, errors } : { ok: true, policy };
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

const NEGATIONS = { Action: "NotAction", Principal: "NotPrincipal", Resource: "NotResource" } as const;

/** The longest policy document, in characters, that any call of IAM takes. Source: IAM API reference, `PolicyDocument`. */
const MAX_LENGTH = 131_072;

/** The element that a policy of a kind must not have, and why. */
const FORBIDDEN: { readonly [kind in PolicyKind]?: readonly [element: string, allowed: string] } = {
  trust: ["Resource", "no resource: a trust policy is about its own role"],
  identity: ["Principal", "no principal: the policy is about whom it is attached to"],
};

class Parser {
  readonly reader = new Reader();
  /** What AWS refuses although it can be read. */
  private readonly readable: DocumentError[] = [];

  constructor(private readonly kind: PolicyKind) {}

  policy(input: unknown): Policy | undefined {
    const branches = peel(input).map(({ value, when }) => this.document(value, when));
    if (branches.includes(undefined)) return undefined;
    const read = branches.flatMap((statements) => statements ?? []);
    const statements = read.filter((each) => each !== undefined && each !== UNKNOWN);
    return {
      kind: this.kind,
      // A copy has no room left to grow, which would be most of the memory of a large account's policies.
      statements: [...statements],
      complete: !read.includes(UNKNOWN),
      refused: this.readable,
    };
  }

  /** The statements of a document under these choices. */
  private document(input: unknown, when: Assignment): readonly Read<Statement>[] | undefined {
    if (input instanceof Unknown) return [UNKNOWN];
    const document = typeof input === "string" ? this.json(input) : input;
    if (document === undefined && typeof input === "string") return undefined;
    const elements = this.reader.elements(document, "", DOCUMENT_ELEMENTS);
    if (elements === undefined) return undefined;
    const variables = this.hasVariables(elements.get("Version"));
    const written = elements.get("Statement");
    if (written === undefined)
      return this.reader.refuse("", "no Statement", "a Statement: one object or a list of them");
    return peel(written, when).flatMap((branch) => this.statements(branch.value, variables, branch.when));
  }

  private json(text: string): unknown {
    if (text.length > MAX_LENGTH)
      return this.reader.refuse("", `${text.length} characters`, `at most ${MAX_LENGTH} characters`);
    let parsed: unknown;
    try {
      parsed = JSON.parse(withLongNumbersAsText(text));
    } catch {
      return this.reader.refuse("", "text that is not JSON", "a JSON object");
    }
    const duplicate = findDuplicateKey(text);
    return duplicate === undefined
      ? parsed
      : this.reader.refuse(duplicate, "the same key twice", "each key once");
  }

  private hasVariables(version: unknown): boolean {
    if (version === "2012-10-17") return true;
    if (version !== undefined && version !== "2008-10-17" && !isUnknownValue(version))
      this.reader.refuse("Version", form(version), '"2012-10-17" or "2008-10-17"');
    return false;
  }

  private statements(written: unknown, variables: boolean, when: Assignment): readonly Read<Statement>[] {
    if (written instanceof Unknown) return [UNKNOWN];
    const list: readonly unknown[] = Array.isArray(written) ? written : [written];
    // A list that is empty only for some choices is never deployed empty.
    if (list.length === 0 && when.size === 0)
      this.reader.refuse("Statement", "an empty list", "at least one statement");
    const sids = new Set<string>();
    return list.flatMap((each, index) => {
      const path = Array.isArray(written) ? `Statement[${index}]` : "Statement";
      const possible = cases(each, when)?.filter(({ value }) => value !== undefined);
      const read = possible?.map((one) => this.statement(one.value, { index, variables }, path, one.when));
      const [first] = read ?? [];
      const sid = first === UNKNOWN ? undefined : first?.sid;
      if (sid !== undefined && sid !== "" && sids.has(sid))
        this.reader.refuse(`Statement[${index}].Sid`, "the Sid of another statement", "a Sid of its own");
      if (sid !== undefined) sids.add(sid);
      return read ?? [UNKNOWN];
    });
  }

  private statement(
    value: unknown,
    place: Pick<Statement, "index" | "variables">,
    path: string,
    when: Assignment,
  ): Read<Statement> {
    if (value instanceof Unknown) return UNKNOWN;
    const elements = this.reader.elements(value, path, STATEMENT_ELEMENTS);
    if (elements === undefined) return undefined;
    const sid = this.sid(elements.get("Sid"), path);
    const effect = this.effect(elements.get("Effect"), path);
    const actions = this.selection(elements, path, "Action", (each, at) => this.action(each, at));
    const principals = this.principals(elements, path);
    const resources = this.selection(elements, path, "Resource", (each, at) => this.resource(each, at));
    const conditions = parseConditions(elements.get("Condition"), join(path, "Condition"), this.reader);
    if (effect === UNKNOWN || conditions === UNKNOWN) return UNKNOWN;
    if (effect === undefined || actions === undefined || conditions === undefined) return undefined;
    return {
      index: place.index,
      ...(sid === undefined ? {} : { sid }),
      effect,
      variables: place.variables,
      ...(principals === undefined ? {} : { principals }),
      actions,
      ...(resources === undefined ? {} : { resources }),
      conditions,
      ...(when.size === 0 ? {} : { when }),
    };
  }

  private sid(value: unknown, path: string): string | undefined {
    if (value === undefined || value instanceof Unknown) return undefined;
    // CloudFormation makes text of a number.
    if (typeof value === "string" || typeof value === "number") return String(value);
    return this.reader.refuse(join(path, "Sid"), form(value), "text");
  }

  private effect(value: unknown, path: string): Read<"Allow" | "Deny"> {
    if (value === "Allow" || value === "Deny") return value;
    if (value instanceof Unknown) return UNKNOWN;
    const found = value === undefined ? "no Effect" : form(value);
    return this.reader.refuse(join(path, "Effect"), found, '"Allow" or "Deny", in these letters');
  }

  /** Either an element or its negation, if a policy of this kind has it. */
  private oneOf(elements: ReadonlyMap<string, unknown>, path: string, name: keyof typeof NEGATIONS) {
    const negation = NEGATIONS[name];
    const negated = elements.has(negation);
    const [forbidden, allowed = ""] = FORBIDDEN[this.kind] ?? [];
    if (forbidden === name) {
      for (const each of [name, negation])
        if (elements.has(each)) this.reader.refuse(join(path, each), each, allowed);
      return undefined;
    }
    if (negated === elements.has(name)) {
      const found = negated ? `both ${name} and ${negation}` : `neither ${name} nor ${negation}`;
      return this.reader.refuse(path, found, "exactly one of the two");
    }
    const found = negated ? negation : name;
    return { negated, value: elements.get(found), path: join(path, found) };
  }

  private selection<T>(
    elements: ReadonlyMap<string, unknown>,
    path: string,
    name: keyof typeof NEGATIONS,
    read: (value: unknown, path: string) => T | undefined,
  ): Selection<T> | undefined {
    const found = this.oneOf(elements, path, name);
    const entries = found && this.reader.list(found.value, found.path, read);
    return entries && { negated: found.negated, entries };
  }

  private action(value: unknown, path: string): Text | undefined {
    if (value instanceof Unknown) return value;
    // Letters of other alphabets could fold into the ones that actions are named in.
    if (typeof value === "string" && /^(\*+|[!-9;-~]+:[!-9;-~]+)$/.test(value)) return value;
    return this.reader.refuse(path, form(value), 'an action such as "sts:AssumeRole", or "*"');
  }

  private resource(value: unknown, path: string): Text | undefined {
    if (isText(value) && value !== "") return value;
    return this.reader.refuse(path, form(value), 'an ARN, a pattern of one, or "*"');
  }

  private principals(
    elements: ReadonlyMap<string, unknown>,
    path: string,
  ): Selection<PrincipalEntry> | undefined {
    const found = this.oneOf(elements, path, "Principal");
    if (found === undefined) return undefined;
    const { negated, value, path: place } = found;
    if (negated && !this.readable.some((error) => error.path === place)) {
      const allowed = "Principal: beside Allow it counts as anyone, beside Deny as nobody";
      this.readable.push({ path: place, found: "NotPrincipal", allowed });
    }
    if (value instanceof Unknown) return { negated, entries: [{ kind: "anybody", text: value }] };
    if (value === "*") return { negated, entries: [{ kind: "anyone", text: "*" }] };
    if (!isObject(value)) {
      const allowed = '"*" or an object with AWS, Service or Federated';
      return this.reader.refuse(place, form(value), allowed);
    }
    if (Object.keys(value).length === 0) return this.reader.refuse(place, "nobody", "at least one principal");
    const entries = Object.entries(value).flatMap(
      ([type, names]) =>
        this.reader.list(names, join(place, type), (each, at) => this.principal(type, each, at)) ?? [],
    );
    return { negated, entries };
  }

  private principal(type: string, value: unknown, path: string): PrincipalEntry | undefined {
    const read = PRINCIPAL_TYPES.get(type.toLowerCase());
    if (read === undefined)
      return this.reader.refuse(path, "an unknown type of principal", "AWS, Service or Federated");
    const [parse, allowed] = read;
    return (isText(value) ? parse(value) : undefined) ?? this.reader.refuse(path, form(value), allowed);
  }
}

type ParsePrincipal = (text: Text) => PrincipalEntry | undefined;
const PRINCIPAL_TYPES: ReadonlyMap<string, readonly [ParsePrincipal, allowed: string]> = new Map([
  [
    "aws",
    [
      parseAwsPrincipal,
      '"*", an account of 12 digits, or the ARN of an account root, a user, a role or one of its sessions',
    ],
  ],
  ["service", [parseServicePrincipal, "a service such as ec2.amazonaws.com"]],
  [
    "federated",
    [
      parseFederatedPrincipal,
      "the ARN of a SAML or OpenID Connect provider, or a provider such as accounts.google.com",
    ],
  ],
]);

function isUnknownValue(value: unknown): boolean {
  return value instanceof Unknown || value instanceof Choice;
}
