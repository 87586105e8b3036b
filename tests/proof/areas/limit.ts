import fc from "fast-check";
import { decideTrust, type Limit, limitTrust, parseLimit, parsePolicy } from "../../../policy-pack/iam";
import type { Random } from "../../random";
import { type Area, count, type Tally } from "../area";
import { expectClosed } from "../closed";
import type { TrustCase } from "../enforced";
import { VALUES } from "../generate/condition";
import { type GivenLimit, limitsOf, openDocument } from "../generate/limit";
import { HOME } from "../generate/principal";
import { rulesOf } from "../generate/rules";
import { callersDocument } from "../generate/trust";
import { mayAssume, type Request, ROLE } from "../simulator";

/** Trust policies that an organization's policies limit. What they are said to close is compared, and what it takes for it. */
export const limits: Area = {
  name: "limits",
  share: 16,
  async compare(documents, seed, pick, tally) {
    const trust = fc.oneof({ weight: 1, arbitrary: callersDocument }, { weight: 4, arbitrary: openDocument });
    const cases = fc.tuple(trust, limitsOf, rulesOf);
    for (const [document, given, rules] of fc.sample(cases, { numRuns: documents, seed })) {
      const { maxMfaAgeSeconds: most } = rules;
      const tooOld = most === undefined ? [] : [String(most + 1), String(most + 40_000)];
      await compareLimited({ document, rules, values: VALUES, tooOld }, given, pick, tally);
    }
  },
};

async function compareLimited(
  about: Omit<TrustCase, "mayAssume">,
  given: readonly GivenLimit[],
  pick: Random,
  tally: Tally,
): Promise<void> {
  tally.documents += 1;
  const parsed = parsePolicy(about.document, "trust");
  if (!parsed.ok) throw new Error(`the generator made a document that is refused: ${JSON.stringify(parsed)}`);
  const before = decideTrust(parsed.policy, about.rules);
  const role = { arn: ROLE, account: HOME };
  const limited = limitTrust(parsed.policy, role, given.map(limitOf), about.rules, before);
  if (limited === undefined) {
    count(tally, before.kind);
    tally.said.open += 1;
    return;
  }
  count(tally, `${before.kind} → ${limited.verdict.kind}`);
  tally.said.safe += 1;
  // Those that are named must be enough.
  const by = given.filter(({ name }) => limited.by.some((each) => each.name === name));
  const asking = (document: unknown, request: Request) =>
    mayAssume(document, request, organization(by, request));
  await expectClosed({ ...about, ...{ limits: by }, mayAssume: asking }, pick, tally, "closed by limits");
}

function limitOf({ kind, name, document, accounts }: GivenLimit): Limit {
  const read = parseLimit(document, { kind, name, accounts: new Set(accounts) });
  if (!read.ok) throw new Error(`the generator made a limit that is refused: ${JSON.stringify(read.errors)}`);
  return read.limit;
}

/** The policies that limit a request to the role: SCPs of the caller's account, RCPs of the role's. */
function organization(all: readonly GivenLimit[], { principal }: Request) {
  const of = (kind: GivenLimit["kind"], account: string) =>
    all
      .filter((each) => each.kind === kind && each.accounts.includes(account))
      .map(({ document }) => document);
  return { scps: of("SCP", principal.split(":")[4] ?? ""), rcps: of("RCP", HOME) };
}
