import type { Limit } from "../iam/limits/limit";
import type { LimitedRole } from "../iam/limits/trust";
import { memoize } from "../iam/memoize";
import type { Policy } from "../iam/policy/model";
import { isText, type Text, Unknown, written } from "../iam/policy/unknown";
import type { Home } from "../iam/principal/caller";
import type { AttachedPolicies, Boundary, PossiblePolicies } from "./carried";
import { type Document, DocumentReader, named, readInline } from "./document";
import { documentsIn } from "./documents";
import { type GuardConfig, type Guarding, guardingScps, guardsBy } from "./guard";
import { NESTING_TYPES, nestedResources } from "./nested-resources";
import { isSure, presentBeside, under } from "./presence";
import { isOfAws, type Match, type Referable, type Reference, referencesIn } from "./reference";
import { ReferenceIndex, TargetIndex } from "./reference-index";
import type { NestedResources, Resource } from "./resource";
import { RESOURCE_TYPES, type ResourceType } from "./resource-types";
import { outcomesOf, remaining, rivalsIn, type Writes, type WrittenPolicy } from "./rivals";

/** Who can hold policies. */
export type HolderKind = "groups" | "users" | "roles";

/** A group, a user or a role that a stack declares. */
export interface Holder extends Referable {
  readonly kind: HolderKind;
  readonly row: Extract<ResourceType, { kind: "group" | "user" | "role" }>;
}

/** The groups that a user is put into: those that the graph declares, and the names of others. */
export interface GroupsOfUser {
  readonly declared: readonly Holder[];
  readonly outside: readonly string[];
  /** A group that is not known yet may turn out to be declared elsewhere. */
  readonly mayBeOutside: boolean;
  readonly hasUnresolved: boolean;
  /** Groups that one resource puts the user into, and another, which owns all members, takes the user out of. */
  readonly contested: readonly { readonly group: Holder; readonly by: readonly string[] }[];
}

interface Entry<R extends ResourceType = ResourceType> {
  readonly resource: Resource;
  readonly row: R;
}

/** An access key or a password. */
export interface Credential {
  readonly resource: Resource;
  /** For example `an access key`. */
  readonly what: string;
}

/** A managed policy, which others name by its ARN only. */
interface Managed extends Referable {
  readonly entry: Entry<Extract<ResourceType, { kind: "managed-policy" }>>;
}

/** How resources refer to each other. */
interface Links {
  readonly attaching: Readonly<Record<HolderKind, ReferenceIndex<Entry<Attaching>>>>;
  readonly memberships: ReferenceIndex<Entry<Membership>>;
  /** Those that each own all members of a group, by the group. */
  readonly exclusive: ReferenceIndex<Entry<Membership>>;
  readonly groups: TargetIndex<Holder>;
  readonly managed: TargetIndex<Managed>;
  /** The attachments that each own all attachments of a policy, by the policy's text or URN. */
  readonly owning: ReadonlyMap<string, readonly Entry<Attaching>[]>;
  /** Those of a policy that is not known. */
  readonly owningAny: readonly Entry<Attaching>[];
}

/** A stack's IAM resources and how they hang together. Every answer takes as long as what it is about is large. */
export class IamGraph {
  private readonly entries: readonly Entry[];
  private readonly kinds = new Map<string, ResourceType["kind"]>();
  private readonly held: Readonly<Record<HolderKind, readonly Holder[]>>;
  private linked: Links | undefined;
  private readonly guarding = new Map<string, (holder: Holder) => Guarding>();
  private readonly groupsByUser = new Map<Holder, GroupsOfUser>();
  private membersByGroup: ReadonlyMap<Holder, readonly Holder[]> | undefined;
  private withStrangers: ReadonlySet<Holder> | undefined;

  /** All resources, those inside others too, in the order of their URNs. */
  readonly resources: readonly Resource[];
  /** What holds other resources or makes them, and how much of that can be seen. */
  readonly nested: readonly (NestedResources & { readonly holder: Resource })[];

