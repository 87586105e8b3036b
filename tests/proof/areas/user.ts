import fc from "fast-check";
import { decideGuard, parsePolicy } from "../../../policy-pack/iam";
import { IamGraph } from "../../../policy-pack/iam-graph";
import { iamUserRequiresMfa } from "../../../policy-pack/rules/iam-user-requires-mfa";
import type { Random } from "../../random";
import { type Area, falseAlarm, missed, type Tally } from "../area";
import { type UserCase, userCase } from "../generate/user";
import { GUARD_RULES, getsThrough } from "./guard";

const CONFIG = {
  ...GUARD_RULES,
  guardPolicyArns: [],
  guardedGroups: ["Guarded*"],
  unknown: "warn",
  exemptions: [],
} as const;

/**
 * Users with credentials, in groups in every way. Of a user who is said to be held to MFA no request gets through in any
 * outcome; of one who is not, some outcome is no guard.
 */
export const users: Area = {
  name: "users",
  share: 4,
  async compare(documents, seed, pick, tally) {
    for (const each of fc.sample(userCase, { numRuns: documents, seed }))
      await compareUser(each, pick, tally);
  },
};

async function compareUser(about: UserCase, pick: Random, tally: Tally): Promise<void> {
  const graph = new IamGraph(about.resources);
  const assessed = iamUserRequiresMfa.assess(graph, CONFIG);
  const verdict = assessed.find(({ subject }) => subject.urn === about.user)?.verdict;
  tally.documents += 1;
  if (verdict === "closed") {
    tally.said.safe += 1;
    for (const documents of about.outcomes) {
      const request = await getsThrough(documents, pick, tally);
      if (request !== undefined)
        missed(tally, "held to MFA, but a request is allowed", { ...about, request });
    }
    return;
  }
  tally.said[verdict === "open" ? "open" : "undecided"] += 1;
  if (verdict === "open" && about.hasUnknown)
    falseAlarm(tally, "open, though a group may be a guarded one", about);
  if (verdict === "unknown" && !about.hasUnknown)
    falseAlarm(tally, "unknown, but everything is known", about);
  if (verdict === "open" && about.outcomes.every(isGuard))
    falseAlarm(tally, "open, but held to MFA in every outcome", about);
}

function isGuard(documents: readonly object[]): boolean {
  const policies = documents.map((document) => {
    const parsed = parsePolicy(document, "identity");
    if (!parsed.ok)
      throw new Error(`the generator made a document that is refused: ${JSON.stringify(parsed.errors)}`);
    return parsed.policy;
  });
  return decideGuard(policies, GUARD_RULES).kind === "guarded";
}
