import { createHash } from "node:crypto";
import type { About } from "aws-mfa-policy-pack/evaluation";
import { RESOURCE_TYPES } from "aws-mfa-policy-pack/iam-graph";
import { verdictOfNote } from "aws-mfa-policy-pack/messages";
import { ABOUT, deciding, iamMfaNotes, RULES } from "aws-mfa-policy-pack/rules";
import { sortedByDanger } from "../audit/render/order";
import type { Finding, Passed, Place, Standing, Subject } from "../audit/report";
import type { PolicyEvents, Violation } from "./event-log";
import { partsOf } from "./urn";

const POLICIES: ReadonlyMap<string, About> = new Map(ABOUT.map((about) => [about.name, about]));

/** The policies that look for a way past MFA; the others are about how a policy is written. */
const WAYS_IN = new Set(RULES.flatMap(({ decides, about }) => (decides === undefined ? [] : [about.name])));

/**
 * The stack of a preview: as subjects, every resource that a policy said something about; as passed, every role, group, user, device
 * and template of which nothing was said. The events do not tell one of those that requires MFA from one that no person can use.
 *
 * @param file a file of the repository to show the findings at
 */
export function placeOf(events: PolicyEvents, file: string | undefined): Place {
  const urns = new Set([...events.violations, ...events.mended].map(({ urn }) => urn));
  const stack = [...urns, ...events.passed.keys()].map(partsOf).find((parts) => parts !== undefined);
  const trouble = troubleOf(events.asked);
  const passed = passedOf(events, urns);
  const notes = notesOf(events);
  return {
    kind: "state",
    name: stack === undefined ? "stack" : `${stack.project}/${stack.stack}`,
    ...(file !== undefined && { file }),
    ...(trouble !== undefined && { trouble }),
    ...(notes.length > 0 && { notes }),
    ...(passed !== undefined && { passed }),
    subjects: sortedByDanger(
      [...urns].map((urn) => subjectOf(urn, events)),
      (subject) => subject,
    ),
  };
}

/** What passed. Where the notes are silent, what is undecided would look the same, so nothing is said then. */
function passedOf(events: PolicyEvents, spokenOf: ReadonlySet<string>): Place["passed"] {
  switch (events.asked) {
    case "state":
    case "state-rejected":
      return "unnamed";
    case "stack":
      break;
    default:
      return undefined;
  }
  const { passed, stackPolicies } = events;
  if (!stackPolicies.has(iamMfaNotes.name)) return undefined;
  return [...passed].flatMap(([urn, policies]): Passed[] => {
    const parts = partsOf(urn);
    if (parts === undefined || spokenOf.has(urn)) return [];
    const row = RESOURCE_TYPES.get(parts.type);
    const kind = kindOf(parts.type);
    const policy = deciding(kind === "template" ? "role" : kind)?.about.name;
    const isOneItself = row !== undefined && row.kind !== "credential" && row.kind !== "membership";
    if (policy === undefined || !isOneItself || !(policies.has(policy) || stackPolicies.has(policy)))
      return [];
    return [{ kind, name: parts.name, id: urn }];
  });
}

function notesOf({ asked, stackPolicies, passed }: PolicyEvents): readonly string[] {
  switch (asked) {
    case "stack":
      return stackPolicies.has(iamMfaNotes.name) || passed.size === 0
        ? []
        : [
            `${iamMfaNotes.name} is disabled, so undecided resources are not reported and nothing counts as passed.`,
          ];
    case "state":
      return [UNNAMED];
    case "state-rejected":
      return [
        UNNAMED,
        "It does not distinguish a rejected run from one that stopped after a violation either: check the output of pulumi policy analyze.",
      ];
    default:
      return [];
  }
}

const UNNAMED =
  "pulumi policy analyze does not record what it evaluated, so resources that passed are not listed here.";

/** What keeps the report from being about the whole stack. */
function troubleOf(asked: PolicyEvents["asked"]): Place["trouble"] {
  switch (asked) {
    case "stack":
    case "state":
    case "state-rejected":
      return undefined;
    case "state-failed":
      return {
        problem: "pulumi policy analyze failed before it evaluated everything.",
        remedy: "Fix the error it reports, then run it again.",
      };
    case "untold":
      return {
        problem:
          "The log has the policy pack's violations but not what it evaluated, so it is not known whether other resources, groups and users were checked.",
        remedy: "Run the whole preview with Pulumi CLI 3.200 or later: older ones do not record it.",
      };
    case "resources":
    case "nowhere":
      return {
        problem:
          "The preview ended before the policy pack evaluated the whole stack: nothing is known about its groups and users.",
        remedy: "Fix the error in the preview, then run it again.",
      };
  }
}

function subjectOf(urn: string, events: PolicyEvents): Subject {
  const said = events.violations.filter((each) => each.urn === urn);
  const findings = said.filter(({ policy }) => policy !== iamMfaNotes.name).map(findingOf);
  const notes = [
    ...said.filter(({ policy }) => policy === iamMfaNotes.name).map(wordsOf),
    ...events.mended
      .filter((each) => each.urn === urn)
      .map(({ policy }) => `${policy}: remediated before creation.`),
  ];
  const parts = partsOf(urn);
  return {
    kind: kindOf(parts?.type ?? ""),
    name: parts?.name ?? urn,
    id: urn,
    ...standingOf(findings, notes),
    findings,
    notes,
  };
}

function standingOf(
  findings: readonly Finding[],
  notes: readonly string[],
): { standing: Standing; reason: string } {
  const open = findings.find(({ policy }) => WAYS_IN.has(policy));
  if (open !== undefined) return { standing: "open", reason: firstLine(open.message) };
  for (const standing of ["anyone-with-mfa", "unknown", "exempt"] as const) {
    const reason = notes.find((note) => verdictOfNote(textOfNote(note)) === standing);
    if (reason !== undefined) return { standing, reason };
  }
  const [other] = findings;
  if (other !== undefined) return { standing: "unknown", reason: firstLine(other.message) };
  return { standing: "protected", reason: notes[0] ?? "" };
}

/** Without the rule's name, and the name of the resource inside a template. */
function textOfNote(note: string): string {
  return note.replace(/^[a-z-]+: /, "").replace(/^In the template, [^:]*: /, "");
}

/** Several findings of one policy on one resource, as inside a template, are told apart by their order. */
function findingOf(said: Violation, _index: number, all: readonly Violation[]): Finding {
  const same = all.filter(({ policy }) => policy === said.policy);
  const identity = [said.policy, said.urn, String(same.indexOf(said))].join("\n");
  return {
    policy: said.policy,
    severity: POLICIES.get(said.policy)?.severity ?? "high",
    level: said.level,
    message: wordsOf(said),
    witnesses: [],
    fingerprint: createHash("sha256").update(identity).digest("hex"),
    state: "new",
  };
}

/** Without the policy's description, which the engine puts before each message. */
function wordsOf({ policy, message }: Violation): string {
  const description = POLICIES.get(policy)?.description;
  return description !== undefined && message.startsWith(`${description}\n`)
    ? message.slice(description.length + 1)
    : message;
}

function firstLine(text: string): string {
  return (text.split("\n", 1)[0] ?? "").replace(/:$/, ".");
}

function kindOf(type: string): Subject["kind"] {
  const kind = RESOURCE_TYPES.get(type)?.kind;
  switch (kind) {
    case "role":
    case "group":
    case "user":
    case "template":
      return kind;
    case "cloud-control":
      return "template";
    case "credential":
    case "membership":
      return "user";
    case "mfa-device":
      return "device";
    default:
      return "policy";
  }
}
