import type { Paths } from "../cloudformation";
import { mayBeSame } from "../iam/encode/policy-pattern";
import { memoize } from "../iam/memoize";
import { identityOf, partsOf, type Text, Unknown } from "../iam/policy/unknown";
import type { Document } from "./attached-policies";
import type { InlinePolicy } from "./document-reader";
import { ALWAYS, besides, excludeEachOther, under } from "./presence";
import type { Match } from "./reference";

/** An inline policy. `by`: the name of the resource that writes it. */
export type WrittenPolicy = InlinePolicy & { readonly by: string };

/** The writes to one name. Each entry may be the last: one policy, or several that exclude each other. */
type WritesOfName = readonly (readonly WrittenPolicy[])[];

/** Inline policies, and for each resource that removes all others, the names that it keeps. */
export interface Writes {
  readonly policies: readonly WrittenPolicy[];
  readonly kept: readonly (readonly Text[])[];
}

/**
 * The inline policies that remain. The document of one that may be removed, or that another with an unknown name may
 * overwrite, is unknown. `possible`: what may turn out to be written to the same holder.
 */
export function remaining({ policies, kept }: Writes, possible: Writes): readonly WrittenPolicy[] {
  return policies.flatMap((policy) => {
    const matches = kept.map((names) => matchIn(names, policy.name));
    if (matches.includes("no")) return [];
    const isSure =
      matches.every((match) => match === "yes") &&
      possible.kept.every((names) => matchIn(names, policy.name) === "yes") &&
      !policies.some((other) => keyOf(other) !== keyOf(policy) && mayOverwrite(other, policy)) &&
      !possible.policies.some((other) => mayOverwrite(other, policy));
    return [isSure ? policy : { ...policy, document: { kind: "unknown", where: policy.document.where } }];
  });
}

/** A generated name can only match an unknown entry. */
function matchIn(names: readonly Text[], name: Text | undefined): Match {
  if (name !== undefined && names.some((each) => identityOf(each) === identityOf(name))) return "yes";
  const open = names.filter((each) => each instanceof Unknown || name instanceof Unknown);
  return open.some((each) => mayBeSame(each, name ?? GENERATED)) ? "perhaps" : "no";
}

const GENERATED = new Unknown("a generated name");

function mayOverwrite(other: WrittenPolicy, policy: WrittenPolicy): boolean {
  if (other.name === undefined || policy.name === undefined) return false;
  return mayBeSame(lowered(other.name), lowered(policy.name)) && !excludeEachOther(other.there, policy.there);
}

function lowered(name: Text): Text {
  if (typeof name === "string") return name.toLowerCase();
  return Unknown.text(
    name.label,
    partsOf(name).map((part) => (typeof part === "string" ? part.toLowerCase() : part)),
  );
}

/** Inline policies by the name that they are written to; a generated name is unique. */
export function writesByName(policies: readonly WrittenPolicy[]): readonly WritesOfName[] {
  const byName = new Map<unknown, WrittenPolicy[][]>();
  for (const policy of policies) {
    const writes = memoize(byName, keyOf(policy), () => []);
    const beside = writes.find((all) => all.every((each) => excludeEachOther(each.there, policy.there)));
    if (beside === undefined) writes.push([policy]);
    else beside.push(policy);
  }
  return [...byName.values()];
}

function keyOf(policy: WrittenPolicy): unknown {
  return policy.name === undefined ? policy : identityOf(lowered(policy.name));
}

/** More outcomes than this are merged into one, on the safe side. */
const MOST_OUTCOMES = 64;

/** The documents that remain, for every combination of the last write to each name. */
export function outcomesOf(writes: readonly WritesOfName[]): readonly (readonly Document[])[] {
  const count = writes.reduce((product, { length }) => product * length, 1);
  if (count > MOST_OUTCOMES) {
    return [writes.flatMap((same) => same.flat().map(same.length > 1 ? granted : documentOf))];
  }
  let outcomes: readonly (readonly Document[])[] = [[]];
  for (const orders of writes.map(ordersOf)) {
    outcomes = outcomes.flatMap((before) => orders.map((each) => [...before, ...each]));
  }
  return outcomes;
}

/** The documents of one name, for each possible last write. The others remain where the last one does not exist. */
function ordersOf(writes: WritesOfName): readonly (readonly Document[])[] {
  return writes.map((_, last) => {
    const documents: Document[] = [];
    let free: Paths | undefined = ALWAYS;
    for (const same of [...writes.slice(last), ...writes.slice(0, last)]) {
      for (const each of same)
        documents.push(free === undefined ? granted(each) : under(each.document, free));
      free =
        free &&
        besides(
          free,
          same.flatMap(({ there }) => there),
        );
      if (free?.length === 0) break;
    }
    return documents;
  });
}

function documentOf({ document }: WrittenPolicy): Document {
  return document;
}

/** A document that may or may not exist, on the safe side: its Allow statements without its Deny statements. */
function granted({ document }: WrittenPolicy): Document {
  if (document.kind !== "policy") return document;
  const statements = document.policy.statements.filter(({ effect }) => effect === "Allow");
  return { ...document, policy: { ...document.policy, statements } };
}
