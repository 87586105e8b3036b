import type { Limit } from "../iam/limits/limit";
import { memoize } from "../iam/memoize";
import type { Policy } from "../iam/policy/model";
import type { Boundary, Document, PossiblePolicies } from "./attached-policies";
import { Attachments } from "./attachments";
import { type Declared, declaredIn, type Holder, type HolderKind, holdersIn, ofKind } from "./declared";
import { DocumentReader } from "./document-reader";
import { documentsIn } from "./documents";
import { type GuardConfig, type Guarding, guardsBy } from "./guard";
import { type GroupsOfUser, Memberships } from "./memberships";
import { NESTING_TYPES, nestedResources } from "./nested-resources";
import { type Reference, referencesIn } from "./reference";
import { TargetIndex } from "./reference-index";
import { byUrn, type NestedResources, type Resource } from "./resource";
import { RESOURCE_TYPES, type RowOf } from "./resource-types";

/** An access key, a password or the like. */
export interface Credential {
  readonly resource: Resource;
  /** For example `an access key`. */
  readonly what: string;
}

/** Which resource refers to which. */
interface Links {
  readonly users: TargetIndex<Holder>;
  readonly attachments: Attachments;
  readonly memberships: Memberships;
}

/** The IAM resources of a stack, a template or an account, and how they refer to each other. */
export class IamGraph {
  private readonly declared: readonly Declared[];
  private readonly held: Readonly<Record<HolderKind, readonly Holder[]>>;
  private linked: Links | undefined;
  private readonly guarding = new Map<string, (holder: Holder) => Guarding>();

  /** All resources, nested ones included, in the order of their URNs. */
  readonly resources: readonly Resource[];
  /** What each resource that contains or creates others contributes, and what cannot be seen of it. */
  readonly nested: readonly (NestedResources & { readonly holder: Resource })[];

  /**
   * @param declared in any order; every answer is in the order of their URNs
   * @param reader may be shared between graphs
   * @param limits the organization's SCPs and RCPs, as far as they are known
   */
  constructor(
    declared: readonly Resource[],
    private readonly reader = new DocumentReader(),
    readonly limits: readonly Limit[] = [],
  ) {
    this.nested = declared
      .filter(({ type }) => NESTING_TYPES.has(type))
      .sort(byUrn)
      .map((holder) => ({ ...nestedResources(holder, reader), holder }));
    this.resources = [...declared, ...this.nested.flatMap(({ resources }) => resources)].sort(byUrn);
    this.declared = declaredIn(this.resources);
    this.held = holdersIn(this.declared);
  }

  /** Made on first use: a rule about single resources never needs them. */
  private get links(): Links {
    this.linked ??= this.linksOfAll();
    return this.linked;
  }

  private linksOfAll(): Links {
    const groups = new TargetIndex(this.held.groups);
    const users = new TargetIndex(this.held.users);
    const holders = { groups, users, roles: new TargetIndex(this.held.roles) };
    return {
      users,
      attachments: new Attachments(this.declared, holders, this.reader),
      memberships: new Memberships(ofKind(this.declared, "membership"), groups, users),
    };
  }

  holders(kind: HolderKind): readonly Holder[] {
    return this.held[kind];
  }

  /** The access keys and passwords of each user, and those of users that the graph does not declare. */
  credentials(): {
    readonly of: ReadonlyMap<Holder, readonly Credential[]>;
    readonly stray: readonly Credential[];
  } {
    const of = new Map<Holder, Credential[]>();
    const stray: Credential[] = [];
    for (const { resource, reference, what } of ofKind(this.declared, "credential", "user").flatMap(
      credentialsIn,
    )) {
      const { sure, hasPerhaps } = this.links.users.targets([reference]);
      for (const user of sure) memoize(of, user, () => []).push({ resource, what });
      if (sure.length === 0 && !hasPerhaps) stray.push({ resource, what });
    }
    return { of, stray };
  }

  /** The trust policy that a role declares; `undefined` for every other resource. */
  trustOf(resource: Resource): Document | undefined {
    const row = RESOURCE_TYPES.get(resource.type);
    if (row?.kind !== "role" || resource.props[row.trust] === undefined) return undefined;
    return this.reader.read(resource.props[row.trust], "trust", row.trust);
  }

  /** The policy documents in a resource's own properties, and what each is for. */
  documentsIn(resource: Resource): ReturnType<typeof documentsIn> {
    return documentsIn(resource, this.reader);
  }

  /** Tells whether a holder is guarded. Each is decided once, since a group may have thousands of users. */
  guards(config: GuardConfig): (holder: Holder) => Guarding {
    const key = JSON.stringify([config.allowedWithoutMfa, config.guardPolicyArns]);
    return memoize(this.guarding, key, () => guardsBy(this.links.attachments, this.limits, config));
  }

  boundaryOf(holder: Holder): Boundary | undefined {
    return this.links.attachments.boundaryOf(holder);
  }

  /** Every policy of a group, user or role, whichever resource declares or attaches it. */
  carriedBy(holder: Holder): PossiblePolicies {
    return this.links.attachments.of(holder);
  }

  /** Those of them that are known, in any order of the writes. */
  policiesOf(holder: Holder): readonly Policy[] {
    const documents = new Set(this.carriedBy(holder).outcomes.flatMap((each) => each.documents));
    return [...documents].flatMap((each) => (each.kind === "policy" ? [each.policy] : []));
  }

  groupsOf(user: Holder): GroupsOfUser {
    return this.links.memberships.groupsOf(user);
  }

  membersOf(group: Holder): readonly Holder[] {
    return this.links.memberships.membersOf(group);
  }

  hasStrangers(group: Holder): boolean {
    return this.links.memberships.hasStrangers(group);
  }
}

function credentialsIn({
  resource,
  row,
}: Declared<RowOf<"credential" | "user">>): readonly (Credential & { readonly reference: Reference })[] {
  if (row.kind === "credential") {
    return referencesIn(resource, row.user).map((reference) => ({ resource, reference, what: row.what }));
  }
  if (row.password === undefined || resource.props[row.password] === undefined) return [];
  const reference = { kind: "unresolved", urns: [resource.urn] } as const;
  return [{ resource, reference, what: "a console password" }];
}
