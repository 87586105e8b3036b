import fc from "fast-check";
import {
  DEFAULT_TRUST_RULES,
  decideTrust,
  parsePolicy,
  type TrustRules,
  Unknown,
} from "../../../policy-pack/iam";
import type { Random } from "../../random";
import { type Area, count, falseAlarm, missed, type Tally } from "../area";
import { VALUES } from "../generate/condition";
import { ALICE, AWAY, BOB, BUILD, BUILD_SESSION, HOME, STRANGER } from "../generate/principal";
import { rulesOf } from "../generate/rules";
import { trustDocument } from "../generate/trust";

const cases = fc.tuple(trustDocument, fc.oneof(fc.constant(DEFAULT_TRUST_RULES), rulesOf));

/**
 * Documents of which values are not known yet: what is said of one must hold for everything that they may turn out to be,
 * of which this asks about some. It is the core that is asked both times; the other areas compare what it says then.
 */
export const unknown: Area = {
  name: "unknown values",
  share: 14,
  async compare(documents, seed, pick, tally) {
    for (const [document, rules] of fc.sample(cases, { numRuns: documents, seed })) {
      compareUnknown(document, rules, pick, tally);
    }
  },
};

type Kind = "safe" | "open" | "undecided";

function compareUnknown(document: unknown, rules: TrustRules, pick: Random, tally: Tally): void {
  const holes = holesIn(document);
  const chosen = [holes[pick(holes.length)], holes[pick(2 * holes.length)]]
    .filter(
      (hole, index, all) => hole !== undefined && all.findIndex((each) => each?.text === hole.text) === index,
    )
    .flatMap((hole, id) =>
      hole === undefined ? [] : [{ ...hole, value: new Unknown("later", undefined, `later ${id}`) }],
    );
  const fill = (value: (hole: Hole, index: number) => unknown) =>
    chosen.reduce((filled, hole, index) => withText(filled, hole.text, value(hole, index)), document);
  tally.documents += 1;
  const verdict = kindOf(
    fill(({ before, after }, index) => Unknown.text("later", [before, chosen[index]?.value ?? "", after])),
    rules,
  );
  if (verdict === undefined) throw new Error(`a document is refused: ${JSON.stringify(document)}`);
  tally.said[verdict.kind] += 1;
  const seen = new Set<Kind>();
  for (let round = 0; round < 24; round += 1) {
    const filled = fill(
      ({ before, after, fillings }) => before + (fillings[pick(fillings.length)] ?? "") + after,
    );
    const filling = kindOf(filled, rules);
    if (filling === undefined || !filling.decided) continue;
    tally.requests += 1;
    seen.add(filling.kind);
    const about = { document, holes: chosen.map(({ text }) => text), filled, rules };
    const isMissed = verdict.kind === "safe" && filling.kind === "open";
    const isFalse = verdict.kind === "open" && filling.kind === "safe" && verdict.decided;
    if (isMissed) missed(tally, "safe, but filled it is open", about);
    if (isFalse) falseAlarm(tally, "open, but filled it is safe", about);
    if (isMissed || isFalse) return;
  }
  if (verdict.kind === "undecided" && seen.size === 1)
    count(tally, "undecided, but the same for all that were tried");
}

/** `undefined` for a document that AWS refuses. */
function kindOf(
  document: unknown,
  rules: TrustRules,
): { readonly kind: Kind; readonly decided: boolean } | undefined {
  const parsed = parsePolicy(document, "trust");
  if (!parsed.ok) return undefined;
  const verdict = decideTrust(parsed.policy, rules);
  if (verdict.kind === "unknown") return { kind: "undecided", decided: true };
  if (verdict.kind !== "bypassable") return { kind: "safe", decided: true };
  return { kind: "open", decided: verdict.decided };
}

/** A text of a document of which a part is not known. */
interface Hole {
  readonly text: string;
  readonly before: string;
  readonly after: string;
  readonly fillings: readonly string[];
}

const ARNS = [ALICE, BOB, BUILD, BUILD_SESSION, STRANGER, HOME, AWAY, "*"];
const ANYTHING = [...ARNS, "true", "false", "sts:AssumeRole", ...Object.values(VALUES).flat()];

/** The places in a document's principals, actions and condition values: whole texts, and the account or the name in an ARN. */
function holesIn(document: unknown): readonly Hole[] {
  return textsIn(document).flatMap((text): Hole[] => {
    if (/^(sts:|true|false|blue|green)/.test(text))
      return [{ text, before: "", after: "", fillings: ANYTHING }];
    const arn = /^(arn:aws:(?:iam|sts)::)(\d{12})(:.*)$/.exec(text);
    if (arn === null)
      return /^\d{12}$/.test(text) ? [{ text, before: "", after: "", fillings: ANYTHING }] : [];
    const [, before = "", , after = ""] = arn;
    const name = text.lastIndexOf("/") + 1;
    const named = {
      text,
      before: text.slice(0, name),
      after: "",
      fillings: ["alice", "bob", "team/bob", "build", "x"],
    };
    return [
      { text, before: "", after: "", fillings: ANYTHING },
      { text, before, after, fillings: [HOME, AWAY] },
      ...(name === 0 || /[*?]/.test(text) || text.includes(":assumed-role/") ? [] : [named]),
    ];
  });
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return [...new Set(Object.values(value).flatMap(textsIn))];
}

/** The document with a value, the same wherever it stands, in place of a text. */
function withText(value: unknown, text: string, other: unknown): unknown {
  if (value === text) return other;
  if (typeof value !== "object" || value === null || value instanceof Unknown) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => withText(each, text, other));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withText(each, text, other)]));
}
