import { memoize } from "../iam/memoize";
import { isText, type Text, Unknown, written } from "../iam/policy/unknown";
import type { AttachedPolicies, Boundary, Document, PossiblePolicies } from "./attached-policies";
import { type Declared, type Holder, type HolderKind, ofKind } from "./declared";
import { type DocumentReader, named, readInline } from "./document-reader";
import { outcomesOf, remaining, type Writes, type WrittenPolicy, writesByName } from "./inline-writes";
import { isSure, presentBeside, under } from "./presence";
import { isOfAws, type Match, type Referable, type Reference, referencesIn } from "./reference";
import { ReferenceIndex, type Referrers, TargetIndex } from "./reference-index";
import type { Resource } from "./resource";
import type { RowOf } from "./resource-types";

const ATTACHING = [
  "inline-policy",
  "managed-policy",
  "attachment",
  "only-attachments",
  "only-inline",
] as const;
type Attaching = Declared<RowOf<(typeof ATTACHING)[number]>>;

/** A managed policy. Others name it by its ARN only. */
type Managed = Referable & Declared<RowOf<"managed-policy">>;

/** Which policies are attached to which group, user or role, inline ones included. */
export class Attachments {
  private readonly managed: TargetIndex<Managed>;
  private readonly attaching: Readonly<Record<HolderKind, ReferenceIndex<Attaching, Holder>>>;
  /** The attachments that each own all attachments of a policy, by the policy's text or URN. */
  private readonly owners = new Map<string, Attaching[]>();
  /** Those of a policy that is not known. */
  private readonly ownersOfUnknown: Attaching[] = [];

  constructor(
    declared: readonly Declared[],
    holders: Readonly<Record<HolderKind, TargetIndex<Holder>>>,
    private readonly reader: DocumentReader,
  ) {
    this.managed = new TargetIndex(
      ofKind(declared, "managed-policy").map((each) => ({ ...each, name: policyNameOf(each) })),
    );
    this.attaching = {
      groups: new ReferenceIndex(holders.groups),
      users: new ReferenceIndex(holders.users),
      roles: new ReferenceIndex(holders.roles),
    };
    for (const each of ofKind(declared, ...ATTACHING)) {
      const { resource, row } = each;
      for (const kind of ["groups", "users", "roles"] as const) {
        this.attaching[kind].add(each, referencesIn(resource, row[kind]));
      }
      if (row.kind !== "attachment" || row.only !== true) continue;
      const keys = referencesIn(resource, row.policies).flatMap((policy) => this.keysOf(policy));
      for (const key of keys) memoize(this.owners, key, () => []).push(each);
      if (keys.length === 0) this.ownersOfUnknown.push(each);
    }
  }

  /** Every policy of a group, user or role, whichever resource declares or attaches it. */
  of(holder: Holder): PossiblePolicies {
    const links = this.attaching[holder.kind].to(holder);
    const perhaps = links.hasPerhaps ? links.perhaps() : [];
    const inline = this.inlineOf(holder, links.sure, perhaps);
    const attached = [...referencesIn(holder.resource, holder.row.managed)];
    const exclusive: { readonly by: string; readonly references: readonly Reference[] }[] = [];
    let hasUnresolved = links.hasPerhaps;
    for (const { resource, row } of links.sure) {
      if (row.kind === "inline-policy" || row.kind === "only-inline") continue;
      if (row.kind === "managed-policy") attached.push({ kind: "unresolved", urns: [resource.urn] });
      else if (!isSure(presentBeside(resource, holder.resource))) hasUnresolved = true;
      else if (row.kind === "attachment") attached.push(...referencesIn(resource, row.policies));
      else exclusive.push({ by: resource.name, references: referencesIn(resource, row.policies) });
    }
    const isAttached = this.attachedBeside(links, perhaps);
    const lists = exclusive.length > 0 ? exclusive : [{ references: attached }];
    const outcomes = lists.flatMap(({ references }) => {
      const matches = references.map((reference) => ({ reference, is: isAttached(reference) }));
      const sure = matches.flatMap(({ reference, is }) => (is === "yes" ? [reference] : []));
      const found = this.documentsOf(sure, holder);
      const isOpen = hasUnresolved || found.hasUnresolved || matches.some(({ is }) => is === "perhaps");
      return outcomesOf(inline).map((written): AttachedPolicies => {
        return { ...found, documents: [...written, ...found.documents], hasUnresolved: isOpen };
      });
    });
    const contested = [
      ...inline.flatMap((same) => (same.length > 1 ? same.flat() : [])),
      ...(exclusive.length > 1 ? exclusive : []),
    ].map(({ by }) => by);
    return { outcomes, contested: [...new Set(contested)] };
  }

