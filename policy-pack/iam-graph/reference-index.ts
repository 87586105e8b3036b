import { memoize } from "../iam/memoize";
import { Unknown } from "../iam/policy/unknown";
import { type Match, NAMING_PROPERTIES, policyIn, type Referable, type Reference } from "./reference";
import { byUrn } from "./resource";

type TextReference = Extract<Reference, { kind: "text" }>;

/** The resources that some references are to. */
export interface Targets<N> {
  /** In the order of their URNs. */
  readonly sure: readonly N[];
  /** True when they may turn out to be to others, too. */
  readonly hasPerhaps: boolean;
  /** What they may be to: a resource, or any of a set. */
  readonly perhaps: readonly (N | ReadonlySet<N>)[];
  /** Texts that name none of the resources. */
  readonly outside: readonly string[];
  /** True when a reference may turn out to be to a resource that is declared elsewhere. */
  readonly mayBeOutside: boolean;
}

/**
 * Resources of one kind, found by the references to them. A text refers by name, ARN or id within one account, which a provider
 * stands for, and may name a resource whose name is not known. An unresolved reference is to what its property depends on,
 * surely if the list has as many references as resources to choose from. Lookups do not scan all resources.
 */
export class TargetIndex<N extends Referable> {
  private readonly byUrn = new Map<string, N>();
  private readonly bySpelling = new Map<string, N[]>();
  private readonly any: ReadonlySet<N>;
  /** Those whose name is not known, by provider. */
  private readonly withoutName = new Map<string | undefined, Set<N>>();

  constructor(readonly all: readonly N[]) {
    this.any = new Set(all);
    for (const target of all) {
      const { name, resource } = target;
      this.byUrn.set(resource.urn, target);
      if (name instanceof Unknown) memoize(this.withoutName, resource.provider, () => new Set()).add(target);
      for (const text of spellingsOf(target)) memoize(this.bySpelling, text, () => []).push(target);
    }
  }

  has(urn: string): boolean {
    return this.byUrn.has(urn);
  }

  targets(references: readonly Reference[]): Targets<N> {
    const sure = new Set<N>();
    const perhaps = new Set<N>();
    const sets = new Set<ReadonlySet<N>>();
    const outside: string[] = [];
    let isOutsideAtTimes = false;
    let mayBeOutside = false;
    const unresolved = references.filter(({ kind }) => kind === "unresolved").length;
    for (const reference of references) {
      const isText = reference.kind === "text";
      const named = isText
        ? this.namedBy(reference)
        : reference.urns.flatMap((urn) => this.byUrn.get(urn) ?? []);
      const isSure = reference.when === undefined && (isText || named.length <= unresolved);
      for (const each of named) (isSure ? sure : perhaps).add(each);
      if (isText && named.length === 0 && isSure) outside.push(reference.text);
      isOutsideAtTimes ||= isText && named.length === 0 && !isSure;
      mayBeOutside ||= !isText && named.length === 0;
      if (!isText && reference.urns.length === 0) sets.add(this.any);
      if (isText || named.length === 0) {
        for (const [provider, targets] of this.withoutName) {
          if (mayBeSameAccount(provider, isText ? reference.provider : undefined)) sets.add(targets);
        }
      }
    }
    return {
      sure: [...sure].sort((a, b) => byUrn(a.resource, b.resource)),
      hasPerhaps: hasMore([perhaps, ...sets, ...(isOutsideAtTimes ? [this.any] : [])], sure),
      perhaps: [...perhaps, ...sets],
      outside,
      mayBeOutside,
    };
  }

  /** The sets in `Targets.perhaps` that a resource can be in. */
  setsOf({ name, resource }: N): readonly ReadonlySet<N>[] {
    const withoutName = name instanceof Unknown ? this.withoutName.get(resource.provider) : undefined;
    return withoutName === undefined ? [this.any] : [this.any, withoutName];
  }

  private namedBy(reference: TextReference): readonly N[] {
    const spelled = spellingsIn(reference.text).flatMap((text) => this.bySpelling.get(text) ?? []);
    return spelled.filter((each) => isNamedBy(reference, each));
  }
}

/** What refers to a resource. */
export interface Referrers<T> {
  /** Everything that surely refers to it, in the order in which it was added. */
  readonly sure: readonly T[];
  /** True when something else may turn out to refer to it. */
  readonly hasPerhaps: boolean;
  /** Everything else that may. */
  perhaps(): readonly T[];
  of(item: T): Match;
}

/** The same references from the other end: what refers to a resource. */
export class ReferenceIndex<T, N extends Referable> {
  private readonly sure = new Map<N, Set<T>>();
  private readonly perhaps = new Map<N | ReadonlySet<N>, Set<T>>();

  constructor(private readonly targets: TargetIndex<N>) {}

  add(item: T, references: readonly Reference[]): void {
    const { sure, perhaps } = this.targets.targets(references);
    for (const target of sure) memoize(this.sure, target, () => new Set()).add(item);
    for (const target of perhaps) memoize(this.perhaps, target, () => new Set()).add(item);
  }

  to(target: N): Referrers<T> {
    const sure: ReadonlySet<T> = this.sure.get(target) ?? new Set();
    const possible = [target, ...this.targets.setsOf(target)].flatMap((each) => this.perhaps.get(each) ?? []);
    return {
      sure: [...sure],
      hasPerhaps: hasMore(possible, sure),
      perhaps: () => [...new Set(possible.flatMap((items) => [...items]))].filter((item) => !sure.has(item)),
      of: (item) => (sure.has(item) ? "yes" : possible.some((items) => items.has(item)) ? "perhaps" : "no"),
    };
  }
}

/** Whether one of the sets has an item that is not among these. */
function hasMore<T>(sets: readonly ReadonlySet<T>[], these: ReadonlySet<T>): boolean {
  return sets.some((set) => set.size > these.size || [...set].some((item) => !these.has(item)));
}

/** A provider stands for its account; without one it may be any. */
function mayBeSameAccount(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** The texts by which others can name a resource, in lower case. */
function spellingsOf({ resource, name }: Referable): ReadonlySet<string> {
  const texts = [name, ...NAMING_PROPERTIES.map((key) => resource.props[key])];
  return new Set(texts.flatMap((text) => (typeof text === "string" ? [text.toLowerCase()] : [])));
}

/** What a reference may spell, in lower case: a name, an ARN or an id, or by its ARN the name of a managed policy. */
function spellingsIn(text: string): readonly string[] {
  return [text, policyIn(text) ?? []].flat().map((each) => each.toLowerCase());
}

/** Names are case-insensitive; ARNs and ids are not. */
function isNamedBy({ text, provider }: TextReference, { resource, name }: Referable): boolean {
  if (!mayBeSameAccount(provider, resource.provider)) return false;
  const named = (policyIn(text) ?? text).toLowerCase();
  if (typeof name === "string" && name.toLowerCase() === named) return true;
  return NAMING_PROPERTIES.some((key) => resource.props[key] === text);
}
