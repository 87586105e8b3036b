import { type Exemption, evaluate, type Result, type Setting } from "aws-mfa-policy-pack/evaluation";
import {
  type AssumableBy,
  assumableBy,
  decideGuard,
  type Limit,
  memoize,
  type Policy,
} from "aws-mfa-policy-pack/iam";
import { IamGraph, RESOURCE_TYPES, type Resource } from "aws-mfa-policy-pack/iam-graph";
import { few, limitName, notesOf, reasonText } from "aws-mfa-policy-pack/messages";
import { deciding, type UserData } from "aws-mfa-policy-pack/rules";
import { Dangers, type Trust } from "./danger/danger";
import { findingOf } from "./finding";
import type { AuditInput, ResourceFacts } from "./input";
import { declaredLimits } from "./limits/declared";
import { sortedByDanger } from "./render/order";
import { unlisted } from "./render/words";
import type { Place, Standing, Subject } from "./report";

type Kind = Subject["kind"];
type Decision = Pick<Subject, "standing" | "reason" | "closedBy">;

/**
 * Evaluates the resources of an input by the rules of the pack, as if they were one stack, and decides the standing of each role,
 * group and user. The most dangerous subjects come first.
 *
 * @param used gets the exemptions that covered something
 * @param limits the SCPs and RCPs of the organization
 */
export function evaluateInput(
  input: AuditInput,
  settings: readonly Setting[],
  now: Date,
  used = new Set<Exemption>(),
  limits: readonly Limit[] = [],
): Place {
  const { kind, name, alias, file, trouble } = input;
  const evaluation = new Evaluation(input, settings, now, used, limits);
  const subjects = [...(input.subjects ?? []), ...evaluation.subjects()];
  const declared = declaredLimits(evaluation.graph.resources, input);
  const notes = [...(input.notes ?? []), ...declared.notes, ...closedNotes(subjects)];
  const notLookedAt = {
    ...input.notLookedAt,
    ...(declared.uncounted > 0 && { limits: declared.uncounted }),
  };
  return {
    ...{ kind, name, alias, file, trouble },
    notes: notes.length > 0 ? notes : undefined,
    notLookedAt: Object.keys(notLookedAt).length > 0 ? notLookedAt : undefined,
    subjects: sortedByDanger(subjects, (subject) => subject),
  };
}

/** What each policy of the organization, or permissions boundary, closes. */
function closedNotes(subjects: readonly Subject[]): readonly string[] {
  const closed = new Map<string, string[]>();
  for (const { kind, name, closedBy = [] } of subjects)
    for (const each of closedBy) memoize(closed, limitName(each), () => []).push(`${kind} ${name}`);
  return [...closed].map(([by, names]) => `Closed by ${by}: ${few(names)}.`);
}

class Evaluation {
  /** All resources, with those that templates declare. */
  readonly graph: IamGraph;
  private readonly results = new Map<string, Result[]>();
  private readonly dangers: Dangers;
  private readonly assumable = new Map<Policy, readonly AssumableBy[]>();

  constructor(
    private readonly input: AuditInput,
    settings: readonly Setting[],
    now: Date,
    used: Set<Exemption>,
    limits: readonly Limit[],
  ) {
    this.graph = new IamGraph(input.resources, undefined, limits);
    this.dangers = new Dangers(this.graph, input.awsPolicies, (role) => this.trustOf(role)?.assumableBy);
    for (const result of evaluate(this.graph, settings, now)) {
      memoize(this.results, result.assessment.subject.urn, () => []).push(result);
      if (result.exemption !== undefined) used.add(result.exemption);
    }
  }

  subjects(): readonly Subject[] {
    return this.graph.resources.flatMap((resource) => {
      const kind = this.kindOf(resource);
      return kind === undefined ? [] : [this.subject(kind, resource)];
    });
  }

  /** `undefined` for a resource that is no subject. */
  private kindOf(resource: Resource): Kind | undefined {
    const kind = RESOURCE_TYPES.get(resource.type)?.kind;
    if (kind === "role" || kind === "group" || kind === "user") return kind;
    if (kind === undefined) return undefined;
    if (resource.unattached !== true && !this.resultsOf(resource).some(isReported)) return undefined;
    switch (kind) {
      case "mfa-device":
        return "device";
      case "template":
        return "template";
      case "cloud-control":
      case "account":
      case "outside": {
        // The resources in it are subjects themselves.
        const nested = this.graph.nested.find(({ holder }) => holder === resource);
        return (nested?.resources.length ?? 0) > 0 ? undefined : "template";
      }
      case "credential":
        return "user";
      default:
        return "policy";
    }
  }

