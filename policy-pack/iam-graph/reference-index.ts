import { memoize } from "../iam/memoize";
import { Unknown } from "../iam/policy/unknown";
import { type Match, NAMING_PROPERTIES, policyIn, type Referable, type Reference } from "./reference";

/** What links to a resource. */
export interface Referrers<T> {
  /** Everything that surely refers to it, in the order in which it was added. */
  readonly sure: readonly T[];
  /** True when something else may turn out to refer to it. */
  readonly hasPerhaps: boolean;
  /** All that may. */
  perhaps(): readonly T[];
  of(item: T): Match;
}

interface Mention<T> {
  readonly item: T;
  readonly reference: Extract<Reference, { kind: "text" }>;
}

/**
 * Everything that refers to resources of one kind, found from the resource. Texts link by name, ARN or id within one
 * account, which a provider stands for, and may name a resource whose name is not known. Unresolved ones link to what their property depends on, surely where there are
 * as many of one as of the other. A stack has thousands of both, so that neither asks each of the others.
 */
export class ReferenceIndex<T> {
  private readonly order = new Map<T, number>();
  private readonly byText = new Map<string, Mention<T>[]>();
  private readonly byUrn = new Map<string, { readonly item: T; readonly link: "yes" | "perhaps" }[]>();
  /** Items with a reference that depends on nothing, so that it may be to any. */
  private readonly loose = new Set<T>();
  /** Items with a reference that depends on others alone, so that it may be to one whose name does, too. */
  private readonly elsewhere = new Set<T>();
  private readonly withText = new ByProvider<T>();

  constructor(private readonly isOfKind: (urn: string) => boolean) {}

  add(item: T, references: readonly Reference[]): void {
    this.order.set(item, this.order.size);
    const unresolved = references.filter((each) => each.kind === "unresolved");
    for (const reference of references) {
      if (reference.kind === "text") {
        for (const text of spellingsIn(reference))
          memoize(this.byText, text, () => []).push({ item, reference });
        this.withText.add(reference.provider, item);
      }
    }
    for (const { urns, when } of unresolved) {
      const candidates = urns.filter(this.isOfKind);
      const link = when === undefined && candidates.length <= unresolved.length ? "yes" : "perhaps";
      for (const urn of candidates) memoize(this.byUrn, urn, () => []).push({ item, link });
      if (urns.length === 0) this.loose.add(item);
      else if (candidates.length === 0) this.elsewhere.add(item);
    }
  }

  to(target: Referable): Referrers<T> {
    const links = new Map<T, "yes" | "perhaps">();
    for (const text of spellingsOf(target)) {
      for (const { item, reference } of this.byText.get(text) ?? []) {
        if (!isNamedBy(reference, target) || links.get(item) === "yes") continue;
        links.set(item, reference.when === undefined ? "yes" : "perhaps");
      }
    }
    for (const { item, link } of this.byUrn.get(target.resource.urn) ?? []) {
      if (links.get(item) !== "yes") links.set(item, link);
    }
    const sure = [...links].flatMap(([item, link]) => (link === "yes" ? [item] : []));
    sure.sort((a, b) => (this.order.get(a) ?? 0) - (this.order.get(b) ?? 0));
    const possible =
      target.name instanceof Unknown
        ? [this.loose, this.elsewhere, ...this.withText.within(target.resource.provider)]
        : [this.loose];
    return {
      sure,
      hasPerhaps: links.size > sure.length || hasMore(possible, sure),
      perhaps: () =>
        [...new Set([...links.keys(), ...possible.flatMap((items) => [...items])])].filter(
          (item) => links.get(item) !== "yes",
        ),
      of: (item) => links.get(item) ?? (possible.some((items) => items.has(item)) ? "perhaps" : "no"),
    };
  }
}

/** Items by the account that they are in, which a provider stands for; without one it may be any. */
class ByProvider<T> {
  private readonly sets = new Map<string | undefined, Set<T>>();

  add(provider: string | undefined, item: T): void {
    memoize(this.sets, provider, () => new Set()).add(item);
  }

  /** Those that may be in the same account. */
  within(provider: string | undefined): readonly ReadonlySet<T>[] {
    return [...this.sets].flatMap(([of, items]) => (isSameAccount(of, provider) ? [items] : []));
  }
}

