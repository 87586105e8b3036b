import type { Result } from "../evaluation/evaluate";
import type { Exemption } from "../evaluation/exemption";
import type { Description } from "../evaluation/rule";
import type { ClosedBy } from "../iam/limits/limit";
import { componentFix } from "./component";
import { PREFIX } from "./prefix";

/** The text of a violation: what was found, where, and what to do. */
export function violationText({ rule, assessment, exemption, effect }: Result): string {
  const { lines } = rule.describe(assessment);
  const told =
    assessment.verdict === "unknown"
      ? [
          `Cannot be proven yet: ${lines.join(" ")}.`,
          'Fix: use values that are known at preview, or set "unknown" to "warn" to decide at the update.',
        ]
      : lines;
  const expired =
    effect === "violation" && exemption !== undefined
      ? [`The exemption "${exemption.reason}" expired on ${exemption.expires ?? ""}.`]
      : [];
  const where = assessment.subject.urn && componentFix(rule.about.name, assessment.subject.urn);
  return [...told, ...(where ? [where] : []), ...expired].join("\n");
}

/** What must be said although it rejects nothing. */
export function notesOf({ rule, assessment, effect, exemption }: Result): readonly string[] {
  const { verdict, contested = [] } = assessment;
  const notes =
    contested.length === 0
      ? []
      : [
          `${contested.join(" and ")} overwrite each other in an undefined order, so the worse outcome counts. ` +
            "Fix: keep one of them, or give them different names.",
        ];
  if (effect === "exempt" && exemption !== undefined) return [...notes, exemptText(exemption)];
  if (effect !== "note") return notes;
  const text = rule.describe(assessment).lines.join(" ");
  return [
    verdict === "unknown" ? `${PREFIX.unknown}${text}.` : `${PREFIX["anyone-with-mfa"]}${text}`,
    ...notes,
  ];
}

/** What is said of a violation that an exemption covers. */
export function exemptText({ reason, expires }: Exemption): string {
  return `${PREFIX.exempt}${reason}${expires === undefined ? "" : ` (until ${expires})`}.`;
}

/** Why a subject's verdict is what it is, in one sentence. */
export function reasonText({ rule, assessment, effect, exemption }: Result): string {
  if (effect === "exempt" && exemption !== undefined) return exemptText(exemption);
  const { closedBy = [] } = assessment;
  const closed = closedBy.length === 0 ? "" : `Closed by ${closedBy.map(limitName).join(" and ")}. `;
  return `${closed}${rule.describe(assessment).reason}`;
}

/** Such as `the SCP p-examplepolicyid (RequireMfa)`. */
export function limitName({ kind, name }: ClosedBy): string {
  return `the ${kind} ${name}`;
}

/** A description of one sentence, followed by lines. */
export function described(reason: string, ...lines: readonly string[]): Description {
  return { reason, lines: [reason, ...lines] };
}
