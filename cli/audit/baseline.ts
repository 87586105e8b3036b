import { memoize } from "aws-mfa-policy-pack/iam";
import { z } from "zod";
import type { Finding, Report, Subject } from "./report";
import { parseAs } from "./schema";

const finding = z.looseObject({
  fingerprint: z.string(),
  state: z.enum(["new", "known", "exempt"]),
  policy: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  witnesses: z.array(z.unknown()).optional(),
});
const earlier = z.looseObject({
  version: z.literal(1),
  madeAt: z.string().optional(),
  places: z.array(
    z.looseObject({
      subjects: z.array(z.looseObject({ id: z.string().optional(), findings: z.array(finding) })),
    }),
  ),
});

/** The findings of an earlier report. */
export interface Baseline {
  /** When that report was made, if it says so. */
  readonly madeAt: string | undefined;
  readonly fingerprints: ReadonlySet<string>;
  /** The messages of findings without a code, by policy and subject: their fingerprints were made from the messages. */
  readonly messages: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads an earlier report. Its exempt findings do not count, so that they fail when the exemption ends. Throws Failure (`unseen`)
 * unless it is a report of this version.
 */
export function baselineIn(report: unknown, path: string): Baseline {
  const remedy = "Create one: aws-mfa audit --format json --output FILE";
  const { madeAt, places } = parseAs(earlier, report, `${path} is not a report of aws-mfa audit`, remedy);
  const fingerprints = new Set<string>();
  const messages = new Map<string, string[]>();
  for (const { id, findings } of places.flatMap(({ subjects }) => subjects)) {
    for (const { fingerprint, state, policy, code, message, witnesses = [] } of findings) {
      if (state === "exempt") continue;
      fingerprints.add(fingerprint);
      if (code !== undefined || message === undefined || witnesses.length > 0) continue;
      memoize(messages, `${policy} ${id}`, () => []).push(message);
    }
  }
  return { madeAt, fingerprints, messages };
}

/** Marks the findings that the baseline has as known. An exempt finding stays exempt. */
export function against(report: Report, baseline: Baseline): Report {
  const { madeAt } = baseline;
  const marked = (subject: Subject, finding: Finding): Finding =>
    finding.state === "new" && isKnown(subject, finding, baseline) ? { ...finding, state: "known" } : finding;
  return {
    ...report,
    baseline: { madeAt },
    places: report.places.map((place) => ({
      ...place,
      subjects: place.subjects.map((subject) => ({
        ...subject,
        findings: subject.findings.map((finding) => marked(subject, finding)),
      })),
    })),
  };
}

/** A finding without a code is the same if its message has every argument of this one. */
function isKnown(
  { id }: Subject,
  { policy, fingerprint, arguments: args = [], witnesses }: Finding,
  { fingerprints, messages }: Baseline,
): boolean {
  if (fingerprints.has(fingerprint)) return true;
  if (args.length === 0 || witnesses.length > 0) return false;
  return (messages.get(`${policy} ${id}`) ?? []).some((message) =>
    args.every((each) => message.includes(each)),
  );
}