function isSameAccount(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** Whether one of the sets holds more than these. */
function hasMore<T>(sets: readonly ReadonlySet<T>[], sure: readonly T[]): boolean {
  return sets.some((set) => set.size > sure.filter((item) => set.has(item)).length);
}

/** What some references lead to. */
export interface Targets<N> {
  readonly sure: readonly N[];
  /** True when they may turn out to lead to others too. */
  readonly hasPerhaps: boolean;
  /** Texts that name none of them. */
  readonly outside: readonly string[];
  /** True when one that is not known yet may turn out to name something that is declared elsewhere. */
  readonly mayBeOutside: boolean;
}

/** The resources of one kind, found from what refers to them: the same links, from the other end. */
export class TargetIndex<N extends Referable> {
  private readonly order = new Map<N, number>();
  private readonly bySpelling = new Map<string, N[]>();
  private readonly byUrn = new Map<string, N>();
  private readonly withoutName = new ByProvider<N>();

  constructor(
    readonly all: readonly N[],
    private readonly isOfKind: (urn: string) => boolean,
  ) {
    for (const named of all) {
      this.order.set(named, this.order.size);
      this.byUrn.set(named.resource.urn, named);
      if (named.name instanceof Unknown) this.withoutName.add(named.resource.provider, named);
      for (const text of spellingsOf(named)) memoize(this.bySpelling, text, () => []).push(named);
    }
  }

  /** Whom some references name, in the order of `all`. */
  named(references: readonly Reference[]): Targets<N> {
    const sure = new Set<N>();
    const perhaps = new Set<N>();
    const outside: string[] = [];
    let isLoose = false;
    let mayBeOutside = false;
    const possible = new Set<ReadonlySet<N>>();
    const unresolved = references.filter((each) => each.kind === "unresolved");
    for (const reference of references) {
      if (reference.kind === "text") {
        const spelt = spellingsIn(reference).flatMap((text) => this.bySpelling.get(text) ?? []);
        const found = spelt.filter((each) => isNamedBy(reference, each));
        for (const each of found) (reference.when === undefined ? sure : perhaps).add(each);
        if (reference.when !== undefined) isLoose ||= found.length === 0;
        else if (found.length === 0) outside.push(reference.text);
        for (const set of this.withoutName.within(reference.provider)) possible.add(set);
        continue;
      }
      const candidates = reference.urns.filter(this.isOfKind);
      for (const urn of candidates) {
        const named = this.byUrn.get(urn);
        const isSure = reference.when === undefined && candidates.length <= unresolved.length;
        if (named !== undefined) (isSure ? sure : perhaps).add(named);
      }
      if (reference.urns.length === 0) isLoose = true;
      if (candidates.length === 0) {
        mayBeOutside = true;
        for (const set of this.withoutName.within(undefined)) possible.add(set);
      }
    }
    const sorted = [...sure].sort((a, b) => (this.order.get(a) ?? 0) - (this.order.get(b) ?? 0));
    return {
      sure: sorted,
      hasPerhaps: hasMore([perhaps, ...possible], sorted) || (isLoose && sure.size < this.all.length),
      outside,
      mayBeOutside,
    };
  }
}

/** The texts by which others can name a resource, in small letters. */
function spellingsOf({ resource, name }: Referable): ReadonlySet<string> {
  const texts = [name, ...NAMING_PROPERTIES.map((key) => resource.props[key])];
  return new Set(texts.flatMap((text) => (typeof text === "string" ? [text.toLowerCase()] : [])));
}

/** What a reference may spell, in small letters: a name, an ARN or an id, or by its ARN the name of a managed policy. */
function spellingsIn({ text }: { readonly text: string }): readonly string[] {
  return [text, policyIn(text) ?? []].flat().map((each) => each.toLowerCase());
}

/** Names are the same in small and in capital letters; ARNs and ids are not. */
function isNamedBy(
  { text, provider }: Extract<Reference, { kind: "text" }>,
  { resource, name }: Referable,
): boolean {
  if (!isSameAccount(provider, resource.provider)) return false;
  const named = (policyIn(text) ?? text).toLowerCase();
  if (typeof name === "string" && name.toLowerCase() === named) return true;
  return NAMING_PROPERTIES.some((key) => resource.props[key] === text);
}
