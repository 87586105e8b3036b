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
import type { AuditInput } from "./input";
import { declaredLimits } from "./limits/declared";
import { sortedByDanger } from "./render/order";
import { unlisted } from "./render/words";
import type { Place, Standing, Subject } from "./report";

/** How a subject stands, and why in one sentence. */
type Stands = Pick<Subject, "standing" | "reason" | "closedBy">;

/**
 * Evaluates what an input declares by the pack's own rules, as if all of it were one stack, and says how each role, group
 * and user stands. The subjects come by danger. `used`: takes the exemptions that covered something. `limits`: the organization's policies.
 */
export function evaluateInput(
  input: AuditInput,
  settings: readonly Setting[],
  now: Date,
  used = new Set<Exemption>(),
  limits: readonly Limit[] = [],
): Place {
  const { kind, name, alias, file, trouble } = input;
  const declared = new Subjects(input, settings, now, used, limits);
  const subjects = [...(input.subjects ?? []), ...declared.all()];
  const { notes: limited, uncounted } = declaredLimits(declared.resources, input);
  const notes = [...(input.notes ?? []), ...limited, ...closedInWords(subjects)];
  const unseen = { ...input.notLookedAt, ...(uncounted > 0 && { limits: uncounted }) };
  return {
    kind,
    name,
    ...(alias === undefined ? {} : { alias }),
    ...(file === undefined ? {} : { file }),
    ...(trouble === undefined ? {} : { trouble }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(Object.keys(unseen).length === 0 ? {} : { notLookedAt: unseen }),
    subjects: sortedByDanger(subjects, (subject) => subject),
  };
}

/** What the policies of the organization close, a sentence for each. */
function closedInWords(subjects: readonly Subject[]): readonly string[] {
  const closed = new Map<string, string[]>();
  for (const { kind, name, closedBy = [] } of subjects)
    for (const each of closedBy) memoize(closed, limitName(each), () => []).push(`${kind} ${name}`);
  return [...closed].map(([by, names]) => `Closed by ${by}: ${few(names)}.`);
}

class Subjects {
  private readonly graph: IamGraph;
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
    this.dangers = new Dangers(this.graph, {
      ...(input.awsPolicies === undefined ? {} : { awsPolicies: input.awsPolicies }),
      assumableBy: (role) => this.trustOf(role)?.assumableBy,
    });
    for (const result of evaluate(this.graph, settings, now)) {
      memoize(this.results, result.assessment.subject.urn, () => []).push(result);
      if (result.exemption !== undefined) used.add(result.exemption);
    }
  }

  /** All that is declared, what templates declare too. */
  get resources(): readonly Resource[] {
    return this.graph.resources;
  }

  all(): readonly Subject[] {
    return this.graph.resources.flatMap((resource) => {
      const kind = this.kindOf(resource);
      return kind === undefined ? [] : [this.subject(kind, resource)];
    });
  }

  /** What a resource is as a subject; `undefined` for one of which there is nothing to say. */
  private kindOf(resource: Resource): Subject["kind"] | undefined {
    const kind = RESOURCE_TYPES.get(resource.type)?.kind;
    if (kind === "role" || kind === "group" || kind === "user") return kind;
    if (kind === undefined) return undefined;
    if (resource.unattached !== true && !this.said(resource).some(isSaid)) return undefined;
    switch (kind) {
      case "mfa-device":
        return "device";
      case "template":
        return "template";
      case "cloud-control":
      case "account":
      case "outside": {
        // What Cloud Control makes has its URN, and is a subject itself; so has an account's role.
        const nested = this.graph.nested.find(({ holder }) => holder === resource);
        return (nested?.resources.length ?? 0) > 0 ? undefined : "template";
      }
      case "credential":
        return "user";
      default:
        return "policy";
    }
  }

  private subject(kind: Subject["kind"], resource: Resource): Subject {
    const said = this.said(resource);
    const told = said.filter(({ level }) => level !== "disabled");
    const remark = this.input.remarks?.get(resource.urn);
    const lastUse = this.input.lastUses?.get(resource.urn);
    const members = this.input.members?.get(resource.urn);
    const stands = this.standsOf(kind, resource, said);
    return {
      kind,
      name: nameOf(resource),
      id: resource.urn,
      ...stands,
      findings: told.flatMap(findingOf),
      notes: [
        ...told.flatMap((each) =>
          notesOf(each).map((note) => (each.effect === "exempt" ? `${each.rule.about.name}: ${note}` : note)),
        ),
        ...(remark === undefined ? [] : [remark]),
      ],
      ...this.moreOf(kind, resource),
      ...this.dangerOf(kind, resource, stands),
      ...(lastUse === undefined ? {} : { lastUse }),
      ...(members === undefined ? {} : { members }),
    };
  }

  private standsOf(kind: Subject["kind"], resource: Resource, said: readonly Result[]): Stands {
    const all = said.filter(
      ({ rule }) => kind === "policy" || kind === "template" || rule === deciding(kind),
    );
    const [result] = [...all.filter(({ assessment }) => assessment.verdict !== "refused"), ...all];
    if (kind === "policy") return this.policyStands(resource, all);
    if (result === undefined)
      return { standing: "unknown", reason: "Its trust policy is not declared here." };
    return this.userWithoutCredentials(resource, result) ?? standsBy(result);
  }

  /** A policy that is looked at alone is a guard, or what it is part of decides. */
  private policyStands(resource: Resource, said: readonly Result[]): Stands {
    const judged = said.find(({ rule }) => rule === deciding("group"));
    if (judged !== undefined) return standsBy(judged);
    const [held] = this.graph.documentsIn(resource);
    if (held?.document.kind === "policy" && decideGuard([held.document.policy]).kind === "guarded") {
      return {
        standing: "protected",
        reason: "Without MFA whoever carries it can do nothing but enroll a device.",
      };
    }
    const reason =
      held?.document.kind === "refused"
        ? "AWS would refuse this policy document, so it cannot be judged."
        : "It is no guard by itself: what else its holders carry decides.";
    return { standing: "unknown", reason };
  }

  /** Only an account tells whether there are others than those declared. */
  private userWithoutCredentials({ urn }: Resource, result: Result): Stands | undefined {
    const code: UserData["code"] = "no-credentials";
    if (result.assessment.data.code !== code) return undefined;
    const record = this.input.users?.get(urn);
    if (record === undefined) return { standing: "unknown", reason: reasonText(result) };
    if (record === "unknown") {
      const reason = "Nothing requires MFA of the user, and their credentials are not known.";
      return { standing: "unknown", reason };
    }
    const lists = unlisted(record).join(" and ");
    if (lists !== "" && this.input.isAsked === true) {
      const reason = `Nothing requires MFA of the user, and AWS did not list their ${lists}, which never ask for it.`;
      return { standing: "unknown", reason };
    }
    const known =
      record.password === null
        ? "Has no password and no active access key to sign in with"
        : "Has no active access key, and AWS asks for the MFA device at every sign-in with the password";
    const reason = lists === "" ? `${known}.` : `${known}; the files do not list their ${lists}.`;
    return { standing: "protected", reason };
  }

  /** Who reaches a role, and what is set up for a user, from the assessment that decides how they stand. */
  private moreOf(kind: Subject["kind"], resource: Resource): Pick<Subject, "assumableBy" | "setup"> {
    const trust = kind === "role" ? this.trustOf(resource) : undefined;
    if (trust !== undefined) return { assumableBy: trust.assumableBy };
    const record = kind === "user" ? this.input.users?.get(resource.urn) : undefined;
    if (record === undefined || record === "unknown") return {};
    const code: UserData["code"] = "guarded";
    const guarded = this.deciding(kind, resource).find(({ data }) => data.code === code);
    const { arguments: by = [], closedBy = [] } = guarded ?? {};
    return { setup: { ...record, guardedBy: [...by, ...closedBy.map(limitName)] } };
  }

  private dangerOf(kind: Subject["kind"], resource: Resource, { standing }: Stands): Pick<Subject, "danger"> {
    if (standing !== "open" && standing !== "anyone-with-mfa") return {};
    if (kind === "device" || kind === "template") return {};
    return { danger: this.dangers.of(resource, this.trustOf(resource)) };
  }

  private trustOf(resource: Resource): Trust | undefined {
    const [policy] = this.deciding("role", resource).flatMap(({ policies = [] }) => policies);
    return policy && { policy, assumableBy: memoize(this.assumable, policy, () => assumableBy(policy)) };
  }

  /** What was found by the rule that decides how a subject of the kind stands. */
  private deciding(kind: Subject["kind"], resource: Resource): readonly Result["assessment"][] {
    return this.said(resource).flatMap(({ rule, assessment }) =>
      rule === deciding(kind) ? [assessment] : [],
    );
  }

  private said({ urn }: Resource): readonly Result[] {
    return this.results.get(urn) ?? [];
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

function standsBy(result: Result): Stands {
  const { effect, assessment } = result;
  const isExempt = effect === "exempt" && assessment.verdict === "open";
  const closedBy = assessment.closedBy?.map(({ kind, name }) => ({ kind, name }));
  return {
    standing: isExempt ? "exempt" : STANDING[assessment.verdict],
    reason: reasonText(result),
    ...(closedBy && { closedBy }),
  };
}

function isSaid({ level, effect }: Result): boolean {
  return level !== "disabled" && effect !== "pass";
}

function nameOf({ type, props, name }: Resource): string {
  const row = RESOURCE_TYPES.get(type);
  if (row?.kind === "credential") return typeof props[row.user] === "string" ? String(props[row.user]) : name;
  const own = row !== undefined && "name" in row ? props[row.name] : undefined;
  return typeof own === "string" ? own : name;
}
