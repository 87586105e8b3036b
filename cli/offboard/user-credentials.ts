import { type AccessKey, accessKeys } from "../aws/access-key";
import type { Aws } from "../aws/connect";
import { enabledDevices } from "../aws/device";
import { groupsOf, inlinePolicy } from "../aws/revoke";
import { hasPassword } from "../aws/user";
import { isLocked, LOCK } from "./lock-policy";

/** What a user can still do something with. */
export interface UserCredentials {
  /** Whether the policy is there that denies the user everything. */
  readonly locked: boolean;
  readonly activeKeys: readonly AccessKey[];
  readonly hasPassword: boolean;
  /** Serial numbers of the devices that are enabled. */
  readonly devices: readonly string[];
  readonly groups: readonly string[];
}

/** What AWS says of the user now; `undefined` where there is no such user. Throws Failure where AWS refuses. */
export async function userCredentials(aws: Aws, user: string): Promise<UserCredentials | undefined> {
  const groups = await groupsOf(aws, user);
  if (groups === undefined) return undefined;
  const [keys, password, devices, policy] = await Promise.all([
    accessKeys(aws, user),
    hasPassword(aws, user),
    enabledDevices(aws, user),
    inlinePolicy(aws, user, LOCK),
  ]);
  return {
    locked: policy !== undefined && isLocked(policy),
    activeKeys: keys.filter((key) => key.active),
    hasPassword: password,
    devices: (devices ?? []).map(({ serial }) => serial),
    groups,
  };
}
