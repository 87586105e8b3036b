import { memoize } from "../iam/memoize";
import type { Declared, Holder } from "./declared";
import { isSure, presentBeside } from "./presence";
import { referencesIn } from "./reference";
import { ReferenceIndex, type TargetIndex } from "./reference-index";
import type { RowOf } from "./resource-types";

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

type Membership = Declared<RowOf<"membership">>;

/** Which user is in which group. */
export class Memberships {
  private readonly ofUsers: ReferenceIndex<Membership, Holder>;
  /** Those that each own all members of a group. */
  private readonly exclusive: ReferenceIndex<Membership, Holder>;
  private readonly byUser = new Map<Holder, GroupsOfUser>();
  private byGroup: ReadonlyMap<Holder, readonly Holder[]> | undefined;
  private withStrangers: ReadonlySet<Holder> | undefined;

  constructor(
    private readonly memberships: readonly Membership[],
    private readonly groups: TargetIndex<Holder>,
    private readonly users: TargetIndex<Holder>,
  ) {
    this.ofUsers = new ReferenceIndex(users);
    this.exclusive = new ReferenceIndex(groups);
    for (const membership of memberships) {
      const { resource, row } = membership;
      this.ofUsers.add(membership, referencesIn(resource, row.users));
      if (row.exclusive) this.exclusive.add(membership, referencesIn(resource, row.groups));
    }
  }

  /** The users that are surely in a group. */
  membersOf(group: Holder): readonly Holder[] {
    this.byGroup ??= this.membersOfAll();
    return this.byGroup.get(group) ?? [];
  }

  /** Whether a resource puts a user into a group, or may, that the graph does not declare. */
  hasStrangers(group: Holder): boolean {
    this.withStrangers ??= this.groupsWithStrangers();
    return this.withStrangers.has(group);
  }

  groupsOf(user: Holder): GroupsOfUser {
    return memoize(this.byUser, user, () => this.groupsNamedFor(user));
  }

  private groupsNamedFor(user: Holder): GroupsOfUser {
    const memberships = this.ofUsers.to(user);
    const present = memberships.sure.filter(({ resource }) => isSure(presentBeside(resource, user.resource)));
    const { sure, hasPerhaps, outside, mayBeOutside } = this.groups.targets([
      ...(user.row.kind === "user" ? referencesIn(user.resource, user.row.groups) : []),
      ...present.flatMap(({ resource, row }) => referencesIn(resource, row.groups)),
    ]);
    const isOther = (each: Membership) => memberships.of(each) !== "yes";
    const owned = sure.map((group) => {
      const owners = this.exclusive.to(group);
      const isKnown = !owners.hasPerhaps || !owners.perhaps().some(isOther);
      return { group, isKnown, others: owners.sure.filter(isOther) };
    });
    return {
      declared: owned.flatMap(({ group, isKnown, others }) =>
        isKnown && others.length === 0 ? [group] : [],
      ),
      outside,
      mayBeOutside,
      hasUnresolved:
        hasPerhaps ||
        memberships.hasPerhaps ||
        present.length < memberships.sure.length ||
        owned.some(({ isKnown }) => !isKnown),
      contested: owned.flatMap(({ group, others }) =>
        others.some((each) => memberships.of(each) === "no")
          ? [{ group, by: others.map(({ resource }) => resource.name) }]
          : [],
      ),
    };
  }

  private membersOfAll(): ReadonlyMap<Holder, readonly Holder[]> {
    const members = new Map<Holder, Holder[]>();
    for (const user of this.users.all) {
      for (const group of this.groupsOf(user).declared) memoize(members, group, () => []).push(user);
    }
    return members;
  }

  private groupsWithStrangers(): ReadonlySet<Holder> {
    const groups = this.memberships.flatMap(({ resource, row }) => {
      const { outside, hasPerhaps, mayBeOutside } = this.users.targets(referencesIn(resource, row.users));
      if (outside.length === 0 && !hasPerhaps && !mayBeOutside) return [];
      const named = this.groups.targets(referencesIn(resource, row.groups));
      return named.hasPerhaps ? this.groups.all : named.sure;
    });
    return new Set(groups);
  }
}
