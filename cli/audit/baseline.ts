import { z } from "zod";
import { Failure } from "../failure";
import type { Report } from "./report";

const finding = z.looseObject({ fingerprint: z.string(), state: z.enum(["new", "known", "exempt"]) });
const before = z.looseObject({
  version: z.literal(1),
  places: z.array(
    z.looseObject({
      subjects: z.array(z.looseObject({ findings: z.array(finding) })),
    }),
  ),
});

/**
 * The fingerprints in a report of before. One that was exempt is none of them, so that it fails when its exemption ends.
 * Throws Failure (`unseen`) where the report is none of this version.
 */
export function knownIn(report: unknown, path: string): ReadonlySet<string> {
  const parsed = before.safeParse(report);
  if (!parsed.success) {
    throw new Failure(
      "unseen",
      `${path} is not a report of aws-mfa audit.`,
      "Make one with: aws-mfa audit --format json --output FILE",
    );
  }
  return new Set(
    parsed.data.places.flatMap(({ subjects }) =>
      subjects.flatMap(({ findings }) =>
        findings.flatMap(({ fingerprint, state }) => (state === "exempt" ? [] : fingerprint)),
      ),
    ),
  );
}

/** Marks what was found before. An exempt finding stays exempt. */
export function against(report: Report, known: ReadonlySet<string>): Report {
  return {
    ...report,
    places: report.places.map((place) => ({
      ...place,
      subjects: place.subjects.map((subject) => ({
        ...subject,
        findings: subject.findings.map((finding) =>
          finding.state === "new" && known.has(finding.fingerprint)
            ? { ...finding, state: "known" }
            : finding,
        ),
      })),
    })),
  };
}
