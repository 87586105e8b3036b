import fc from "fast-check";
import {
  DEFAULT_TRUST_RULES,
  decideTrust,
  parsePolicy,
  type TrustRules,
  type TrustWitness,
} from "../../../policy-pack/iam";
import type { Random } from "../../random";
import { type Area, count, falseAlarm, type Tally } from "../area";
import { expectClosed } from "../closed";
import type { TrustCase } from "../enforced";
import { VALUES } from "../generate/condition";
import { AGES, EDGES, edgeDocument, maxAge } from "../generate/edge";
import { rulesOf } from "../generate/rules";
import { callersDocument, trustDocument } from "../generate/trust";
import { ranked } from "../ranked";
import { compareRemediation } from "../remediation";
import { mayAssume } from "../simulator";
import { requestOf } from "../witness";

/** Every class of principal must prove MFA, so that "protected" means that nobody gets in. */
const EVERYBODY: TrustRules = {
  ...DEFAULT_TRUST_RULES,
  principals: {
    service: "enforce",
    federated: "enforce",
    role: "enforce",
    user: "enforce",
    account: "enforce",
  },
};

function caseOf(document: unknown, rules: TrustRules = EVERYBODY): TrustCase {
  const { maxMfaAgeSeconds: most } = rules;
  const tooOld = most === undefined ? [] : [String(most + 1), String(most + 40_000)];
  return { document, rules, values: VALUES, tooOld, mayAssume };
}

function edgeCaseOf(document: unknown, most: number | undefined): TrustCase {
  return {
    document,
    rules: most === undefined ? EVERYBODY : { ...EVERYBODY, maxMfaAgeSeconds: most },
    values: EDGES,
    tooOld: most === undefined ? [] : AGES.filter((age) => BigInt(age) > BigInt(most)),
    mayAssume(asked, request) {
      const exact = ranked(asked, request);
      return mayAssume(exact.document, exact.request);
    },
  };
}

function area(name: string, share: number, cases: fc.Arbitrary<TrustCase>): Area {
  return {
    name,
    share,
    async compare(documents, seed, pick, tally) {
      for (const each of fc.sample(cases, { numRuns: documents, seed }))
        await compareTrust(each, pick, tally);
    },
  };
}

const documents = trustDocument.map((document) => caseOf(document));
const ofCallers = callersDocument.map((document) => caseOf(document));
const configured = fc.tuple(callersDocument, rulesOf).map(([document, rules]) => caseOf(document, rules));
const edges = fc.tuple(edgeDocument, maxAge).map(([document, most]) => edgeCaseOf(document, most));

/** Trust policies: in general, with the keys that a caller decides, by every configuration, and at the edges of numbers. */
export const trust: readonly Area[] = [
  area("trust policies", 26, documents),
  area("callers", 12, ofCallers),
  area("configurations", 16, configured),
  area("numbers and dates", 10, edges),
];

/** Compares the verdict on a trust policy with what the evaluator says of concrete requests. */
async function compareTrust(about: TrustCase, pick: Random, tally: Tally): Promise<void> {
  tally.documents += 1;
  const parsed = parsePolicy(about.document, "trust");
  if (!parsed.ok) {
    throw new Error(`the generator made a document that is refused: ${JSON.stringify(parsed.errors)}`);
  }
  const verdict = decideTrust(parsed.policy, about.rules);
  count(tally, verdict.kind);
  if (verdict.kind === "unknown") {
    falseAlarm(tally, "unknown, but every value is known", about);
  } else if (verdict.kind !== "bypassable") {
    tally.said.safe += 1;
    await expectClosed(about, pick, tally, verdict.kind);
  } else {
    const asked = parsed.policy.refused.length > 0 ? 0 : await confirm(verdict.witnesses, about, tally);
    tally.said[asked > 0 ? "open" : verdict.decided ? "undocumented" : "undecided"] += 1;
    // It asks twice of everybody; a part of the documents is enough.
    if (pick(4) === 0) await compareRemediation(about, pick, tally);
  }
}

/** How many of the ways in the evaluator could be asked about. It must allow each. */
async function confirm(witnesses: readonly TrustWitness[], about: TrustCase, tally: Tally): Promise<number> {
  let asked = 0;
  for (const witness of witnesses) {
    // The evaluator lets a Deny of anyone stop services and identity providers.
    const isMachine = witness.caller === "service" || witness.caller === "federated";
    if (!witness.exact || (isMachine && JSON.stringify(about.document).includes('"*"'))) continue;
    const request = requestOf(witness, about.values);
    tally.witnesses += 1;
    asked += 1;
    if (await about.mayAssume(about.document, request)) continue;
    falseAlarm(tally, "a witness is not allowed", { ...about, request });
  }
  return asked;
}