  /**
   * The resources in any order; every answer is in the order of their URNs. `reader`: one that several graphs share. `limits`: the SCPs
   * and RCPs of the organization, as far as they are known.
   */
  constructor(
    declared: readonly Resource[],
    private readonly reader = new DocumentReader(),
    readonly limits: readonly Limit[] = [],
  ) {
    this.nested = [...declared]
      .sort(byUrn)
      .flatMap((holder) =>
        NESTING_TYPES.has(holder.type) ? [{ ...nestedResources(holder, reader), holder }] : [],
      );
    const resources = [...declared, ...this.nested.flatMap((each) => each.resources)];
    const sorted = [...resources].sort(byUrn);
    this.resources = sorted;
    this.entries = sorted.flatMap((resource) => {
      const row = RESOURCE_TYPES.get(resource.type);
      return row === undefined ? [] : [{ resource, row }];
    });
    for (const { resource, row } of this.entries) this.kinds.set(resource.urn, row.kind);
    const held = { groups: [] as Holder[], users: [] as Holder[], roles: [] as Holder[] };
    for (const { resource, row } of this.entries) {
      if (row.kind === "group" || row.kind === "user" || row.kind === "role") {
        const kind = `${row.kind}s` as const;
        held[kind].push({ kind, resource, row, name: nameOf(resource.props[row.name]) });
      }
    }
    this.held = held;
  }

  /** What judges each resource by itself asks for none of them. */
  private get links(): Links {
    this.linked ??= this.linksOfAll();
    return this.linked;
  }

  private isA(kind: ResourceType["kind"]): (urn: string) => boolean {
    return (urn) => this.kinds.get(urn) === kind;
  }

  private linksOfAll(): Links {
    const policies: Managed[] = [];
    const owners: { readonly entry: Entry<Attaching>; readonly policies: readonly Reference[] }[] = [];
    const attaching = {
      groups: new ReferenceIndex<Entry<Attaching>>(this.isA("group")),
      users: new ReferenceIndex<Entry<Attaching>>(this.isA("user")),
      roles: new ReferenceIndex<Entry<Attaching>>(this.isA("role")),
    };
    const memberships = new ReferenceIndex<Entry<Membership>>(this.isA("user"));
    const exclusive = new ReferenceIndex<Entry<Membership>>(this.isA("group"));
    for (const { resource, row } of this.entries) {
      if (row.kind === "managed-policy")
        policies.push({ resource, name: policyNameOf(resource, row), entry: { resource, row } });
      if (row.kind === "membership") {
        const entry = { resource, row };
        memberships.add(entry, referencesIn(resource, row.users));
        if (row.exclusive) exclusive.add(entry, referencesIn(resource, row.groups));
      }
      if (isAttaching(row)) {
        const entry = { resource, row };
        for (const each of HOLDERS) attaching[each].add(entry, referencesIn(resource, row[each]));
        if ("only" in row) owners.push({ entry, policies: referencesIn(resource, row.policies) });
      }
    }
    const groups = new TargetIndex(this.held.groups, this.isA("group"));
    const managed = new TargetIndex(policies, this.isA("managed-policy"));
    const owning = new Map<string, Entry<Attaching>[]>();
    const owningAny: Entry<Attaching>[] = [];
    for (const { entry, policies: owned } of owners) {
      const keys = owned.flatMap((each) => this.keysOf(each, managed));
      for (const key of keys) memoize(owning, key, () => []).push(entry);
      if (keys.length === 0) owningAny.push(entry);
    }
    return { attaching, memberships, exclusive, groups, managed, owning, owningAny };
  }

  holders(kind: HolderKind): readonly Holder[] {
    return this.held[kind];
  }

  /** The access keys and passwords of each user, and those of users whom the stack does not declare. */
  credentials(): {
    readonly of: ReadonlyMap<Holder, readonly Credential[]>;
    readonly stray: readonly Credential[];
  } {
    const users = new TargetIndex(this.held.users, this.isA("user"));
    const of = new Map<Holder, Credential[]>();
    const stray: Credential[] = [];
    for (const { resource, row } of this.entries) {
      for (const { reference, what } of credentialsIn(resource, row)) {
        const { sure, hasPerhaps } = users.named([reference]);
        for (const user of sure) memoize(of, user, () => []).push({ resource, what });
        if (sure.length === 0 && !hasPerhaps) stray.push({ resource, what });
      }
    }
    return { of, stray };
  }

  /** The trust policy that a role declares; `undefined` for what is no role or declares none. */
  trustOf(resource: Resource): Document | undefined {
    const row = RESOURCE_TYPES.get(resource.type);
    if (row?.kind !== "role" || resource.props[row.trust] === undefined) return undefined;
    return this.reader.read(resource.props[row.trust], "trust", row.trust);
  }

  /** Every policy document that a resource itself holds, and what each is for. */
  documentsIn(resource: Resource): ReturnType<typeof documentsIn> {
    return documentsIn(resource, this.reader);
  }

