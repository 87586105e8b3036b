import type { Result } from "../evaluation/evaluate";
import type { Exemption } from "../evaluation/exemption";
import type { Description } from "../evaluation/rule";
import type { ClosedBy } from "../iam/limits/limit";
import { componentFix } from "./component";
import { linesOf } from "./lines";
import { PREFIX } from "./prefix";

/** The text of a violation: what was found, where, and how to fix it. */
export function violationText({ rule, assessment, exemption, effect }: Result): string {
  const { lines } = rule.describe(assessment);
  const { verdict, subject } = assessment;
  return linesOf(
    verdict !== "unknown" && lines,
    verdict === "unknown" && [
      `Cannot be proven yet: ${lines.join(" ")}.`,
      'Fix: use values that are known at preview, or set "unknown" to "warn" to decide at the update.',
    ],
    componentFix(rule.about.name, subject.urn) ?? false,
    effect === "violation" &&
      exemption !== undefined &&
      `The exemption "${exemption.reason}" expired on ${exemption.expires ?? ""}.`,
  ).join("\n");
}

/** The notes on a result that is not a violation, and on writes in an undefined order. */
export function notesOf({ rule, assessment, effect, exemption }: Result): readonly string[] {
  const { verdict, contested = [] } = assessment;
  const order =
    contested.length > 0 &&
    `${contested.join(" and ")} overwrite each other in an undefined order, so the worse outcome counts. ` +
      "Fix: keep one of them, or give them different names.";
  if (effect === "exempt" && exemption !== undefined) return linesOf(order, exemptText(exemption));
  if (effect !== "note") return linesOf(order);
  const text = rule.describe(assessment).lines.join(" ");
  return linesOf(
    verdict === "unknown" ? `${PREFIX.unknown}${text}.` : `${PREFIX["anyone-with-mfa"]}${text}`,
    order,
  );
}

/** The text for a violation that an exemption covers. */
export function exemptText({ reason, expires }: Exemption): string {
  return `${PREFIX.exempt}${reason}${expires === undefined ? "" : ` (until ${expires})`}.`;
}

/** The reason for a subject's verdict, in one sentence. */
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
