import { type Document, readDocument, readInline } from "./document";
import { type Link, linkTo, type Named, type Reference, referencesIn } from "./reference";
import type { Resource } from "./resource";
import { type Holders, type Row, TABLE } from "./table";

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

interface Entry {
  readonly resource: Resource;
  readonly row: Row;
}

type InlinePolicy = { readonly name: string | undefined; readonly document: Document };

/** A stack's IAM resources and how they hang together. */
export class Stack {
  private readonly entries: readonly Entry[];
  private readonly kinds = new Map<string, Row["kind"]>();

  /** The resources in any order; every answer is in the order of their URNs. */
  constructor(resources: readonly Resource[]) {
    const sorted = [...resources].sort((a, b) => (a.urn < b.urn ? -1 : Number(a.urn > b.urn)));
    this.entries = sorted.flatMap((resource) => {
      const row = TABLE.get(resource.type);
      return row === undefined ? [] : [{ resource, row }];
    });
    for (const { resource, row } of this.entries) this.kinds.set(resource.urn, row.kind);
  }

  holders(kind: HolderKind): readonly Holder[] {
    return this.entries.flatMap(({ resource, row }) =>
      HOLDER_KINDS.get(row.kind) === kind ? [{ kind, resource, name: nameOf(resource, row) }] : [],
    );
  }

  /** The access keys and passwords: of which user, and what. */
  credentials(): readonly { readonly resource: Resource; readonly user: Reference; readonly what: string }[] {
    return this.entries.flatMap(({ resource, row }) => {
      if (row.kind === "credential") {
        return referencesIn(resource, row.user).map((user) => ({ resource, user, what: row.what }));
      }
      if (row.kind !== "user" || row.password === undefined || resource.props[row.password] === undefined)
        return [];
      const user: Reference = { kind: "unresolved", urns: [resource.urn] };
      return [{ resource, user, what: "a console password" }];
    });
  }

  /** Whether a reference to a user is to this one. */
  isUser(reference: Reference, user: Holder): Link {
    return linkTo([reference], user, (urn) => this.kinds.get(urn) === "user");
  }

  /** Every policy that a group, user or role carries, wherever the stack declares it. */
  carriedBy(holder: Holder): Carried {
    const inline: InlinePolicy[] = [];
    const attached: Reference[] = [];
    const documents: Document[] = [];
    const takenAway: Reference[] = [];
    let hasUnresolved = false;
    let onlyAttached: Reference[] | undefined;
    let onlyInline: readonly unknown[] | undefined;
    for (const { resource, row } of this.entries) {
      if (resource.urn === holder.resource.urn) {
        if ("inline" in row && row.inline !== undefined)
          inline.push(...readInline(resource.props[row.inline.list], row.inline));
        if ("managed" in row) attached.push(...referencesIn(resource, row.managed));
        continue;
      }
      if (!isAttaching(row)) continue;
      const link = ifPresent(this.linkOf(resource, row, holder), resource, holder.resource);
      if (link === "no") {
        if (row.kind === "attachment" && row.only) takenAway.push(...referencesIn(resource, row.policies));
        continue;
      }
      if (link === "perhaps") hasUnresolved = true;
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
    const kept = onlyInline;
    const stays =
      kept === undefined ? inline : inline.filter(({ name }) => name !== undefined && kept.includes(name));
    const found = this.documentsOf(
      (onlyAttached ?? attached).filter((each) => !takenAway.some((other) => isSameReference(each, other))),
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
    const references: Reference[] = [];
    let hasUnresolved = false;
    for (const { resource, row } of this.entries) {
      if (row.kind === "user" && resource.urn === user.resource.urn)
        references.push(...referencesIn(resource, row.groups));
      if (row.kind !== "membership") continue;
      const named = linkTo(referencesIn(resource, row.users), user, (urn) => this.kinds.get(urn) === "user");
      const link = ifPresent(named, resource, user.resource);
      if (link === "yes") references.push(...referencesIn(resource, row.groups));
      if (link === "perhaps") hasUnresolved = true;
    }
    const groups = this.holders("groups");
    const isGroup = (urn: string) => this.kinds.get(urn) === "group";
    const links = groups.map((group) => ({ group, link: linkTo(references, group, isGroup) }));
    return {
      declared: links.flatMap(({ group, link }) => (link === "yes" ? [group] : [])),
      outside: references.flatMap((each) =>
        each.kind === "text" && groups.every((group) => linkTo([each], group, isGroup) === "no")
          ? [each.text]
          : [],
      ),
      hasUnresolved: hasUnresolved || links.some(({ link }) => link === "perhaps"),
    };
  }

  private linkOf(resource: Resource, row: Holders, holder: Holder): Link {
    const isOfKind = (urn: string) => HOLDER_KINDS.get(this.kinds.get(urn) ?? "template") === holder.kind;
    return linkTo(referencesIn(resource, row[holder.kind]), holder, isOfKind);
  }

  private documentsOf(references: readonly Reference[], holder: Holder): Carried {
    const documents: Document[] = [];
    const outside: string[] = [];
    let hasUnresolved = false;
    for (const reference of references) {
      const links = this.entries.flatMap(({ resource, row }) => {
        if (row.kind !== "managed-policy") return [];
        const link = ifPresent(
          linkTo(
            [reference],
            { resource, name: undefined },
            (urn) => this.kinds.get(urn) === "managed-policy",
          ),
          resource,
          holder.resource,
        );
        return link === "no" ? [] : [{ resource, row, link }];
      });
      const [only, ...more] = links;
      if (only !== undefined && only.link === "yes" && more.length === 0) {
        const { resource, row } = only;
        documents.push(
          readDocument(resource.props[row.document], "identity", `${resource.name}.${row.document}`),
        );
      } else if (links.length === 0 && reference.kind === "text") outside.push(reference.text);
      else hasUnresolved = true;
    }
    return { documents, outside, hasUnresolved };
  }
}

function isSameReference(one: Reference, other: Reference): boolean {
  if (one.kind === "text") return other.kind === "text" && one.text === other.text;
  return other.kind === "unresolved" && one.urns.some((urn) => other.urns.includes(urn));
}

/** A resource that a template creates only under a condition counts surely only beside one under the same condition. */
function ifPresent(link: Link, { condition }: Resource, holder: Resource): Link {
  return link === "yes" && condition !== undefined && condition !== holder.condition ? "perhaps" : link;
}

const HOLDER_KINDS: ReadonlyMap<Row["kind"], HolderKind> = new Map([
  ["group", "groups"],
  ["user", "users"],
  ["role", "roles"],
]);

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
