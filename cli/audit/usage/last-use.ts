import { memoize } from "aws-mfa-policy-pack/iam";
import type { Authorization } from "../account/authorization";
import type { UserRecord } from "../input";
import type { LastUse, Setup } from "../report";
import { createdAt } from "./role-use";

/** The last uses of roles, users and groups, by URN. `credentials`: what is known of the users' own, by URN. */
export function lastUsesOf(
  found: Authorization,
  credentials: ReadonlyMap<string, UserRecord>,
): ReadonlyMap<string, LastUse> {
  const uses = new Map<string, LastUse>();
  for (const { urn, lastUse } of found.roles) if (lastUse !== undefined) uses.set(urn, lastUse);
  const users = new Map<string, Member>();
  for (const { urn, name } of found.users) {
    const use = lastUseOfUser(credentials.get(urn));
    if (use !== undefined && use !== "none") uses.set(urn, use);
    users.set(urn, { name, use });
  }
  for (const [group, members] of membersOf(found)) {
    const use = lastUseOfGroup(members.flatMap((urn) => users.get(urn) ?? []));
    if (use !== undefined) uses.set(group, use);
  }
  return uses;
}

interface Member {
  readonly name: string;
  readonly use: LastUse | "none" | undefined;
}

/** The URNs of each group's users, by the group's. */
export function membersOf({ users, groups }: Authorization): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const { urn, props } of users)
    for (const group of [props.Groups].flat()) memoize(byName, String(group), () => []).push(urn);
  return new Map(groups.map(({ urn, name }) => [urn, byName.get(name) ?? []]));
}

/**
 * The last use of what a user can come in with now: a password, and active access keys.
 * Source: IAM user guide, "Generate credential reports for your AWS account".
 *
 * @returns `undefined` where that is not known; `none` for a user who has neither, nor a credential for one service alone
 */
export function lastUseOfUser(record: UserRecord | undefined): LastUse | "none" | undefined {
  if (record === undefined || record === "unknown") return undefined;
  const { password } = record;
  const keys = record.accessKeys.filter(({ active }) => active);
  if (password === null && keys.length === 0) return lacksServiceAccess(record) ? "none" : undefined;
  const uses = [
    ...(password === null ? [] : [used("password", password.lastUsed)]),
    ...keys.map(({ lastUsed }) => used("access key", lastUsed)),
  ].flat();
  const newest = keys
    .flatMap(({ createdAt: at }) => at ?? [])
    .toSorted()
    .at(-1);
  return latest(uses) ?? { kind: "not recorded", of: "credentials", ...createdAt(newest) };
}

/** Whether a user has credentials of which AWS records no use. */
export function hasServiceAccess({
  serviceCredentials = [],
  sshPublicKeys = 0,
}: Omit<Setup, "guardedBy">): boolean {
  return serviceCredentials.length + sshPublicKeys > 0;
}

/** Whether a user is known to have none. */
export function lacksServiceAccess({ serviceCredentials, sshPublicKeys }: Omit<Setup, "guardedBy">): boolean {
  return serviceCredentials?.length === 0 && sshPublicKeys === 0;
}

/** The last use of a group, which is that of its members. */
function lastUseOfGroup(members: readonly Member[]): LastUse | undefined {
  const uses: Used[] = [];
  const created: string[] = [];
  let [isKnown, hasCredentials] = [true, false];
  for (const { name: user, use } of members) {
    if (use === undefined) isKnown = false;
    else if (use !== "none") {
      hasCredentials = true;
      if (use.kind === "used") uses.push({ ...use, user });
      if (use.kind === "not recorded" && use.createdAt !== undefined) created.push(use.createdAt);
    }
  }
  if (uses.length > 0) return latest(uses);
  if (!isKnown) return undefined;
  if (!hasCredentials) return { kind: "nobody", members: members.length };
  return { kind: "not recorded", of: "members", ...createdAt(created.toSorted().at(-1)) };
}

type Used = Extract<LastUse, { kind: "used" }>;

function used(of: Used["of"], at: string | null): readonly Used[] {
  return at === null ? [] : [{ kind: "used", of, at }];
}

function latest(uses: readonly Used[]): Used | undefined {
  return uses.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
}