  /**
   * The permissions boundary that a user or role names. What it denies is denied, even if another policy allows it.
   * Source: IAM user guide, "Permissions boundaries for IAM entities".
   */
  boundaryOf(holder: Holder): Boundary | undefined {
    const references = "boundary" in holder.row ? referencesIn(holder.resource, holder.row.boundary) : [];
    if (references.length === 0) return undefined;
    const names = references.flatMap((each) =>
      each.kind === "text"
        ? [written(each.arn ?? each.text)]
        : this.managed.targets([each]).sure.map(({ resource }) => resource.name),
    );
    return { names, ...this.documentsOf(references, holder) };
  }

  /** The inline policies of a holder, by what surely, and what perhaps, writes or removes them. */
  private inlineOf(holder: Holder, sure: readonly Attaching[], perhaps: readonly Attaching[]) {
    const { inline } = holder.row;
    const by = holder.resource.name;
    const listed =
      inline === undefined ? [] : readInline(this.reader, holder.resource.props[inline.list], inline);
    const { policies, kept } = this.writesOf(sure, holder);
    const writes = { policies: [...listed.map((each) => ({ ...each, by })), ...policies], kept };
    return writesByName(remaining(writes, this.writesOf(perhaps, holder)));
  }

  /** What of these resources writes or removes a holder's inline policies. */
  private writesOf(attaching: readonly Attaching[], holder: Holder): Writes {
    const policies: WrittenPolicy[] = [];
    const kept: (readonly Text[])[] = [];
    for (const { resource, row } of attaching) {
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

  /** Tells whether a policy stays attached beside the resources that own its attachments, or those of the holder. */
  private attachedBeside(
    links: Referrers<Attaching>,
    perhaps: readonly Attaching[],
  ): (reference: Reference) => Match {
    const lists = perhaps.flatMap(({ resource, row }) =>
      row.kind === "only-attachments"
        ? [referencesIn(resource, row.policies).flatMap((each) => this.keysOf(each))]
        : [],
    );
    const isOpen = this.ownersOfUnknown.some((each) => links.of(each) !== "yes");
    return (reference) => {
      const keys = this.keysOf(reference);
      const owners = keys.flatMap((key) => this.owners.get(key) ?? []).map(links.of);
      if (owners.includes("no")) return "no";
      const isListed = lists.every((only) => keys.some((key) => only.includes(key)));
      return isOpen || owners.includes("perhaps") || !isListed ? "perhaps" : "yes";
    };
  }

  private documentsOf(references: readonly Reference[], holder: Holder): AttachedPolicies {
    const documents: Document[] = [];
    const outside: Text[] = [];
    let hasUnresolved = false;
    for (const list of decidedTogether(references)) {
      const [{ when, ...reference }] = list;
      const arn = reference.kind === "text" ? (reference.arn ?? reference.text) : undefined;
      const { sure, hasPerhaps } = this.managed.targets(list.map(unconditional));
      const isOutside = sure.length === 0 && !hasPerhaps;
      if (arn !== undefined && when === undefined && (isOutside || isOfAws(written(arn)))) outside.push(arn);
      else if (sure.length === 0 || hasPerhaps || sure.length > list.length) hasUnresolved = true;
      else {
        for (const { resource, row } of sure) {
          const there = presentBeside(resource, holder.resource);
          const document = under(this.documentIn(resource, row), there);
          documents.push(when === undefined ? document : under(document, [when]));
        }
      }
    }
    return { documents, outside, hasUnresolved };
  }

  /** The same for two references to one policy. */
  private keysOf(reference: Reference): readonly string[] {
    if (reference.kind === "unresolved") return reference.urns.filter((urn) => this.managed.has(urn));
    const { sure } = this.managed.targets([unconditional(reference)]);
    return sure.length > 0 ? sure.map(({ resource }) => resource.urn) : [reference.text];
  }

  private documentIn(resource: Resource, row: { readonly document: string }): Document {
    return this.reader.read(resource.props[row.document], "identity", `${resource.name}.${row.document}`);
  }
}

function unconditional({ when: _, ...reference }: Reference): Reference {
  return reference;
}

/** Groups the references of one list: its outputs all depend on what the list depends on, so only together they name policies. */
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

/** A managed policy's path and name, as `policyIn` reads them from an ARN. */
function policyNameOf({ resource: { props }, row }: Declared<RowOf<"managed-policy">>): Text | undefined {
  if (props[row.name] === undefined) return undefined;
  const parts = [props[row.path] ?? "/", props[row.name]];
  const texts = parts.map((each) => (typeof each === "string" ? each : new Unknown("a name")));
  return Unknown.text("a name", ["policy", ...texts]);
}
