import type { IamGraph, nestedResources, Resource } from "aws-mfa-policy-pack/iam-graph";
import {
  type Common,
  type Findings,
  iamGroupRequiresMfa,
  iamMfaConditionIsEffective,
  iamMfaSeedIsSecret,
  iamRoleRequiresMfa,
  iamRoleSessionDuration,
  iamRoleWebIdentityIsNarrowed,
  iamUserRequiresMfa,
  inWords,
  type ResourceRule,
  sortByExemption,
  unseenIn,
  type Finding as Violation,
} from "aws-mfa-policy-pack/rules";
import type { Applied, Settings } from "./settings";

/** What the policies say against one resource. */
export interface Said {
  readonly resource: Violation["resource"];
  readonly violations: SaidViolation[];
  /** What is not decided, and which exemptions were used. */
  readonly notes: string[];
}

export interface SaidViolation extends Violation {
  readonly by: Applied<Common>;
  readonly level: "advisory" | "mandatory";
  /** The exemption that covers it, in words. */
  readonly exempt?: string;
}

export type Held = ReturnType<typeof nestedResources> & { readonly holder: Resource };

/** Asks every policy of the pack that is not disabled, and keeps what each says by the resource's URN. */
export class Hearing {
  private readonly kept = new Map<string, Said>();

  constructor(
    private readonly settings: Settings,
    private readonly now: Date,
  ) {}

  /** What was said of a resource so far. */
  of(urn: string): Said | undefined {
    return this.kept.get(urn);
  }

  all(): Iterable<Said> {
    return this.kept.values();
  }

  resource(resource: Resource): void {
    const { role, condition, seed, session, webIdentity } = this.settings;
    this.ask(iamRoleRequiresMfa, resource, role);
    this.ask(iamMfaConditionIsEffective, resource, condition);
    this.ask(iamMfaSeedIsSecret, resource, seed);
    this.ask(iamRoleSessionDuration, resource, session);
    this.ask(iamRoleWebIdentityIsNarrowed, resource, webIdentity);
  }

  stack(stack: IamGraph): void {
    const { group, user } = this.settings;
    this.hear(group, () => iamGroupRequiresMfa.judge(stack, group.config));
    this.hear(user, () => iamUserRequiresMfa.judge(stack, user.config));
  }

  /** What cannot be seen of a template. */
  template({ holder, ...contents }: Held): void {
    const { role, group } = this.settings;
    this.hear(role, () => unseenIn(iamRoleRequiresMfa, holder, contents, role.config));
    this.hear(group, () => unseenIn(iamGroupRequiresMfa, holder, contents, group.config));
  }

  violation(by: Applied<Common>, violation: Violation): void {
    this.hear(by, () => ({ violations: [violation], notes: [] }));
  }

  private ask<C extends Common>(rule: ResourceRule<C>, resource: Resource, by: Applied<C>): void {
    if (rule.types.has(resource.type)) this.hear(by, () => rule.judge(resource, by.config));
  }

  private hear(by: Applied<Common>, judge: () => Findings): void {
    if (by.level === "disabled") return;
    const { level } = by;
    const { violations, notes } = judge();
    const { kept, exempt } = sortByExemption(violations, by.config.exemptions, this.now);
    for (const violation of kept) this.about(violation).violations.push({ ...violation, by, level });
    for (const { violation, exemption } of exempt) {
      const said = this.about(violation);
      said.violations.push({ ...violation, by, level, exempt: inWords(exemption) });
      said.notes.push(`${by.about.name}: ${inWords(exemption)}`);
    }
    for (const note of notes) this.about(note).notes.push(note.message);
  }

  private about({ resource }: Violation): Said {
    const before = this.kept.get(resource.urn);
    if (before !== undefined) return before;
    const made: Said = { resource, violations: [], notes: [] };
    this.kept.set(resource.urn, made);
    return made;
  }
}
