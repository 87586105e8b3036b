import { z } from "zod";
import { Failure } from "../failure";
import type { Finding, Report, Subject } from "./report";

const finding = z.looseObject({
  fingerprint: z.string(),
  state: z.enum(["new", "known", "exempt"]),
  policy: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  witnesses: z.array(z.unknown()).optional(),
});
const before = z.looseObject({
  version: z.literal(1),
  madeAt: z.string().optional(),
  places: z.array(
    z.looseObject({
      subjects: z.array(z.looseObject({ id: z.string().optional(), findings: z.array(finding) })),
    }),
  ),
});

/** What was found before. */
export interface Baseline {
  /** When the report of before was made, if it says so. */
  readonly madeAt: string | undefined;
  readonly fingerprints: ReadonlySet<string>;
  /** The messages of findings without a code, by policy and subject: the fingerprint of such a one was made of its message. */
  readonly messages: ReadonlyMap<string, readonly string[]>;
}

/**
 * The findings in a report of before. One that was exempt is none of them, so that it fails when its exemption ends.
 * Throws Failure (`unseen`) where the report is none of this version.
 */
export function baselineIn(report: unknown, path: string): Baseline {
  const parsed = before.safeParse(report);
  if (!parsed.success) {
    throw new Failure(
      "unseen",
      `${path} is not a report of aws-mfa audit.`,
      "Create one: aws-mfa audit --format json --output FILE",
    );
  }
  const fingerprints = new Set<string>();
  const messages = new Map<string, string[]>();
  for (const { id, findings } of parsed.data.places.flatMap(({ subjects }) => subjects)) {
    for (const { fingerprint, state, policy, code, message, witnesses = [] } of findings) {
      if (state === "exempt") continue;
      fingerprints.add(fingerprint);
      if (code !== undefined || message === undefined || witnesses.length > 0) continue;
      const key = `${policy} ${id}`;
      messages.set(key, [...(messages.get(key) ?? []), message]);
    }
  }
  return { madeAt: parsed.data.madeAt, fingerprints, messages };
}

/** Marks what was found before. An exempt finding stays exempt. */
export function against(report: Report, baseline: Baseline): Report {
  const { madeAt } = baseline;
  return {
    ...report,
    baseline: madeAt === undefined ? {} : { madeAt },
    places: report.places.map((place) => ({
      ...place,
      subjects: place.subjects.map((subject) => ({
        ...subject,
        findings: subject.findings.map((finding) =>
          finding.state === "new" && isKnown(subject, finding, baseline)
            ? { ...finding, state: "known" }
            : finding,
        ),
      })),
    })),
  };
}

/** A message without a code told the same finding where it named everything that tells this one from others. */
function isKnown(
  { id }: Subject,
  { policy, fingerprint, arguments: told = [], witnesses }: Finding,
  { fingerprints, messages }: Baseline,
): boolean {
  if (fingerprints.has(fingerprint)) return true;
  if (told.length === 0 || witnesses.length > 0) return false;
  return (messages.get(`${policy} ${id}`) ?? []).some((message) =>
    told.every((each) => message.includes(each)),
  );
}
