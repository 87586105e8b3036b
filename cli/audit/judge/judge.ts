import type { Policy } from "aws-mfa-policy-pack/iam";
import {
  type Holder,
  IamGraph,
  nestedResources,
  RESOURCE_TYPES,
  type Resource,
} from "aws-mfa-policy-pack/iam-graph";
import { type Guarded, guardsOf, trustOf, userVerdict } from "aws-mfa-policy-pack/rules";
import type { AuditInput } from "../input";
import { sortedByDanger } from "../render/order";
import type { Place, Setup, Subject } from "../report";
import { findingOf } from "./finding";
import { judgeGuard } from "./guard";
import { Hearing, type Said } from "./hearing";
import type { Settings } from "./settings";
import { groupStands, policyStands, roleStands, type Stands, userStands } from "./standing";

/**
 * Judges what a source declares by the pack's own policies, as if all of it were one stack, and says how each role,
 * group and user stands. The subjects come by danger.
 */
export function judge(source: AuditInput, settings: Settings, now: Date): Place {
  const held = source.resources.map((holder) => ({ ...nestedResources(holder), holder }));
  const resources = [...source.resources, ...held.flatMap((each) => each.resources)];
  const stack = new IamGraph(resources);
  const hearing = new Hearing(settings, now);
  for (const resource of resources) hearing.resource(resource);
  for (const each of held) {
    if (each.unseen.length > 0 || each.broken !== undefined) hearing.template(each);
  }
  hearing.stack(stack);
  const subjects = [
    ...(source.subjects ?? []),
    ...new Bench(source, settings, stack, hearing).subjects(resources),
    ...(source.guards ?? []).map((policy) => judgeGuard(policy, settings, now)),
  ];
  const { kind, name, file, trouble, notes = [] } = source;
  return {
    kind,
    name,
    ...(file === undefined ? {} : { file }),
    ...(trouble === undefined ? {} : { trouble }),
    ...(notes.length === 0 ? {} : { notes }),
    subjects: sortedByDanger(subjects, (subject) => subject),
  };
}

/** Makes the subjects out of what was heard. */
class Bench {
  private readonly guarded: Guarded;
  private readonly holders: ReadonlyMap<string, Holder>;
  private readonly credentials;
  private readonly policies = new Map<string, readonly Policy[]>();

  constructor(
    private readonly source: AuditInput,
    private readonly settings: Settings,
    private readonly stack: IamGraph,
    private readonly hearing: Hearing,
  ) {
    this.guarded = guardsOf(stack, settings.user.config);
    const all = (["groups", "users"] as const).flatMap((kind) => stack.holders(kind));
    this.holders = new Map(all.map((holder) => [holder.resource.urn, holder]));
    this.credentials = stack.credentials().of;
  }

  subjects(resources: readonly Resource[]): readonly Subject[] {
    return resources.flatMap((resource): Subject[] => {
      const row = RESOURCE_TYPES.get(resource.type);
      const said = this.hearing.of(resource.urn);
      switch (row?.kind) {
        case "role": {
          const { reach, ...stands } = roleStands(resource, this.settings.role.config);
          return [
            this.subject("role", resource, this.exempted(stands, said, "role"), { ...(reach && { reach }) }),
          ];
        }
        case "group": {
          const holder = this.holders.get(resource.urn);
          if (holder === undefined) return [];
          const stands = groupStands(this.stack, holder, this.settings.group.config);
          return [this.subject("group", resource, this.exempted(stands, said, "group"))];
        }
        case "user":
          return this.user(resource, said);
        case undefined:
          return [];
        case "mfa-device":
          if (said === undefined) return [];
          return [
            this.subject(
              "device",
              resource,
              this.exempted(
                { standing: "open", reason: "Whoever reads the state can make its codes." },
                said,
                "seed",
              ),
            ),
          ];
        case "wrapper":
        case "account":
        case "outside":
        case "template":
          if (said === undefined) return [];
          // What a wrapper wraps has its URN, and is a subject itself; so has an account's role.
          if (row.kind !== "template" && nestedResources(resource).resources.length > 0) return [];
          return [
            this.subject("template", resource, {
              standing: "unknown",
              reason: said.notes.join(" ") || "The template, or a part of it, cannot be read.",
            }),
          ];
        case "credential": {
          // The rule on users has something to say only where nobody declares the user.
          if (said === undefined) return [];
          const reason = `Has ${row.what}, and is declared elsewhere.`;
          const subject = this.subject("user", resource, { standing: "unknown", reason });
          const user = resource.props[row.user];
          return [{ ...subject, ...(typeof user === "string" && { name: user }) }];
        }
        default: {
          if (said === undefined) return [];
          const document = row !== undefined && "document" in row ? resource.props[row.document] : undefined;
          const stands: Stands =
            document === undefined
              ? { standing: "unknown", reason: "It belongs to somebody who is not declared here." }
              : policyStands(document, this.settings.user.config);
          return [this.subject("policy", resource, stands)];
        }
      }
    });
  }

