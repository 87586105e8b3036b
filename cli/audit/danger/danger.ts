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

/** A role's trust policy, and who can assume the role. */
export interface Trust {
  readonly policy: Policy;
  readonly assumableBy: readonly AssumableBy[];
}

type Can = Pick<Danger, "can" | "because">;

/** Decides who gets in and what they can then do, by the policies that the graph declares. */
export class Dangers {
  private readonly holders = new Map<string, Holder>();
  private readonly byArn = new Map<string, Holder>();
  private readonly powers = new Map<Holder, Power>();
  private readonly byPolicies = new Map<string, Power>();
  private readonly ids = new Map<Policy, number>();
  /** Roles, by the ARN of the principals that may assume them by name without MFA. */
  private trusting?: ReadonlyMap<string, readonly string[]>;
  private readonly managed = new Map<string, { readonly policy: Policy | undefined }>();

  /**
   * @param awsPolicies the documents of AWS managed policies, by ARN
   * @param assumableBy who can assume a role; `undefined` if that is not known
   */
  constructor(
    private readonly graph: IamGraph,
    private readonly awsPolicies: ReadonlyMap<string, unknown> = new Map(),
    private readonly assumableBy: (role: Resource) => readonly AssumableBy[] | undefined,
  ) {
    for (const holder of (["roles", "groups", "users"] as const).flatMap((kind) => graph.holders(kind))) {
      this.holders.set(holder.resource.urn, holder);
      const arn = arnOf(holder.resource);
      if (arn !== undefined) this.byArn.set(arn, holder);
    }
  }

  /** The danger of an open role, group or user. */
  of(resource: Resource, trust?: Trust): Danger {
    const holder = this.holders.get(resource.urn);
    const can: Can = holder === undefined ? { can: "unknown", because: [] } : this.canDo(holder);
    const who =
      trust === undefined ? WHO[holder?.kind ?? "roles"] : whoOf(trust, arnOf(resource)?.split(":")[4]);
    return ranked({ who, ...can });
  }

  /** The worst that a holder can do, or that a holder it can become can do, directly or through others. */
  private canDo(start: Holder): Can {
    let worst: Can = { can: "nothing", because: [] };
    const seen = new Set<Holder>();
    const next: { readonly holder: Holder; readonly by?: string }[] = [{ holder: start }];
    for (const { holder, by } of next) {
      const { can, because, becomes } = this.powerOf(holder);
      if (isWorse(can, worst.can)) worst = { can, because: by === undefined ? because : [by, ...because] };
      for (const become of becomes) {
        const step = `${become.by} on ${become.arn}`;
        const known = this.named(become.arn);
        for (const each of known) {
          if (seen.has(each) || !this.mayBecome(each, become)) continue;
          seen.add(each);
          next.push({ holder: each, by: by ?? step });
        }
        // Another account may have one of this name, too.
        const isElsewhere = known.length === 0 || /[*?]/.test(become.arn);
        if (isElsewhere && isWorse("unknown", worst.can)) worst = { can: "unknown", because: [step] };
      }
    }
    return worst;
  }

  /** The holders of an ARN, whose account may be a pattern. */
  private named(pattern: string): readonly Holder[] {
    const exact = this.byArn.get(pattern);
    if (exact !== undefined || !/[*?]/.test(pattern)) return exact === undefined ? [] : [exact];
    const name = pattern.replace(/^arn:([^:]*:){4}/, "");
    return [...this.byArn].flatMap(([arn, holder]) => (arn.endsWith(`:${name}`) ? [holder] : []));
  }

  private mayBecome({ resource }: Holder, { asks }: Become): boolean {
    const all = asks === "trust" ? this.assumableBy(resource) : undefined;
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
   * The permissions that trust policies give a holder by its ARN: within an account, it needs no other.
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
      for (const { class: kind, principal, mfa } of this.assumableBy(resource) ?? []) {
        const isNamed = kind === "user" || kind === "role";
        if (isNamed && mfa === "not required") memoize(roles, principal, () => []).push(arn);
      }
    }
    return roles;
  }

  /** `undefined` also if it is not known, or may not exist: a boundary that may be missing limits nothing. */
  private boundaryOf(holder: Holder): readonly Policy[] | undefined {
    const { documents = [], outside = [] } = this.graph.boundaryOf(holder) ?? {};
    if (documents.length + outside.length !== 1) return undefined;
    const policies = [
      ...documents.flatMap((each) => (each.kind === "policy" ? [each.policy] : [])),
      // The substitute for a missing document allows less than AWS's policy, so it is no boundary.
      ...outside.map(written).flatMap((arn) => (this.awsPolicies.has(arn) ? (this.ofAws(arn) ?? []) : [])),
    ];
    const isSure = ({ complete, statements }: Policy) =>
      complete && statements.length > 0 && statements.every(({ when }) => when === undefined);
    return policies.length > 0 && policies.every(isSure) ? policies : undefined;
  }

  /** The policies of a holder and, for a user, its groups, in each order of the writes; and which are not known. */
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
    return memoize(this.managed, arn, () => ({ policy: awsPolicy(arn, this.awsPolicies) })).policy;
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

/** The policies with what any order of the writes allows, and what all of them deny. */
function inAnyOrder(outcomes: readonly { readonly policies: readonly Policy[] }[]): readonly Policy[] {
  const all = new Set(outcomes.flatMap(({ policies }) => policies));
  return [...all].map((policy) => {
    if (outcomes.every(({ policies }) => policies.includes(policy))) return policy;
    return { ...policy, statements: policy.statements.filter(({ effect }) => effect === "Allow") };
  });
}

const WHO = { roles: "unknown", groups: "members", users: "named principals" } as const;

/** @param account the role's own, if it is known */
function whoOf({ policy, assumableBy }: Trust, account: string | undefined): Danger["who"] {
  if (isOpenToStrangers(policy)) return "anyone";
  return assumableBy
    .filter(({ mfa }) => mfa === "not required")
    .map((each) => whoIs(each, account))
    .reduce((widest, each) => (isWider(each, widest) ? each : widest), "named principals");
}

function whoIs({ class: kind, principal }: AssumableBy, account: string | undefined): Danger["who"] {
  switch (kind) {
    // A condition on the organization or on accounts limits it, since it is not open to strangers.
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
