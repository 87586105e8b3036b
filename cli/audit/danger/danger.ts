import {
  type AssumableBy,
  isOpenToStrangers,
  memoize,
  Permissions,
  type Policy,
  parsePolicy,
  written,
} from "aws-mfa-policy-pack/iam";
import type { Holder, IamGraph, Resource } from "aws-mfa-policy-pack/iam-graph";
import type { Danger } from "../report";
import { awsPolicy } from "./aws-policies";
import { type Become, type Power, powerOf } from "./power";
import { isWider, isWorse, ranked } from "./rank";

/** What a place tells beside what it declares. */
export interface DangerFacts {
  /** The documents of AWS's own policies, by ARN. */
  readonly awsPolicies?: ReadonlyMap<string, unknown>;
  /** Who can assume a role, by the role; `undefined` where that is not known. */
  readonly assumableBy: (role: Resource) => readonly AssumableBy[] | undefined;
}

/** A role's trust policy, and whom it lets in. */
export interface Trust {
  readonly policy: Policy;
  readonly assumableBy: readonly AssumableBy[];
}

type Can = Pick<Danger, "can" | "because">;

/** Says of those who get in how many they are and what they can do then, from the policies that the graph declares. */
export class Dangers {
  private readonly holders = new Map<string, Holder>();
  private readonly byArn = new Map<string, Holder>();
  private readonly powers = new Map<Holder, Power>();
  private readonly byPolicies = new Map<string, Power>();
  private readonly ids = new Map<Policy, number>();
  /** Roles by the ARN of whom they let in by name without MFA. */
  private trusting?: ReadonlyMap<string, readonly string[]>;
  private readonly outside = new Map<string, { readonly policy: Policy | undefined }>();

  constructor(
    private readonly graph: IamGraph,
    private readonly facts: DangerFacts,
  ) {
    for (const holder of (["roles", "groups", "users"] as const).flatMap((kind) => graph.holders(kind))) {
      this.holders.set(holder.resource.urn, holder);
      const arn = arnOf(holder.resource);
      if (arn !== undefined) this.byArn.set(arn, holder);
    }
  }

  /** Of a role, group or user that is open. `trust`: a role's trust policy. */
  of(resource: Resource, trust?: Trust): Danger {
    const holder = this.holders.get(resource.urn);
    const can: Can = holder === undefined ? { can: "unknown", because: [] } : this.canDo(holder);
    const who =
      trust === undefined ? WHO[holder?.kind ?? "roles"] : whoOf(trust, arnOf(resource)?.split(":")[4]);
    return ranked({ who, ...can });
  }

  /** The worst of what somebody can do, and those can whom they can become, directly or by way of others. */
  private canDo(start: Holder): Can {
    let worst: Can = { can: "nothing", because: [] };
    const seen = new Set<Holder>();
    const next: { readonly holder: Holder; readonly by?: string }[] = [{ holder: start }];
    for (const { holder, by } of next) {
      const { can, because, becomes } = this.powerOf(holder);
      if (isWorse(can, worst.can)) worst = { can, because: by === undefined ? because : [by, ...because] };
      for (const become of becomes) {
        const said = `${become.by} on ${become.arn}`;
        const known = this.named(become.arn);
        for (const each of known) {
          if (seen.has(each) || !this.mayBecome(each, become)) continue;
          seen.add(each);
          next.push({ holder: each, by: by ?? said });
        }
        // Other accounts may have one of this name, too.
        const isElsewhere = known.length === 0 || /[*?]/.test(become.arn);
        if (isElsewhere && isWorse("unknown", worst.can)) worst = { can: "unknown", because: [said] };
      }
    }
    return worst;
  }

  /** Whom an ARN names whose account may be a pattern. */
  private named(pattern: string): readonly Holder[] {
    const exact = this.byArn.get(pattern);
    if (exact !== undefined || !/[*?]/.test(pattern)) return exact === undefined ? [] : [exact];
    const name = pattern.replace(/^arn:([^:]*:){4}/, "");
    return [...this.byArn].flatMap(([arn, holder]) => (arn.endsWith(`:${name}`) ? [holder] : []));
  }

  private mayBecome({ resource }: Holder, { asks }: Become): boolean {
    const all = asks === "trust" ? this.facts.assumableBy(resource) : undefined;
    return all === undefined || all.some(({ mfa }) => mfa === "not required");
  }

  private powerOf(holder: Holder): Power {
    return memoize(this.powers, holder, () => {
      const kind = holder.kind === "roles" ? "role" : "user";
      const boundary = this.boundaryOf(holder);
      const id = (policy: Policy) => memoize(this.ids, policy, () => this.ids.size + 1);
      const trusted = this.letInByName(holder);
      const outcomes = this.carriedBy(holder).map(({ policies: own, missing }) => {
        const policies = [...own, ...trusted];
        const key = `${kind} ${policies.map(id).join()} ${boundary?.map(id)}`;
        const power = memoize(this.byPolicies, key, () => powerOf(new Permissions(policies, kind, boundary)));
        return missing.length > 0 && isWorse("unknown", power.can)
          ? { ...power, can: "unknown" as const, because: missing }
          : power;
      });
      const worst = outcomes.reduce((worst, each) => (isWorse(each.can, worst.can) ? each : worst));
      return { ...worst, becomes: outcomes.flatMap(({ becomes }) => becomes) };
    });
  }