  private user(resource: Resource, said: Said | undefined): Subject[] {
    const holder = this.holders.get(resource.urn);
    if (holder === undefined) return [];
    const verdict = userVerdict(this.stack, holder, this.settings.user.config, this.guarded);
    const record = this.source.users?.get(resource.urn);
    const all = record === "unknown" ? "unread" : record === undefined ? "declared" : "known";
    const stands = userStands(verdict, this.credentials.get(holder) ?? [], all);
    const guardedBy =
      verdict.kind === "guarded" ? [...verdict.groups, ...(verdict.ownPolicies ? ["own policies"] : [])] : [];
    const setup: Setup | undefined =
      record === undefined || record === "unknown" ? undefined : { ...record, guardedBy };
    return [this.subject("user", resource, this.exempted(stands, said, "user"), { ...(setup && { setup }) })];
  }

  /** An exemption that covers all that a policy has against a subject decides how it stands. */
  private exempted(stands: Stands, said: Said | undefined, policy: keyof Settings): Stands {
    if (stands.standing !== "open") return stands;
    const by = this.settings[policy].about.name;
    const against = said?.violations.filter((each) => each.by.about.name === by) ?? [];
    const [first] = against;
    if (first?.exempt === undefined || against.some(({ exempt }) => exempt === undefined)) return stands;
    return { standing: "exempt", reason: first.exempt };
  }

  /** The policies that decide how a role, a group or a user stands. */
  private deciding(resource: Resource): readonly Policy[] {
    const trust = trustOf(resource);
    if (trust !== undefined) return trust.kind === "policy" ? [trust.policy] : [];
    const holder = this.holders.get(resource.urn);
    if (holder === undefined) return [];
    const groups = holder.kind === "users" ? this.stack.groupsOf(holder).declared : [];
    return [holder, ...groups].flatMap((each) => this.carried(each));
  }

  /** Worked out once: a group may have thousands of users. */
  private carried(holder: Holder): readonly Policy[] {
    const { urn } = holder.resource;
    const before = this.policies.get(urn);
    if (before !== undefined) return before;
    const { outcomes } = this.stack.carriedBy(holder);
    const documents = new Set(outcomes.flatMap((each) => each.documents));
    const found = [...documents].flatMap((each) => (each.kind === "policy" ? [each.policy] : []));
    this.policies.set(urn, found);
    return found;
  }

  private subject(
    kind: Subject["kind"],
    resource: Resource,
    { standing, reason }: Stands,
    more: Pick<Subject, "reach" | "setup"> = {},
  ): Subject {
    const said = this.hearing.of(resource.urn);
    const remark = this.source.remarks?.get(resource.urn);
    return {
      kind,
      name: nameOf(resource),
      id: resource.urn,
      standing,
      reason,
      findings: said?.violations.map((each) => findingOf(resource.urn, each, this.deciding(resource))) ?? [],
      notes: [...(said?.notes ?? []), ...(remark === undefined ? [] : [remark])],
      ...more,
    };
  }
}

function nameOf({ type, props, name }: Resource): string {
  const row = RESOURCE_TYPES.get(type);
  const own = row !== undefined && "name" in row ? props[row.name] : undefined;
  return typeof own === "string" ? own : name;
}
