import { type AccessKey, accessKeys, type LastUse, lastUseOf } from "../aws/access-key";
import type { Aws } from "../aws/connect";
import { type Device, enabledDevices } from "../aws/device";
import { replacementTag } from "../aws/replacement-tag";
import { groupsOf, inlinePolicy } from "../aws/revoke";
import { hasPassword, iamUser } from "../aws/user";
import { isLocked, LOCK } from "../offboard/lock-policy";
import type { UserDevice } from "../stack/outputs";

/** A user of the stack, as AWS has them now. */
export interface Member {
  readonly user: string;
  readonly inGroup: boolean;
  /** The stack's devices for the user, in the stack's order. */
  readonly devices: readonly DeviceState[];
  /** Whether aws-mfa offboard has denied them everything. */
  readonly locked: boolean;
  /** All groups of a locked user. Those of others are not read. */
  readonly groupsOfLocked: readonly string[];
  /** Devices that are enabled for the user and not from the stack. */
  readonly otherDevices: readonly Device[];
  readonly accessKeys: readonly (AccessKey & { readonly lastUse: LastUse | undefined })[];
  readonly hasPassword: boolean;
  readonly lastSession: LastSession | undefined;
}

/** One of the stack's devices for the user. */
export type DeviceState = {
  readonly name: string;
  readonly serial: string;
  /** Whether aws-mfa replace began to replace it, and has not finished. */
  readonly replacing: boolean;
} & (
  | { readonly state: "missing" }
  | { readonly state: "waiting" }
  | { readonly state: "enabled"; readonly since: Date | undefined }
  | { readonly state: "taken"; readonly by: string }
);

/**
 * The last session that AWS has recorded: the user's last call of STS with an access key, if no other service was called with that key
 * since, or their last console sign-in.
 */
export interface LastSession {
  readonly at: Date;
  readonly with: "access key" | "password";
}

/** What calls for the whole account return. */
export interface Account {
  /** The members of the stack's group. */
  readonly members: ReadonlySet<string>;
  /** All virtual devices, by serial number. */
  readonly devices: ReadonlyMap<string, Device>;
}

/** Reads one user; `undefined` if AWS has none of that name. Throws Failure if AWS refuses. */
export async function memberOf(
  aws: Aws,
  user: string,
  inStack: readonly UserDevice[],
  { members, devices }: Account,
): Promise<Member | undefined> {
  const found = await iamUser(aws, user);
  if (found === undefined) return undefined;
  const keys = await Promise.all(
    (await accessKeys(aws, user)).map(async (key) => ({ ...key, lastUse: await lastUseOf(aws, key) })),
  );
  const lock = await inlinePolicy(aws, user, LOCK);
  const locked = lock !== undefined && isLocked(lock);
  const enabled = (await enabledDevices(aws, user)) ?? [];
  return {
    user,
    inGroup: members.has(user),
    devices: inStack.map(({ id, name, serial }) => ({
      name,
      serial,
      replacing: replacementTag({ id }) in found.tags,
      ...stateOf(user, devices.get(serial)),
    })),
    locked,
    groupsOfLocked: locked ? ((await groupsOf(aws, user)) ?? []) : [],
    otherDevices: enabled.filter((device) => inStack.every(({ serial }) => serial !== device.serial)),
    accessKeys: keys,
    hasPassword: await hasPassword(aws, user),
    lastSession: lastSession(
      keys.flatMap(({ lastUse }) => lastUse ?? []),
      found.passwordUsedAt,
    ),
  };
}

function stateOf(user: string, device: Device | undefined) {
  if (device === undefined) return { state: "missing" } as const;
  if (device.user === undefined) return { state: "waiting" } as const;
  if (device.user === user) return { state: "enabled", since: device.enabledAt } as const;
  return { state: "taken", by: device.user } as const;
}

function lastSession(uses: readonly LastUse[], passwordUsedAt: Date | undefined): LastSession | undefined {
  const sessions: LastSession[] = uses.flatMap(({ service, at }) =>
    service === "sts" ? { at, with: "access key" } : [],
  );
  if (passwordUsedAt) sessions.push({ at: passwordUsedAt, with: "password" });
  return sessions.sort((a, b) => b.at.getTime() - a.at.getTime())[0];
}
