import { memoize } from "aws-mfa-policy-pack/iam";
import type { Authorization } from "../account/authorization";
import type { Credentials } from "../input";
import type { LastUse } from "../report";

/** The last uses of roles, users and groups, by URN. `credentials`: those of the users, by URN. */
export function lastUsesOf(
  found: Authorization,
  credentials: ReadonlyMap<string, Credentials | "unknown">,
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
 * The last use of a user's password and active access keys.
 * Source: IAM user guide, "Generate credential reports for your AWS account".
 *
 * @returns `undefined` if it is not known; `none` for a user without credentials of any kind
 */
export function lastUseOfUser(
  credentials: Credentials | "unknown" | undefined,
): LastUse | "none" | undefined {
  if (credentials === undefined || credentials === "unknown") return undefined;
  const { password } = credentials;
  const keys = credentials.accessKeys.filter(({ active }) => active);
  if (password === null && keys.length === 0) return lacksServiceAccess(credentials) ? "none" : undefined;
  const uses = [
    ...(password === null ? [] : [used("password", password.lastUsed)]),
    ...keys.map(({ lastUsed }) => used("access key", lastUsed)),
  ].flat();
  const createdAt = latest(keys.flatMap((key) => key.createdAt ?? []));
  return latestUse(uses) ?? { kind: "not recorded", of: "credentials", createdAt };
}

type ServiceAccess = Pick<Credentials, "serviceCredentials" | "sshPublicKeys">;

/** Whether a user has credentials whose use AWS does not record. */
export function hasServiceAccess({ serviceCredentials = [], sshPublicKeys = 0 }: ServiceAccess): boolean {
  return serviceCredentials.length + sshPublicKeys > 0;
}

/** Whether a user is known to have none. */
export function lacksServiceAccess({ serviceCredentials, sshPublicKeys }: ServiceAccess): boolean {
  return serviceCredentials?.length === 0 && sshPublicKeys === 0;
}

/** The last use by any member. */
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
  if (uses.length > 0) return latestUse(uses);
  if (!isKnown) return undefined;
  if (!hasCredentials) return { kind: "nobody", members: members.length };
  return { kind: "not recorded", of: "members", createdAt: latest(created) };
}

type Used = Extract<LastUse, { kind: "used" }>;

function used(of: Used["of"], at: string | null): readonly Used[] {
  return at === null ? [] : [{ kind: "used", of, at }];
}

function latestUse(uses: readonly Used[]): Used | undefined {
  return uses.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
}

function latest(times: readonly string[]): string | undefined {
  return times.toSorted().at(-1);
}