  /**
   * What trust policies allow somebody by name: within an account no permission is needed beside it.
   * Source: IAM user guide, "Policy evaluation logic", resource-based policies.
   */
  private letInByName({ resource }: Holder): readonly Policy[] {
    const arn = arnOf(resource);
    this.trusting ??= this.trustingByName();
    const Resource = arn === undefined ? undefined : this.trusting.get(arn);
    if (Resource === undefined) return [];
    const statement = { Effect: "Allow", Action: "sts:AssumeRole", Resource };
    const parsed = parsePolicy({ Version: "2012-10-17", Statement: statement }, "identity");
    return parsed.ok ? [parsed.policy] : [];
  }

  private trustingByName(): ReadonlyMap<string, readonly string[]> {
    const roles = new Map<string, string[]>();
    for (const { resource } of this.graph.holders("roles")) {
      const arn = arnOf(resource);
      if (arn === undefined) continue;
      for (const { class: kind, principal, mfa } of this.facts.assumableBy(resource) ?? []) {
        const isNamed = kind === "user" || kind === "role";
        if (isNamed && mfa === "not required") memoize(roles, principal, () => []).push(arn);
      }
    }
    return roles;
  }

  /** `undefined` also where it is not known, or may not be there: it is not counted on then. */
  private boundaryOf(holder: Holder): readonly Policy[] | undefined {
    const { documents = [], outside = [] } = this.graph.boundaryOf(holder) ?? {};
    if (documents.length + outside.length !== 1) return undefined;
    const policies = [
      ...documents.flatMap((each) => (each.kind === "policy" ? [each.policy] : [])),
      // What stands for a policy of AWS's is less than it allows.
      ...outside
        .map(written)
        .flatMap((arn) => (this.facts.awsPolicies?.has(arn) ? (this.ofAws(arn) ?? []) : [])),
    ];
    const isSure = ({ complete, statements }: Policy) =>
      complete && statements.length > 0 && statements.every(({ when }) => when === undefined);
    return policies.length > 0 && policies.every(isSure) ? policies : undefined;
  }

  /** What a holder carries, a user's groups with it, in each order of the writes; and what is not known of it. */
  private carriedBy(
    holder: Holder,
  ): readonly { readonly policies: readonly Policy[]; readonly missing: readonly string[] }[] {
    const own = this.ownOf(holder);
    if (holder.kind !== "users") return own;
    const { declared, outside, contested, hasUnresolved } = this.graph.groupsOf(holder);
    const groups = declared.map((group) => this.ownOf(group));
    const perhaps = [...outside, ...contested.map(({ group }) => group.resource.name)];
    const missing = [
      ...groups.flatMap((all) => all.flatMap((each) => each.missing)),
      ...perhaps.map((name) => `group ${name}`),
      ...(hasUnresolved ? ["a group"] : []),
    ];
    return own.map((each) => ({
      policies: [...each.policies, ...groups.flatMap(inAnyOrder)],
      missing: [...each.missing, ...missing],
    }));
  }

  private ofAws(arn: string): Policy | undefined {
    return memoize(this.outside, arn, () => ({ policy: awsPolicy(arn, this.facts.awsPolicies ?? new Map()) }))
      .policy;
  }

  private ownOf(holder: Holder) {
    return this.graph.carriedBy(holder).outcomes.map(({ documents, outside, hasUnresolved }) => {
      const policies: Policy[] = [];
      const missing = hasUnresolved ? ["an attached policy"] : [];
      for (const document of documents) {
        if (document.kind === "policy") policies.push(document.policy);
        if (document.kind === "unknown" || (document.kind === "policy" && !document.policy.complete))
          missing.push(document.where);
      }
      for (const arn of outside.map(written)) {
        const policy = this.ofAws(arn);
        if (policy === undefined) missing.push(arn);
        else policies.push(policy);
      }
      return { policies, missing };
    });
  }
}

/** What is allowed in any order of the writes, and denied in all of them. */
function inAnyOrder(outcomes: readonly { readonly policies: readonly Policy[] }[]): readonly Policy[] {
  const all = new Set(outcomes.flatMap(({ policies }) => policies));
  return [...all].map((policy) => {
    if (outcomes.every(({ policies }) => policies.includes(policy))) return policy;
    return { ...policy, statements: policy.statements.filter(({ effect }) => effect === "Allow") };
  });
}

const WHO = { roles: "unknown", groups: "members", users: "named principals" } as const;

/** Who gets in by a trust policy. `account`: the role's own, where that is known. */
function whoOf({ policy, assumableBy }: Trust, account: string | undefined): Danger["who"] {
  if (isOpenToStrangers(policy)) return "anyone";
  return assumableBy
    .filter(({ mfa }) => mfa === "not required")
    .map((each) => whoIs(each, account))
    .reduce((widest, each) => (isWider(each, widest) ? each : widest), "named principals");
}

function whoIs({ class: kind, principal }: AssumableBy, account: string | undefined): Danger["who"] {
  switch (kind) {
    // Strangers are kept out by a condition on the organization or on accounts.
    case "anyone":
      return "another account";
    case "account": {
      const id = /\d{12}/.exec(principal)?.[0];
      return account === undefined || id === undefined || id === account ? "this account" : "another account";
    }
    case "unknown":
      return "this account";
    case "user":
    case "role":
    case "service":
    case "federated":
      return "named principals";
  }
}

function arnOf({ urn, props }: Resource): string | undefined {
  return [urn, props.Arn, props.arn].find(
    (each): each is string => typeof each === "string" && each.startsWith("arn:"),
  );
}
