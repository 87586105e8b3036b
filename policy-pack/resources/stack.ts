import { type Document, readDocument, readInline } from "./document";
import { Directory, Referrers } from "./links";
import { type Named, type Reference, referencesIn } from "./reference";
import type { Resource } from "./resource";
import { type Row, TABLE } from "./table";

/** Who can hold policies. */
export type HolderKind = "groups" | "users" | "roles";

/** A group, a user or a role that a stack declares. */
export interface Holder extends Named {
  readonly kind: HolderKind;
}

/** What a holder carries. */
export interface Carried {
  readonly documents: readonly Document[];
  /** ARNs of attached policies that the stack does not declare. */
  readonly outside: readonly string[];
  /** True when something may be attached that is not resolved yet. */
  readonly hasUnresolved: boolean;
}

interface Entry<R extends Row = Row> {
  readonly resource: Resource;
  readonly row: R;
}

/** An access key or a password. */
export interface Credential {
  readonly resource: Resource;
  /** For example `an access key`. */
  readonly what: string;
}

type InlinePolicy = { readonly name: string | undefined; readonly document: Document };

/** A managed policy, which others name by its ARN only. */
interface Managed extends Named {
  readonly entry: Entry<Extract<Row, { kind: "managed-policy" }>>;
}

/** A stack's IAM resources and how they hang together. Every answer takes as long as what it is about is large. */
export class Stack {
  private readonly entries: readonly Entry[];
  private readonly kinds = new Map<string, Row["kind"]>();
  private readonly own = new Map<string, Entry>();
  private readonly held: Readonly<Record<HolderKind, readonly Holder[]>>;
  private readonly attaching: Readonly<Record<HolderKind, Referrers<Entry<Attaching>>>>;
  private readonly memberships: Referrers<Entry<Membership>>;
  private readonly groups: Directory<Holder>;
  private readonly managed: Directory<Managed>;
  private readonly read = new Map<string, Document>();
  /** The attachments that each own all attachments of a policy, by the policy's text or URN. */
  private readonly owning = new Map<string, Entry<Attaching>[]>();

  /** The resources in any order; every answer is in the order of their URNs. */
  constructor(resources: readonly Resource[]) {
    const sorted = [...resources].sort((a, b) => (a.urn < b.urn ? -1 : Number(a.urn > b.urn)));
    this.entries = sorted.flatMap((resource) => {
      const row = TABLE.get(resource.type);
      return row === undefined ? [] : [{ resource, row }];
    });
    for (const entry of this.entries) {
      this.kinds.set(entry.resource.urn, entry.row.kind);
      this.own.set(entry.resource.urn, entry);
    }
    const isA = (kind: Row["kind"]) => (urn: string) => this.kinds.get(urn) === kind;
    const held = { groups: [] as Holder[], users: [] as Holder[], roles: [] as Holder[] };
    const managed: Managed[] = [];
    this.attaching = {
      groups: new Referrers(isA("group")),
      users: new Referrers(isA("user")),
      roles: new Referrers(isA("role")),
    };
    this.memberships = new Referrers(isA("user"));
    for (const { resource, row } of this.entries) {
      const kind = HOLDER_KINDS.get(row.kind);
      if (kind !== undefined) held[kind].push({ kind, resource, name: nameOf(resource, row) });
      if (row.kind === "managed-policy")
        managed.push({ resource, name: undefined, entry: { resource, row } });
      if (row.kind === "membership") {
        this.memberships.add({ resource, row }, referencesIn(resource, row.users));
      }
      if (isAttaching(row)) this.index({ resource, row });
    }
    this.held = held;
    this.groups = new Directory(held.groups, isA("group"));
    this.managed = new Directory(managed, isA("managed-policy"));
  }

  private index(entry: Entry<Attaching>): void {
    const { resource, row } = entry;
    for (const kind of ["groups", "users", "roles"] as const) {
      this.attaching[kind].add(entry, referencesIn(resource, row[kind]));
    }
    if (row.kind !== "attachment" || !row.only) return;
    for (const key of referencesIn(resource, row.policies).flatMap(keysOf)) {
      const owners = this.owning.get(key);
      if (owners === undefined) this.owning.set(key, [entry]);
      else owners.push(entry);
    }
  }

  holders(kind: HolderKind): readonly Holder[] {
    return this.held[kind];
  }

  /** The access keys and passwords of each user, and those of users whom the stack does not declare. */
  credentials(): {
    readonly of: ReadonlyMap<Holder, readonly Credential[]>;
    readonly stray: readonly Credential[];
  } {
    const users = new Directory(this.held.users, (urn) => this.kinds.get(urn) === "user");
    const of = new Map<Holder, Credential[]>();
    const stray: Credential[] = [];
    for (const { resource, row } of this.entries) {
      for (const { reference, what } of credentialsIn(resource, row)) {
        const { sure, hasPerhaps } = users.named([reference]);
        for (const user of sure) of.set(user, [...(of.get(user) ?? []), { resource, what }]);
        if (sure.length === 0 && !hasPerhaps) stray.push({ resource, what });
      }
    }
    return { of, stray };
  }

