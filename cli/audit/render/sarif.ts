import { pathToFileURL } from "node:url";
import { PREFIX } from "aws-mfa-policy-pack/messages";
import { ABOUT } from "aws-mfa-policy-pack/rules";
import type { Invocation, Location, Log, Message, Notification, ReportingDescriptor, Result } from "sarif";
import { z } from "zod";
import packageJson from "../../package.json";
import type { Finding, Place, Report, Subject } from "../report";
import { type Placed, placed } from "./order";
import { riskText } from "./usage";
import { STANDING, unusedText } from "./words";

/**
 * The findings for code scanning. What could not be read or decided is a notification of the run. Source: OASIS "Static Analysis
 * Results Interchange Format (SARIF) Version 2.1.0", and GitHub's "SARIF support for code scanning", which rejects a file if one result
 * has no path within the repository.
 *
 * @param repository the project's own, which has a page for each policy; without it, AWS's document is linked
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

// GitHub derives its severity from a number: above 9 critical, from 7 high, from 4 medium.
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
  const { kind, name, standing, danger, lastUse, seen } = subject;
  return {
    ruleId: policy,
    ...(danger && { rank: danger.rank }),
    level: level === "advisory" && LEVEL[severity] === "error" ? "warning" : LEVEL[severity],
    message: messageText([`${kind} ${name}: ${message}`, ...riskText(subject)].join("\n")),
    locations: [locationOf(place, subject)],
    // GitHub only uses the second one.
    partialFingerprints: { "awsMfaFinding/v1": fingerprint, primaryLocationLineHash: fingerprint },
    ...(state === "exempt"
      ? { suppressions: [{ kind: "external", status: "accepted", justification: justification(subject) }] }
      : {}),
    ...(compared && state !== "exempt" ? { baselineState: state === "known" ? "unchanged" : "new" } : {}),
    properties: { policyLevel: level, severity, standing, witnesses, danger, lastUse, seen },
  };
}

function justification({ notes }: Subject): string {
  const exemptions = notes.filter((note) => note.includes(PREFIX.exempt));
  return exemptions.length === 0 ? "An exemption covers it." : exemptions.join("\n");
}

function invocationOf({ places, madeAt, ...report }: Report, all: readonly Placed[]): Invocation {
  const troubles = places.flatMap(({ kind, name, trouble }) =>
    trouble === undefined
      ? []
      : [notification("error", `${kind} ${name}: ${trouble.problem}\n${trouble.remedy}`)],
  );
  const undecided = all.flatMap(({ place, subject }) => {
    const { kind, name, standing, reason } = subject;
    if (standing !== "unknown" && standing !== "anyone-with-mfa") return [];
    const text = `${kind} ${name}, ${STANDING[standing]}: ${reason}`;
    return [{ ...notification("warning", text), locations: [locationOf(place, subject)] }];
  });
  const notes = [
    ...places.flatMap(({ kind, name, notes = [] }) => notes.map((note) => `${kind} ${name}: ${note}`)),
    ...unusedText(report),
  ];
  return {
    executionSuccessful: troubles.length === 0,
    endTimeUtc: madeAt,
    toolExecutionNotifications: [
      ...troubles,
      ...undecided,
      ...notes.map((note) => notification("note", note)),
    ],
  };
}

function notification(level: "error" | "warning" | "note", text: string): Notification {
  return { level, message: messageText(text) };
}

/** SARIF reads `[text](target)` as a link, even in a name (3.11.6). */
function messageText(text: string): Message {
  return { text: text.replaceAll("](", "] (") };
}

function locationOf(place: Place, { kind, name, id }: Subject): Location {
  return {
    physicalLocation: { artifactLocation: { uri: pathOf(place) }, region: { startLine: 1 } },
    logicalLocations: [{ name, fullyQualifiedName: id, kind: `aws-iam-${kind}` }],
  };
}

/** The path of the place's file. An account has none, and gets a path of its own. */
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