  private subject(kind: Kind, resource: Resource): Subject {
    const results = this.resultsOf(resource).filter(({ level }) => level !== "disabled");
    const { credentials, remark, lastUse, members } = this.factsOf(resource);
    const decision = this.decide(kind, resource);
    const trust = kind === "role" ? this.trustOf(resource) : undefined;
    const canBeDangerous =
      (decision.standing === "open" || decision.standing === "anyone-with-mfa") &&
      kind !== "device" &&
      kind !== "template";
    return {
      kind,
      name: nameOf(resource),
      id: resource.urn,
      ...decision,
      findings: results.flatMap(findingOf),
      notes: [
        ...results.flatMap((result) =>
          notesOf(result).map((note) =>
            result.effect === "exempt" ? `${result.rule.about.name}: ${note}` : note,
          ),
        ),
        ...(remark === undefined ? [] : [remark]),
      ],
      assumableBy: trust?.assumableBy,
      setup:
        kind === "user" && credentials !== undefined && credentials !== "unknown"
          ? { ...credentials, guardedBy: this.guardsOf(resource) }
          : undefined,
      danger: canBeDangerous ? this.dangers.of(resource, this.trustOf(resource)) : undefined,
      lastUse,
      members,
    };
  }

  private decide(kind: Kind, resource: Resource): Decision {
    if (kind === "policy") return this.decidePolicy(resource);
    const results = this.resultsOf(resource).filter(
      ({ rule }) => kind === "template" || rule === deciding(kind),
    );
    const result = results.find(({ assessment }) => assessment.verdict !== "refused") ?? results[0];
    if (result === undefined)
      return { standing: "unknown", reason: "Its trust policy is not declared here." };
    const code: UserData["code"] = "no-credentials";
    return result.assessment.data.code === code
      ? this.decideWithoutCredentials(resource, result)
      : decisionOf(result);
  }

  /** A policy alone is a guard, or its standing depends on the other policies of its holders. */
  private decidePolicy(resource: Resource): Decision {
    const result = this.resultsOf(resource).find(({ rule }) => rule === deciding("group"));
    if (result !== undefined) return decisionOf(result);
    const [held] = this.graph.documentsIn(resource);
    if (held?.document.kind === "policy" && decideGuard([held.document.policy]).kind === "guarded") {
      return {
        standing: "protected",
        reason: "It is a guard: without MFA, its holder can only enroll a device.",
      };
    }
    const reason =
      held?.document.kind === "refused"
        ? "AWS would refuse this policy document, so it cannot be evaluated."
        : "It is no guard by itself: the other policies of its holders decide.";
    return { standing: "unknown", reason };
  }

  /** Only an account shows whether a user has credentials that are not declared. */
  private decideWithoutCredentials(resource: Resource, result: Result): Decision {
    const { credentials } = this.factsOf(resource);
    if (credentials === undefined) return { standing: "unknown", reason: reasonText(result) };
    if (credentials === "unknown") {
      const reason = "Nothing requires MFA of the user, and their credentials are not known.";
      return { standing: "unknown", reason };
    }
    const lists = unlisted(credentials).join(" and ");
    if (lists !== "" && this.input.isLive === true) {
      const reason = `Nothing requires MFA of the user, and AWS did not list their ${lists}, which never ask for it.`;
      return { standing: "unknown", reason };
    }
    const known =
      credentials.password === null
        ? "Has no password and no active access key to sign in with"
        : "Has no active access key, and AWS asks for the MFA device at every sign-in with the password";
    const reason = lists === "" ? `${known}.` : `${known}; the files do not list their ${lists}.`;
    return { standing: "protected", reason };
  }

  /** What requires MFA of a user. */
  private guardsOf(resource: Resource): readonly string[] {
    const code: UserData["code"] = "guarded";
    const guarded = this.decidingAssessments("user", resource).find(({ data }) => data.code === code);
    return [...(guarded?.arguments ?? []), ...(guarded?.closedBy ?? []).map(limitName)];
  }

  private trustOf(resource: Resource): Trust | undefined {
    const [policy] = this.decidingAssessments("role", resource).flatMap(({ policies = [] }) => policies);
    return policy && { policy, assumableBy: memoize(this.assumable, policy, () => assumableBy(policy)) };
  }

  /** The assessments of the rule that decides the standing of subjects of this kind. */
  private decidingAssessments(kind: Kind, resource: Resource): readonly Result["assessment"][] {
    return this.resultsOf(resource).flatMap(({ rule, assessment }) =>
      rule === deciding(kind) ? [assessment] : [],
    );
  }

  private resultsOf({ urn }: Resource): readonly Result[] {
    return this.results.get(urn) ?? [];
  }

  private factsOf({ urn }: Resource): ResourceFacts {
    return this.input.facts?.get(urn) ?? {};
  }
}

const STANDING = {
  closed: "protected",
  open: "open",
  "anyone-with-mfa": "anyone-with-mfa",
  exempt: "exempt",
  unknown: "unknown",
  refused: "unknown",
} as const satisfies Record<string, Standing>;

function decisionOf(result: Result): Decision {
  const { effect, assessment } = result;
  const isExempt = effect === "exempt" && assessment.verdict === "open";
  return {
    standing: isExempt ? "exempt" : STANDING[assessment.verdict],
    reason: reasonText(result),
    closedBy: assessment.closedBy?.map(({ kind, name }) => ({ kind, name })),
  };
}

function isReported({ level, effect }: Result): boolean {
  return level !== "disabled" && effect !== "pass";
}

function nameOf({ type, props, name }: Resource): string {
  const row = RESOURCE_TYPES.get(type);
  const key = row?.kind === "credential" ? row.user : row !== undefined && "name" in row && row.name;
  const own = key ? props[key] : undefined;
  return typeof own === "string" ? own : name;
}