  /** Tells whether what a holder carries guards it. Each is decided once, since a group may have thousands of users. */
  guards({ allowedWithoutMfa, guardPolicyArns }: GuardConfig): (holder: Holder) => Guarding {
    const config = { allowedWithoutMfa, guardPolicyArns };
    return memoize(this.guarding, JSON.stringify([allowedWithoutMfa, guardPolicyArns]), () => {
      const decided = new Map<Holder, Guarding>();
      const decide = guardsBy(config);
      const byAccount = new Map<string, readonly Limit[]>();
      const closedBy = (holder: Holder): Pick<Guarding, "verdict" | "closedBy"> | undefined => {
        const { account } = locationOf(holder.resource);
        const scps =
          account === undefined
            ? []
            : memoize(byAccount, account, () => guardingScps(this.limits, account, config));
        if (scps.length > 0) return { verdict: { kind: "guarded", form: "complete" }, closedBy: scps };
        const boundary = this.boundaryOf(holder);
        if (boundary === undefined) return undefined;
        const { verdict } = decide({ outcomes: [boundary], contested: [] }, homeOf(holder.resource));
        const named = boundary.names.map((name) => ({ kind: "permissions boundary", name }) as const);
        return verdict.kind === "open" ? undefined : { verdict, closedBy: named };
      };
      return (holder) =>
        memoize(decided, holder, () => {
          const own = decide(this.carriedBy(holder), homeOf(holder.resource));
          const closed = own.verdict.kind === "guarded" ? undefined : closedBy(holder);
          return closed === undefined ? own : { ...own, contested: [], ...closed };
        });
    });
  }

  /**
   * The permissions boundary that a user or role names. Whatever it denies is denied, also where another policy allows it.
   * Source: IAM user guide, "Permissions boundaries for IAM entities".
   */
  boundaryOf(holder: Holder): Boundary | undefined {
    if (!("boundary" in holder.row)) return undefined;
    const references = referencesIn(holder.resource, holder.row.boundary);
    if (references.length === 0) return undefined;
    const names = references.flatMap((each) =>
      each.kind === "text"
        ? [written(each.arn ?? each.text)]
        : this.links.managed.named([each]).sure.map(({ resource }) => resource.name),
    );
    return { names, ...this.documentsOf(references, holder) };
  }

  /** The policies that a holder carries, in any order of the writes, as far as they are known. */
  policiesOf(holder: Holder): readonly Policy[] {
    const documents = new Set(this.carriedBy(holder).outcomes.flatMap((each) => each.documents));
    return [...documents].flatMap((each) => (each.kind === "policy" ? [each.policy] : []));
  }

  /** Every policy that a group, user or role carries, wherever the stack declares it. */
  carriedBy(holder: Holder): PossiblePolicies {
    const inline: WrittenPolicy[] = [];
    const attached = [...referencesIn(holder.resource, holder.row.managed)];
    let hasUnresolved = false;
    const onlyAttached: { readonly by: string; readonly references: readonly Reference[] }[] = [];
    if (holder.row.inline !== undefined) {
      const by = holder.resource.name;
      const listed = readInline(
        this.reader,
        holder.resource.props[holder.row.inline.list],
        holder.row.inline,
      );
      inline.push(...listed.map((each) => ({ ...each, by })));
    }
    const { attaching, managed, owning, owningAny } = this.links;
    const links = attaching[holder.kind].to(holder);
    const perhaps = links.hasPerhaps ? links.perhaps() : [];
    if (links.hasPerhaps) hasUnresolved = true;
    for (const { resource, row } of links.sure) {
      if (row.kind === "managed-policy") attached.push({ kind: "unresolved", urns: [resource.urn] });
      else if (row.kind === "inline-policy" || row.kind === "only-inline") continue;
      else if (!isSure(presentBeside(resource, holder.resource))) hasUnresolved = true;
      else if (row.kind === "attachment") attached.push(...referencesIn(resource, row.policies));
      else onlyAttached.push({ by: resource.name, references: referencesIn(resource, row.policies) });
    }
    const { policies, kept } = this.writesOf(links.sure, holder);
    const rivals = rivalsIn(
      remaining({ policies: [...inline, ...policies], kept }, this.writesOf(perhaps, holder)),
    );
    const perhapsOnly = perhaps.flatMap(({ resource, row }) =>
      row.kind === "only-attachments"
        ? [referencesIn(resource, row.policies).flatMap((each) => this.keysOf(each, managed))]
        : [],
    );
    const isTakenAway = (reference: Reference): Match => {
      const keys = this.keysOf(reference, managed);
      const owners = keys.flatMap((key) => owning.get(key) ?? []).map(links.of);
      if (owners.includes("no")) return "yes";
      const isSure =
        !owners.includes("perhaps") &&
        owningAny.every((entry) => links.of(entry) === "yes") &&
        perhapsOnly.every((only) => keys.some((key) => only.includes(key)));
      return isSure ? "no" : "perhaps";
    };
    const lists = onlyAttached.length > 0 ? onlyAttached : [{ references: attached }];
    const outcomes = lists.flatMap(({ references }) => {
      const left = references.filter((each) => isTakenAway(each) !== "yes");
      const sure = left.filter((each) => isTakenAway(each) === "no");
      const found = this.documentsOf(sure, holder);
      return outcomesOf(rivals).map(
        (chosen): AttachedPolicies => ({
          documents: [...chosen, ...found.documents],
          outside: found.outside,
          hasUnresolved: hasUnresolved || found.hasUnresolved || sure.length < left.length,
        }),
      );
    });
    const [first, ...more] = outcomes;
    if (first === undefined) throw new Error("a holder without any outcome");
    const contested = [
      ...rivals.flatMap((same) => (same.length > 1 ? same.flat() : [])),
      ...(onlyAttached.length > 1 ? onlyAttached : []),
    ].map(({ by }) => by);
    return { outcomes: [first, ...more], contested: [...new Set(contested)] };
  }

