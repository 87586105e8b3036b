import fc from "fast-check";
import { IamGraph } from "../../../policy-pack/iam-graph";
import type { Random } from "../../random";
import { type Area, falseAlarm, missed, type Tally } from "../area";
import { type StackCase, stackCase } from "../generate/stack";
import { compareGuard, GUARD_RULES, getsThrough } from "./guard";

/**
 * Whole stacks: a group whose policies are attached in every way, taken away, overwritten and not known. The generator knows
 * which documents the group ends with; the evaluator says what those let through.
 */
export const stacks: Area = {
  name: "stacks",
  share: 6,
  async compare(documents, seed, pick, tally) {
    for (const each of fc.sample(stackCase, { numRuns: documents, seed }))
      await compareStack(each, pick, tally);
  },
};

async function compareStack(about: StackCase, pick: Random, tally: Tally): Promise<void> {
  const graph = new IamGraph(about.resources);
  const holder = graph.holders("groups").find(({ resource }) => resource.urn === about.group);
  if (holder === undefined) throw new Error("a stack without its group");
  const { verdict } = graph.guards({ ...GUARD_RULES, guardPolicyArns: [] })(holder);
  tally.documents += 1;
  if (verdict.kind === "open") {
    if (about.hasUnknown) falseAlarm(tally, "open, though what is attached may be a guard", about);
    // The worst outcome lets the witness through.
    const worst = about.outcomes.at(-1) ?? [];
    await compareGuard(verdict, worst, pick, tally);
    return;
  }
  tally.said[verdict.kind === "guarded" ? "safe" : "undecided"] += 1;
  if (verdict.kind === "unknown") {
    if (!about.hasUnknown) falseAlarm(tally, "unknown, but everything is known", about);
    return;
  }
  for (const documents of about.outcomes) {
    const request = await getsThrough(documents, pick, tally);
    if (request !== undefined) missed(tally, "guarded, but a request is allowed", { ...about, request });
  }
}
