import { type Paths, readTemplate, type Template, type TemplateContext } from "../cloudformation";
import { memoize } from "../iam/memoize";
import { peel } from "../iam/policy/cases";
import type { Parsed, PolicyKind } from "../iam/policy/model";
import { parsePolicy } from "../iam/policy/parse";
import { isText, type Text, Unknown } from "../iam/policy/unknown";
import type { Document } from "./attached-policies";
import { ALWAYS, along, under } from "./presence";

/** Reads documents and templates, each text once: many resources of a stack have the same one, and rules read each again. */
export class DocumentReader {
  private readonly parsed: Readonly<Record<PolicyKind, Map<string, Parsed>>> = {
    trust: new Map(),
    identity: new Map(),
    "resource-control": new Map(),
  };
  private readonly templates = new Map<string, Template>();

  /** The number of cached texts. */
  get size(): number {
    return [this.templates, ...Object.values(this.parsed)].reduce((sum, { size }) => sum + size, 0);
  }

  /** Reads a document. `where`: the property that holds it, for messages. */
  read(value: unknown, kind: PolicyKind, where: string): Document {
    if (value instanceof Unknown) return { kind: "unknown", where };
    const parsed = this.parse(value, kind);
    return parsed.ok
      ? { kind: "policy", policy: parsed.policy, where }
      : { kind: "refused", errors: parsed.errors, where };
  }

  template(body: unknown, context: TemplateContext): Template {
    if (typeof body !== "string") return readTemplate(body, context);
    const key = `${JSON.stringify(context)}\n${body}`;
    return memoize(this.templates, key, () => readTemplate(body, context));
  }

  private parse(value: unknown, kind: PolicyKind): Parsed {
    if (typeof value !== "string") return parsePolicy(value, kind);
    return memoize(this.parsed[kind], value, () => parsePolicy(value, kind));
  }
}

/** An inline policy, and when it exists. `name`: `undefined` if AWS or the provider generates it. */
export interface InlinePolicy {
  readonly name: Text | undefined;
  readonly document: Document;
  readonly there: Paths;
}

/** The inline policies in a list, which may itself be unknown. */
export function readInline(
  reader: DocumentReader,
  value: unknown,
  { list, document, name }: { readonly list: string; readonly document: string; readonly name: string },
): readonly InlinePolicy[] {
  return peel(value).flatMap((branch) => {
    if (branch.value === undefined) return [];
    const unknown = (where: string): InlinePolicy => {
      return { name: undefined, document: { kind: "unknown", where }, there: ALWAYS };
    };
    if (!Array.isArray(branch.value)) return [unknown(list)];
    return branch.value.flatMap((each: unknown, index) => {
      const where = `${list}[${index}].${document}`;
      return peel(each, branch.when).flatMap(({ value: entry, when }): readonly InlinePolicy[] => {
        if (entry === undefined) return [];
        if (typeof entry !== "object" || entry === null || entry instanceof Unknown) return [unknown(where)];
        const held: unknown = Reflect.get(entry, document);
        if (held === undefined || held === null) return [];
        const read = reader.read(held, "identity", where);
        return named(Reflect.get(entry, name), read, [when]);
      });
    });
  });
}

/** An inline policy under each name that choices of a template give it. `there`: when it exists. */
export function named(name: unknown, document: Document, there: Paths): readonly InlinePolicy[] {
  return peel(name).map(({ value, when }) => {
    const paths = along(there, when);
    return { name: isText(value) ? value : undefined, document: under(document, paths), there: paths };
  });
}
