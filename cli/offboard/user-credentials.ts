import { accessKeys } from "../aws/access-key";
import type { Aws } from "../aws/connect";
import { enabledDevices } from "../aws/device";
import { groupsOf, inlinePolicy } from "../aws/revoke";
import { hasPassword } from "../aws/user";
import { isLocked, LOCK } from "./lock-policy";

/** What a user can still get in with. */
export interface UserCredentials {
  /** Whether the user has the inline policy that denies everything. */
  readonly locked: boolean;
  /** Ids of the active access keys. */
  readonly activeKeys: readonly string[];
  readonly hasPassword: boolean;
  /** Serial numbers of the enabled devices. */
  readonly devices: readonly string[];
  readonly groups: readonly string[];
}

/** The user as AWS has them now; `undefined` if there is no such user. Throws Failure if AWS refuses. */
export async function userCredentials(aws: Aws, user: string): Promise<UserCredentials | undefined> {
  const groups = await groupsOf(aws, user);
  if (groups === undefined) return undefined;
  const [keys, password, devices = [], policy] = await Promise.all([
    accessKeys(aws, user),
    hasPassword(aws, user),
    enabledDevices(aws, user),
    inlinePolicy(aws, user, LOCK),
  ]);
  return {
    locked: policy !== undefined && isLocked(policy),
    activeKeys: keys.filter(({ active }) => active).map(({ id }) => id),
    hasPassword: password,
    devices: devices.map(({ serial }) => serial),
    groups,
  };
}
