import { peel } from "../iam/policy/cases";
import type { DocumentError, Parsed, Policy, PolicyKind } from "../iam/policy/model";
import { parsePolicy } from "../iam/policy/parse";
import { Unknown } from "../iam/policy/unknown";
import { under } from "./presence";

/** A policy document of a resource: understood, refused, or not known yet. */
export type Document =
  | { readonly kind: "policy"; readonly policy: Policy; readonly where: string }
  | { readonly kind: "refused"; readonly errors: readonly DocumentError[]; readonly where: string }
  | { readonly kind: "unknown"; readonly where: string };

/** The document that was read last: the rules ask for the same one, one after the other. */
let last: { readonly text: string; readonly kind: PolicyKind; readonly parsed: Parsed } | undefined;

/** Reads a document. `where`: the property that holds it, for messages. */
export function readDocument(value: unknown, kind: PolicyKind, where: string): Document {
  if (value instanceof Unknown) return { kind: "unknown", where };
  const parsed =
    last !== undefined && last.text === value && last.kind === kind ? last.parsed : parsePolicy(value, kind);
  if (typeof value === "string") last = { text: value, kind, parsed };
  return parsed.ok
    ? { kind: "policy", policy: parsed.policy, where }
    : { kind: "refused", errors: parsed.errors, where };
}

/** The inline policies in a list, which may itself be unknown. */
export function readInline(
  value: unknown,
  { list, document, name }: { readonly list: string; readonly document: string; readonly name: string },
): readonly { readonly name: string | undefined; readonly document: Document }[] {
  return peel(value).flatMap((branch) => {
    if (branch.value === undefined) return [];
    const unknown = (where: string) => ({ name: undefined, document: { kind: "unknown", where } as const });
    if (!Array.isArray(branch.value)) return [unknown(list)];
    return branch.value.flatMap((each: unknown, index) => {
      const where = `${list}[${index}].${document}`;
      return peel(each, branch.when).flatMap(({ value: entry, when }) => {
        if (entry === undefined) return [];
        if (typeof entry !== "object" || entry === null || entry instanceof Unknown) return [unknown(where)];
        const held: unknown = Reflect.get(entry, document);
        if (held === undefined || held === null) return [];
        const named: unknown = Reflect.get(entry, name);
        return [
          {
            name: typeof named === "string" ? named : undefined,
            document: under(readDocument(held, "identity", where), [when]),
          },
        ];
      });
    });
  });
}