  /** Every policy that a group, user or role carries, wherever the stack declares it. */
  carriedBy(holder: Holder): Carried {
    const inline: InlinePolicy[] = [];
    const attached: Reference[] = [];
    const documents: Document[] = [];
    let hasUnresolved = false;
    let onlyAttached: Reference[] | undefined;
    let onlyInline: readonly unknown[] | undefined;
    const own = this.own.get(holder.resource.urn);
    if (own !== undefined && "inline" in own.row && own.row.inline !== undefined) {
      inline.push(...readInline(own.resource.props[own.row.inline.list], own.row.inline));
    }
    if (own !== undefined && "managed" in own.row) {
      attached.push(...referencesIn(own.resource, own.row.managed));
    }
    const links = this.attaching[holder.kind].to(holder);
    if (links.hasPerhaps) hasUnresolved = true;
    for (const { resource, row } of links.sure) {
      if (!isPresent(resource, holder.resource)) hasUnresolved = true;
      else if (row.kind === "inline-policy") {
        const name = resource.props[row.name];
        const document = readDocument(
          resource.props[row.document],
          "identity",
          `${resource.name}.${row.document}`,
        );
        inline.push({ name: typeof name === "string" ? name : undefined, document });
      } else if (row.kind === "managed-policy") {
        documents.push(
          readDocument(resource.props[row.document], "identity", `${resource.name}.${row.document}`),
        );
      } else if (row.kind === "attachment") attached.push(...referencesIn(resource, row.policies));
      else if (row.kind === "only-attachments")
        onlyAttached = [...(onlyAttached ?? []), ...referencesIn(resource, row.policies)];
      else {
        const names = resource.props[row.names];
        onlyInline = Array.isArray(names) ? names : [];
        if (!Array.isArray(names)) hasUnresolved = true;
      }
    }
    const isTakenAway = (reference: Reference) =>
      keysOf(reference).some((key) => this.owning.get(key)?.some((entry) => links.of(entry) === "no"));
    const kept = onlyInline;
    const stays =
      kept === undefined ? inline : inline.filter(({ name }) => name !== undefined && kept.includes(name));
    const found = this.documentsOf(
      (onlyAttached ?? attached).filter((each) => !isTakenAway(each)),
      holder,
    );
    return {
      documents: [...stays.map(({ document }) => document), ...documents, ...found.documents],
      outside: found.outside,
      hasUnresolved: hasUnresolved || found.hasUnresolved,
    };
  }

  /** The groups that a user is put into: those that the stack declares, and the names of others. */
  groupsOf(user: Holder): {
    readonly declared: readonly Holder[];
    readonly outside: readonly string[];
    readonly hasUnresolved: boolean;
  } {
    const own = this.own.get(user.resource.urn);
    const memberships = this.memberships.to(user);
    const present = memberships.sure.filter(({ resource }) => isPresent(resource, user.resource));
    const { sure, hasPerhaps, outside } = this.groups.named([
      ...(own?.row.kind === "user" ? referencesIn(own.resource, own.row.groups) : []),
      ...present.flatMap(({ resource, row }) => referencesIn(resource, row.groups)),
    ]);
    return {
      declared: sure,
      outside,
      hasUnresolved: hasPerhaps || memberships.hasPerhaps || present.length < memberships.sure.length,
    };
  }

  private documentsOf(references: readonly Reference[], holder: Holder): Carried {
    const documents: Document[] = [];
    const outside: string[] = [];
    let hasUnresolved = false;
    for (const reference of references) {
      const { sure, hasPerhaps } = this.managed.named([reference]);
      const [only, ...more] = sure;
      if (only === undefined && !hasPerhaps && reference.kind === "text") outside.push(reference.text);
      else if (only === undefined || hasPerhaps || more.length > 0) hasUnresolved = true;
      else if (!isPresent(only.resource, holder.resource)) hasUnresolved = true;
      else {
        documents.push(this.managedDocument(only));
      }
    }
    return { documents, outside, hasUnresolved };
  }

  /** Read once: one managed policy may be attached to everybody. */
  private managedDocument({ entry: { resource, row } }: Managed): Document {
    const before = this.read.get(resource.urn);
    if (before !== undefined) return before;
    const document = readDocument(
      resource.props[row.document],
      "identity",
      `${resource.name}.${row.document}`,
    );
    this.read.set(resource.urn, document);
    return document;
  }
}

/** By what two references are found to be to the same policy. */
function keysOf(reference: Reference): readonly string[] {
  return reference.kind === "text" ? [`text ${reference.text}`] : reference.urns.map((urn) => `urn ${urn}`);
}

function credentialsIn(
  resource: Resource,
  row: Row,
): readonly { readonly reference: Reference; readonly what: string }[] {
  if (row.kind === "credential") {
    return referencesIn(resource, row.user).map((reference) => ({ reference, what: row.what }));
  }
  if (row.kind !== "user" || row.password === undefined || resource.props[row.password] === undefined)
    return [];
  return [{ reference: { kind: "unresolved", urns: [resource.urn] }, what: "a console password" }];
}

/** A resource that a template creates only under a condition counts surely only beside one under the same condition. */
function isPresent({ condition }: Resource, holder: Resource): boolean {
  return condition === undefined || condition === holder.condition;
}

const HOLDER_KINDS: ReadonlyMap<Row["kind"], HolderKind> = new Map([
  ["group", "groups"],
  ["user", "users"],
  ["role", "roles"],
]);

type Membership = Extract<Row, { kind: "membership" }>;
type Attaching = Extract<
  Row,
  { kind: "inline-policy" | "managed-policy" | "attachment" | "only-attachments" | "only-inline" }
>;

function isAttaching(row: Row): row is Attaching {
  return ["inline-policy", "managed-policy", "attachment", "only-attachments", "only-inline"].includes(
    row.kind,
  );
}

function nameOf(resource: Resource, row: Row): string | undefined {
  const value = "name" in row ? resource.props[row.name] : undefined;
  return typeof value === "string" ? value : undefined;
}