  /** What of these resources writes or removes a holder's inline policies. */
  private writesOf(entries: readonly Entry<Attaching>[], holder: Holder): Writes {
    const policies: WrittenPolicy[] = [];
    const kept: (readonly Text[])[] = [];
    for (const { resource, row } of entries) {
      if (row.kind === "inline-policy") {
        const there = presentBeside(resource, holder.resource);
        const written = named(resource.props[row.name], this.documentIn(resource, row), there);
        policies.push(...written.map((each) => ({ ...each, by: resource.name })));
      } else if (row.kind === "only-inline") {
        const names = resource.props[row.names];
        kept.push(Array.isArray(names) ? names.filter(isText) : [new Unknown(row.names)]);
      }
    }
    return { policies, kept };
  }

  groupsOf(user: Holder): GroupsOfUser {
    return memoize(this.groupsByUser, user, () => this.groupsNamedFor(user));
  }

  private groupsNamedFor(user: Holder): GroupsOfUser {
    const { groups, exclusive, ...links } = this.links;
    const memberships = links.memberships.to(user);
    const present = memberships.sure.filter(({ resource }) => isSure(presentBeside(resource, user.resource)));
    const { sure, hasPerhaps, outside, mayBeOutside } = groups.named([
      ...(user.row.kind === "user" ? referencesIn(user.resource, user.row.groups) : []),
      ...present.flatMap(({ resource, row }) => referencesIn(resource, row.groups)),
    ]);
    const isOther = (each: Entry<Membership>) => memberships.of(each) !== "yes";
    const owners = sure.map((group) => {
      const links = exclusive.to(group);
      const isSure = !links.hasPerhaps || !links.perhaps().some(isOther);
      return { group, isSure, others: links.sure.filter(isOther) };
    });
    const free = owners
      .filter(({ others, isSure }) => isSure && others.length === 0)
      .map(({ group }) => group);
    const contested = owners.flatMap(({ group, others }) =>
      others.some((each) => memberships.of(each) === "no")
        ? [{ group, by: others.map(({ resource }) => resource.name) }]
        : [],
    );
    return {
      declared: free,
      outside,
      mayBeOutside,
      hasUnresolved:
        hasPerhaps ||
        memberships.hasPerhaps ||
        present.length < memberships.sure.length ||
        owners.some(({ isSure }) => !isSure),
      contested,
    };
  }

  /** The users that are surely in a group. */
  membersOf(group: Holder): readonly Holder[] {
    this.membersByGroup ??= this.membersOfAll();
    return this.membersByGroup.get(group) ?? [];
  }

  /** Whether a resource puts somebody into a group, or may, whom the graph does not declare. */
  hasStrangers(group: Holder): boolean {
    this.withStrangers ??= this.groupsWithStrangers();
    return this.withStrangers.has(group);
  }

  private groupsWithStrangers(): ReadonlySet<Holder> {
    const users = new TargetIndex(this.held.users, this.isA("user"));
    const found = this.entries.flatMap(({ resource, row }) => {
      if (row.kind !== "membership") return [];
      const { outside, hasPerhaps, mayBeOutside } = users.named(referencesIn(resource, row.users));
      if (outside.length === 0 && !hasPerhaps && !mayBeOutside) return [];
      const groups = this.links.groups.named(referencesIn(resource, row.groups));
      return groups.hasPerhaps ? this.held.groups : groups.sure;
    });
    return new Set(found);
  }

