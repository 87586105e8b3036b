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

/** Those that are written to one name: for each that may be written last, one policy, or several of which only one is ever there. */
type Conflict = readonly (readonly WrittenPolicy[])[];

/** Inline policies, and the names in each resource that removes all others. */
export interface Writes {
  readonly policies: readonly WrittenPolicy[];
  readonly kept: readonly (readonly Text[])[];
}

/**
 * The inline policies that are left. The document of one that may be removed, or that another of a name not known yet may
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

/** A name that AWS makes up is in no list but by an output. */
function matchIn(names: readonly Text[], name: Text | undefined): Match {
  if (name !== undefined && names.some((each) => identityOf(each) === identityOf(name))) return "yes";
  const open = names.filter((each) => each instanceof Unknown || name instanceof Unknown);
  return open.some((each) => mayBeSame(each, name ?? MADE_UP)) ? "perhaps" : "no";
}

const MADE_UP = new Unknown("a name that AWS makes up");

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

/** Inline policies by the name that they are written to; one whose name AWS makes up stands alone. */
export function conflictsIn(policies: readonly WrittenPolicy[]): readonly Conflict[] {
  const byName = new Map<unknown, WrittenPolicy[][]>();
  for (const policy of policies) {
    const conflict = memoize(byName, keyOf(policy), () => []);
    const beside = conflict.find((all) => all.every((each) => excludeEachOther(each.there, policy.there)));
    if (beside === undefined) conflict.push([policy]);
    else beside.push(policy);
  }
  return [...byName.values()];
}

function keyOf(policy: WrittenPolicy): unknown {
  return policy.name === undefined ? policy : identityOf(lowered(policy.name));
}

/** More outcomes than this are not told apart. */
const MOST_OUTCOMES = 64;

/** The documents that are there of all conflict: one of each name that is written last, in every combination. */
export function outcomesOf(conflict: readonly Conflict[]): readonly (readonly Document[])[] {
  const count = conflict.reduce((product, { length }) => product * length, 1);
  if (count > MOST_OUTCOMES) {
    return [conflict.flatMap((same) => same.flat().map(same.length > 1 ? granted : documentOf))];
  }
  let outcomes: readonly (readonly Document[])[] = [[]];
  for (const orders of conflict.map(ordersOf)) {
    outcomes = outcomes.flatMap((before) => orders.map((each) => [...before, ...each]));
  }
  return outcomes;
}

/** The documents of one name, for each that may be written last. The others are there where that one is not. */
function ordersOf(conflict: Conflict): readonly (readonly Document[])[] {
  return conflict.map((_, last) => {
    const documents: Document[] = [];
    let free: Paths | undefined = ALWAYS;
    for (const same of [...conflict.slice(last), ...conflict.slice(0, last)]) {
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

/** What may be there or not, to the safe side: what it allows, and nothing that it denies. */
function granted({ document }: WrittenPolicy): Document {
  if (document.kind !== "policy") return document;
  const statements = document.policy.statements.filter(({ effect }) => effect === "Allow");
  return { ...document, policy: { ...document.policy, statements } };
}
