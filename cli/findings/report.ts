import { createHash } from "node:crypto";
import type { About } from "aws-mfa-policy-pack/evaluation";
import { RESOURCE_TYPES, type ResourceType } from "aws-mfa-policy-pack/iam-graph";
import { verdictOfNote } from "aws-mfa-policy-pack/messages";
import { ABOUT, deciding, iamMfaNotes, RULES } from "aws-mfa-policy-pack/rules";
import { sortedByDanger } from "../audit/render/order";
import type { Finding, Passed, Place, Standing, Subject } from "../audit/report";
import type { PolicyEvents, Violation } from "./event-log";
import { partsOf } from "./urn";

const POLICIES: ReadonlyMap<string, About> = new Map(ABOUT.map((about) => [about.name, about]));

/** The policies that look for a way past MFA. The others are about how a policy is written. */
const WAYS_IN = new Set(RULES.flatMap(({ decides, about }) => (decides === undefined ? [] : [about.name])));

/** The kind of a subject, for each kind of resource that is not a policy. */
const KINDS: Readonly<Partial<Record<ResourceType["kind"], Subject["kind"]>>> = {
  role: "role",
  group: "group",
  user: "user",
  credential: "user",
  membership: "user",
  "mfa-device": "device",
  template: "template",
  "cloud-control": "template",
};

/**
 * The stack of a preview. Its subjects are the resources that a policy reported; `passed` lists the roles, groups, users, devices and
 * templates without a report. The events do not distinguish one that requires MFA from one that no person can use.
 *
 * @param file a file of the repository to show the findings at
 */
export function placeOf(events: PolicyEvents, file: string | undefined): Place {
  const urns = new Set([...events.violations, ...events.remediated].map(({ urn }) => urn));
  const stack = [...urns, ...events.passed.keys()].map(partsOf).find((parts) => parts !== undefined);
  return {
    kind: "state",
    name: stack === undefined ? "stack" : `${stack.project}/${stack.stack}`,
    ...(file !== undefined && { file }),
    ...(events.coverage === "stack" ? passedIn(events, urns) : WITHOUT_SUMMARIES[events.coverage]),
    subjects: sortedByDanger(
      [...urns].map((urn) => subjectOf(urn, events)),
      (subject) => subject,
    ),
  };
}

const ENDED_EARLY = {
  trouble: {
    problem:
      "The preview ended before the policy pack evaluated the whole stack: nothing is known about its groups and users.",
    remedy: "Fix the error in the preview, then run it again.",
  },
};
const UNNAMED =
  "pulumi policy analyze does not record what it evaluated, so resources that passed are not listed here.";

/** What is known of the stack as a whole if the log has no summary of it. */
const WITHOUT_SUMMARIES: Readonly<
  Record<Exclude<PolicyEvents["coverage"], "stack">, Pick<Place, "trouble" | "notes" | "passed">>
> = {
  none: ENDED_EARLY,
  resources: ENDED_EARLY,
  unknown: {
    trouble: {
      problem:
        "The log has the policy pack's violations but not what it evaluated, so it is not known whether other resources, groups and users were checked.",
      remedy: "Run the whole preview with Pulumi CLI 3.200 or later: older ones do not record it.",
    },
  },
  state: { notes: [UNNAMED], passed: "unnamed" },
  "state-rejected": {
    notes: [
      UNNAMED,
      "It does not distinguish a rejected run from one that stopped after a violation either: check the output of pulumi policy analyze.",
    ],
    passed: "unnamed",
  },
  "state-failed": {
    trouble: {
      problem: "pulumi policy analyze failed before it evaluated everything.",
      remedy: "Fix the error it reports, then run it again.",
    },
  },
};

/** What passed of a whole stack. Without the notes nothing does, because an undecided resource would look the same. */
function passedIn(
  { passed, stackPolicies }: PolicyEvents,
  reported: ReadonlySet<string>,
): Pick<Place, "notes" | "passed"> {
  if (!stackPolicies.has(iamMfaNotes.name)) {
    const note = `${iamMfaNotes.name} is disabled, so undecided resources are not reported and nothing counts as passed.`;
    return passed.size === 0 ? {} : { notes: [note] };
  }
  return {
    passed: [...passed].flatMap(([urn, policies]): Passed[] => {
      const parts = partsOf(urn);
      if (parts === undefined || reported.has(urn)) return [];
      const type = RESOURCE_TYPES.get(parts.type)?.kind;
      // They belong to a user or a group, and are not one themselves.
      if (type === undefined || type === "credential" || type === "membership") return [];
      const kind = kindOf(parts.type);
      const policy = deciding(kind === "template" ? "role" : kind)?.about.name;
      if (policy === undefined || !(policies.has(policy) || stackPolicies.has(policy))) return [];
      return [{ kind, name: parts.name, id: urn }];
    }),
  };
}

function subjectOf(urn: string, events: PolicyEvents): Subject {
  const violations = events.violations.filter((each) => each.urn === urn);
  const findings = violations.filter(({ policy }) => policy !== iamMfaNotes.name).map(findingOf);
  const notes = [
    ...violations.filter(({ policy }) => policy === iamMfaNotes.name).map(messageOf),
    ...events.remediated
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

/** Without the rule's name and the name of the resource inside a template. */
function textOfNote(note: string): string {
  return note.replace(/^[a-z-]+: /, "").replace(/^In the template, [^:]*: /, "");
}

/** The fingerprint of several findings of one policy on one resource, as inside a template, includes their order. */
function findingOf(violation: Violation, _index: number, all: readonly Violation[]): Finding {
  const { policy, urn, level } = violation;
  const same = all.filter((each) => each.policy === policy);
  const identity = [policy, urn, String(same.indexOf(violation))].join("\n");
  return {
    policy,
    severity: POLICIES.get(policy)?.severity ?? "high",
    level,
    message: messageOf(violation),
    witnesses: [],
    fingerprint: createHash("sha256").update(identity).digest("hex"),
    state: "new",
  };
}

/** Without the policy's description, which the engine puts before each message. */
function messageOf({ policy, message }: Violation): string {
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
  return (kind !== undefined && KINDS[kind]) || "policy";
}