  private membersOfAll(): ReadonlyMap<Holder, readonly Holder[]> {
    const members = new Map<Holder, Holder[]>();
    for (const user of this.held.users) {
      for (const group of this.groupsOf(user).declared) memoize(members, group, () => []).push(user);
    }
    return members;
  }

  private documentsOf(references: readonly Reference[], holder: Holder): AttachedPolicies {
    const documents: Document[] = [];
    const outside: Text[] = [];
    let hasUnresolved = false;
    for (const list of decidedTogether(references)) {
      const [{ when, ...reference }] = list;
      const arn = reference.kind === "text" ? (reference.arn ?? reference.text) : undefined;
      const { sure, hasPerhaps } = this.links.managed.named(
        list.map(({ when: _, ...reference }) => reference),
      );
      const isOutside = sure.length === 0 && !hasPerhaps;
      if (arn !== undefined && when === undefined && (isOutside || isOfAws(written(arn)))) outside.push(arn);
      else if (sure.length === 0 || hasPerhaps || sure.length > list.length) hasUnresolved = true;
      else {
        for (const each of sure) {
          const document = under(
            this.documentIn(each.resource, each.entry.row),
            presentBeside(each.resource, holder.resource),
          );
          documents.push(when === undefined ? document : under(document, [when]));
        }
      }
    }
    return { documents, outside, hasUnresolved };
  }

  /** By what two references are found to be to the same policy. */
  private keysOf(reference: Reference, managed: TargetIndex<Managed>): readonly string[] {
    if (reference.kind === "unresolved") return reference.urns.filter(this.isA("managed-policy"));
    const { sure } = managed.named([reference]);
    return sure.length > 0 ? sure.map(({ resource }) => resource.urn) : [reference.text];
  }

  private documentIn(resource: Resource, row: { readonly document: string }): Document {
    return this.reader.read(resource.props[row.document], "identity", `${resource.name}.${row.document}`);
  }
}

/** Outputs in one list all depend on what the list depends on, so that only together they say which policies it names. */
function decidedTogether(
  references: readonly Reference[],
): readonly (readonly [Reference, ...Reference[]])[] {
  const lists = new Map<unknown, [Reference, ...Reference[]]>();
  for (const each of references) {
    const key = each.kind === "unresolved" ? each.urns : each;
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [each]);
    else list.push(each);
  }
  return [...lists.values()];
}

/** The ARN and the account of a resource, where it says them. */
export function locationOf({ props }: Resource): LimitedRole {
  const arn = props.Arn ?? props.arn;
  if (typeof arn !== "string") return {};
  const account = arn.split(":")[4] ?? "";
  return /^\d{12}$/.test(account) ? { arn, account } : {};
}

/** The account that a resource is in: as its ARN says, or else whatever declares it. */
export function homeOf({ props, home }: Resource): Home | undefined {
  const arn = String(props.Arn ?? props.arn);
  const [, partition, account] = /^arn:(aws[a-z0-9-]*):iam::(\d{12}):/.exec(arn) ?? [];
  return partition === undefined || account === undefined ? home : { partition, account };
}

function byUrn(a: Resource, b: Resource): number {
  return a.urn < b.urn ? -1 : 1;
}

function credentialsIn(
  resource: Resource,
  row: ResourceType,
): readonly { readonly reference: Reference; readonly what: string }[] {
  if (row.kind === "credential") {
    return referencesIn(resource, row.user).map((reference) => ({ reference, what: row.what }));
  }
  if (row.kind !== "user" || row.password === undefined || resource.props[row.password] === undefined)
    return [];
  return [{ reference: { kind: "unresolved", urns: [resource.urn] }, what: "a console password" }];
}

const HOLDERS = ["groups", "users", "roles"] as const;

type Membership = Extract<ResourceType, { kind: "membership" }>;
type Attaching = Extract<
  ResourceType,
  { kind: "inline-policy" | "managed-policy" | "attachment" | "only-attachments" | "only-inline" }
>;

function isAttaching(row: ResourceType): row is Attaching {
  return ["inline-policy", "managed-policy", "attachment", "only-attachments", "only-inline"].includes(
    row.kind,
  );
}

/** What names a managed policy in its account, as `policyIn` reads it from an ARN. */
function policyNameOf({ props }: Resource, row: Extract<ResourceType, { kind: "managed-policy" }>) {
  if (props[row.name] === undefined) return undefined;
  const parts = [props[row.path] ?? "/", props[row.name]];
  const texts = parts.map((each) => (typeof each === "string" ? each : new Unknown("a name")));
  return Unknown.text("a name", ["policy", ...texts]);
}

function nameOf(value: unknown): Text | undefined {
  return value === undefined || typeof value === "string" ? value : new Unknown("a name");
}
