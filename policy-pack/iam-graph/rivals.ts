import type { Paths } from "../cloudformation";
import { memoize } from "../iam/memoize";
import type { Document, InlinePolicy } from "./document";
import { ALWAYS, besides, excludeEachOther, under } from "./presence";

/** An inline policy. `by`: the name of the resource that writes it. */
export type WrittenPolicy = InlinePolicy & { readonly by: string };

/** Those that are written to one name: for each that may be written last, one policy, or several of which only one is ever there. */
type Rivals = readonly (readonly WrittenPolicy[])[];

/** Inline policies by the name that they are written to; one without a known name stands alone. */
export function rivalsIn(policies: readonly WrittenPolicy[]): readonly Rivals[] {
  const byName = new Map<unknown, WrittenPolicy[][]>();
  for (const policy of policies) {
    const rivals = memoize(byName, policy.name?.toLowerCase() ?? policy, () => []);
    const beside = rivals.find((all) => all.every((each) => excludeEachOther(each.there, policy.there)));
    if (beside === undefined) rivals.push([policy]);
    else beside.push(policy);
  }
  return [...byName.values()];
}

/** More outcomes than this are not told apart. */
const MOST_OUTCOMES = 64;

/** The documents that are there of all rivals: one of each name that is written last, in every combination. */
export function outcomesOf(rivals: readonly Rivals[]): readonly (readonly Document[])[] {
  const count = rivals.reduce((product, { length }) => product * length, 1);
  if (count > MOST_OUTCOMES) {
    return [rivals.flatMap((same) => same.flat().map(same.length > 1 ? granted : documentOf))];
  }
  let outcomes: readonly (readonly Document[])[] = [[]];
  for (const orders of rivals.map(ordersOf)) {
    outcomes = outcomes.flatMap((before) => orders.map((each) => [...before, ...each]));
  }
  return outcomes;
}

/** The documents of one name, for each that may be written last. The others are there where that one is not. */
function ordersOf(rivals: Rivals): readonly (readonly Document[])[] {
  return rivals.map((_, last) => {
    const documents: Document[] = [];
    let free: Paths | undefined = ALWAYS;
    for (const same of [...rivals.slice(last), ...rivals.slice(0, last)]) {
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
