import { z } from "zod";
import { Failure } from "../failure";
import type { Report } from "./report";

const before = z.looseObject({
  version: z.literal(1),
  places: z.array(
    z.looseObject({
      subjects: z.array(z.looseObject({ findings: z.array(z.looseObject({ fingerprint: z.string() })) })),
    }),
  ),
});

/** The fingerprints in a report of before. Throws Failure (`unseen`) where it is none of this version. */
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
      subjects.flatMap(({ findings }) => findings.map(({ fingerprint }) => fingerprint)),
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
