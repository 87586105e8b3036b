import { pathToFileURL } from "node:url";
import { PREFIX } from "aws-mfa-policy-pack/messages";
import { ABOUT } from "aws-mfa-policy-pack/rules";
import type { Invocation, Location, Log, Notification, ReportingDescriptor, Result } from "sarif";
import { z } from "zod";
import packageJson from "../../package.json";
import type { Finding, Place, Report, Subject } from "../report";
import { dangerInWords } from "./danger";
import { type Placed, placed } from "./order";
import { usageInWords } from "./usage";
import { STANDING, unusedInWords } from "./words";

/**
 * The findings in the form that code scanning reads. What could not be read, and what is not decided, are notifications of
 * the run. Source: OASIS "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", and GitHub's "SARIF support
 * for code scanning", which refuses a whole file when one result has no path within the repository.
 *
 * @param repository the project's own, which has a page for each policy; AWS's document is linked where it is not known
 */
export function sarif(report: Report, repository = PACKAGE.repository): string {
  const all = placed(report);
  const ids = [...new Set(all.flatMap(({ subject }) => subject.findings.map(({ policy }) => policy)))].sort();
  const compared = report.baseline !== undefined;
  const log: Log = {
    version: "2.1.0",
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    runs: [
      {
        tool: {
          driver: {
            name: "aws-mfa",
            semanticVersion: PACKAGE.version,
            rules: ids.map((id) => ruleOf(id, repository)),
          },
        },
        invocations: [invocationOf(report, all)],
        results: all.flatMap(({ place, subject }) =>
          subject.findings.map((finding) => ({
            ...resultOf(place, subject, finding, compared),
            ruleIndex: ids.indexOf(finding.policy),
          })),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

const PACKAGE = z
  .object({
    version: z.string(),
    repository: z
      .union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)])
      .transform((url) => url.replace(/^git\+/, "").replace(/\.git$/, ""))
      .optional(),
  })
  .parse(packageJson);

const POLICIES = new Map(ABOUT.map((about) => [about.name, about]));

// GitHub sorts alerts into its own levels by a number: above 9 critical, from 7 high, from 4 medium.
const GITHUB_SEVERITY = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };
const LEVEL = { critical: "error", high: "error", medium: "warning", low: "note" } as const;

function ruleOf(policy: string, repository: string | undefined): ReportingDescriptor {
  const about = POLICIES.get(policy);
  if (about === undefined) return { id: policy };
  const page = repository && `${repository}/blob/v${PACKAGE.version}/docs/rules/${policy}.md`;
  const links = [...(page ? [`[What it rejects](${page})`] : []), `[AWS's document](${about.url})`].join(
    " · ",
  );
  return {
    id: policy,
    shortDescription: { text: about.displayName },
    fullDescription: { text: about.description },
    help: {
      text: `${about.description}\n${about.steps}`,
      markdown: `${about.description}\n\n${about.steps}\n\n${links}`,
    },
    helpUri: page || about.url,
    defaultConfiguration: { level: LEVEL[about.severity] },
    properties: { tags: ["security", ...about.tags], "security-severity": GITHUB_SEVERITY[about.severity] },
  };
}

function resultOf(place: Place, subject: Subject, finding: Finding, compared: boolean): Result {
  const { policy, severity, level, message, witnesses, fingerprint, state } = finding;
  return {
    ruleId: policy,
    ...(subject.danger === undefined ? {} : { rank: subject.danger.rank }),
    level: level === "advisory" && LEVEL[severity] === "error" ? "warning" : LEVEL[severity],
    message: {
      text: withoutLinks(
        [
          `${subject.kind} ${subject.name}: ${message}`,
          ...dangerInWords(subject),
          ...usageInWords(subject),
        ].join("\n"),
      ),
    },
    locations: [locationOf(place, subject)],
    // The second is the only one that GitHub goes by.
    partialFingerprints: { "awsMfaFinding/v1": fingerprint, primaryLocationLineHash: fingerprint },
    ...(state === "exempt"
      ? { suppressions: [{ kind: "external", status: "accepted", justification: justification(subject) }] }
      : {}),
    ...(compared && state !== "exempt" ? { baselineState: state === "known" ? "unchanged" : "new" } : {}),
    properties: {
      policyLevel: level,
      severity,
      standing: subject.standing,
      witnesses,
      ...(subject.danger === undefined ? {} : { danger: subject.danger }),
      ...(subject.lastUse === undefined ? {} : { lastUse: subject.lastUse }),
      ...(subject.seen === undefined ? {} : { seen: subject.seen }),
    },
  };
}

function justification({ notes }: Subject): string {
  const given = notes.filter((note) => note.includes(PREFIX.exempt));
  return given.length === 0 ? "An exemption covers it." : given.join("\n");
}

function invocationOf(report: Report, all: readonly Placed[]): Invocation {
  const troubles = report.places.flatMap(({ kind, name, trouble }): Notification[] =>
    trouble === undefined
      ? []
      : [
          {
            level: "error",
            message: { text: withoutLinks(`${kind} ${name}: ${trouble.problem}\n${trouble.remedy}`) },
          },
        ],
  );
  const notes = report.places.flatMap((place) =>
    (place.notes ?? []).map((note): Notification => {
      return { level: "note", message: { text: withoutLinks(`${place.kind} ${place.name}: ${note}`) } };
    }),
  );
  const unused = unusedInWords(report).map((each): Notification => {
    return { level: "note", message: { text: withoutLinks(each) } };
  });
  const undecided = all.flatMap(({ place, subject }): Notification[] =>
    subject.standing !== "unknown" && subject.standing !== "anyone-with-mfa"
      ? []
      : [
          {
            level: "warning",
            message: {
              text: withoutLinks(
                `${subject.kind} ${subject.name}, ${STANDING[subject.standing]}: ${subject.reason}`,
              ),
            },
            locations: [locationOf(place, subject)],
          },
        ],
  );
  return {
    executionSuccessful: troubles.length === 0,
    endTimeUtc: report.madeAt,
    toolExecutionNotifications: [...troubles, ...undecided, ...notes, ...unused],
  };
}

function locationOf(place: Place, { kind, name, id }: Subject): Location {
  return {
    physicalLocation: { artifactLocation: { uri: pathOf(place) }, region: { startLine: 1 } },
    logicalLocations: [{ name, fullyQualifiedName: id, kind: `aws-iam-${kind}` }],
  };
}

/** A file's own path, or that of the file that stands for the place. An account without one gets a path of its own. */
function pathOf({ kind, name, file }: Place): string {
  const path = file ?? { account: `aws/${name}`, state: "Pulumi.yaml", file: name }[kind];
  return /^([/\\]|[A-Za-z]:[/\\])/.test(path) ? pathToFileURL(path).href : relative(path);
}

function relative(path: string): string {
  return path
    .replace(/^(\.[/\\])+/, "")
    .split(/[/\\]/)
    .map((part) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, "\uFFFD")))
    .join("/");
}

/** SARIF takes `[text](target)` for a link, wherever a name brings one along (3.11.6). */
function withoutLinks(text: string): string {
  return text.replaceAll("](", "] (");
}
