import {
  GetAccountSummaryCommand,
  type IAMClient,
  ListServiceSpecificCredentialsCommand,
  paginateListMFADevices,
  paginateListSSHPublicKeys,
  paginateListVirtualMFADevices,
  type VirtualMFADevice,
} from "@aws-sdk/client-iam";
import { memoize } from "aws-mfa-policy-pack/iam";
import { z } from "zod";
import { givesCodes } from "../../aws/device";
import type { DeviceKind, Setup } from "../report";
import type { CredentialReport } from "./credential-report";

/** What IAM lists beside the credential report, as the API and the AWS CLI return it. A list that is missing is not known. */
export interface AccountLists {
  readonly ServiceSpecificCredentials?: readonly ServiceSpecificCredential[] | undefined;
  readonly SSHPublicKeys?: readonly UserItem[] | undefined;
  readonly MFADevices?: readonly Device[] | undefined;
  readonly VirtualMFADevices?:
    | readonly (Device & { readonly User?: { readonly Arn: string | undefined } | undefined })[]
    | undefined;
  readonly SummaryMap?: Partial<Record<string, number>> | undefined;
}
interface UserItem {
  readonly UserName?: string | undefined;
  readonly Status?: string | undefined;
}
interface ServiceSpecificCredential extends UserItem {
  readonly ServiceName?: string | undefined;
  readonly ExpirationDate?: Date | undefined;
}
interface Device extends UserItem {
  readonly SerialNumber?: string | undefined;
}

/** How many users are queried at once. IAM throttles all calls of an account together. */
const AT_ONCE = 8;

/**
 * Lists the credentials of an account's users that no credential report has. A list that AWS denies is missing in the result. SSH
 * public keys take a call for each user; the other lists take one for all.
 *
 * @param users their names
 */
export async function readLists(
  client: IAMClient,
  users: readonly string[],
  abortSignal: AbortSignal,
): Promise<AccountLists> {
  const credentials = async () => {
    const all: ServiceSpecificCredential[] = [];
    let Marker: string | undefined;
    do {
      const query = new ListServiceSpecificCredentialsCommand({ AllUsers: true, Marker });
      const page = await client.send(query, { abortSignal });
      all.push(...(page.ServiceSpecificCredentials ?? []));
      Marker = page.IsTruncated === true ? page.Marker : undefined;
    } while (Marker !== undefined);
    return all;
  };
  const sshPublicKeys = async () => {
    const all: UserItem[] = [];
    await forEachUser(users, async (UserName) => {
      for await (const page of paginateListSSHPublicKeys({ client }, { UserName }, { abortSignal }))
        all.push(...(page.SSHPublicKeys ?? []));
    });
    return all;
  };
  const summary = async () =>
    (await client.send(new GetAccountSummaryCommand({}), { abortSignal })).SummaryMap;
  const [ServiceSpecificCredentials, SSHPublicKeys, SummaryMap] = await Promise.all([
    credentials().catch(() => undefined),
    sshPublicKeys().catch(() => undefined),
    summary().catch(() => undefined),
  ]);
  return { ServiceSpecificCredentials, SSHPublicKeys, SummaryMap };
}

/**
 * Lists the MFA devices of an account's users. One call lists all virtual devices; only users with a device of another kind are
 * queried one by one. If AWS denies the first call, no kinds are known; if it denies another, only those listed before.
 */
export async function readDevices(
  client: IAMClient,
  { users }: CredentialReport,
  abortSignal: AbortSignal,
): Promise<AccountLists> {
  const VirtualMFADevices: VirtualMFADevice[] = [];
  try {
    const query = { AssignmentStatus: "Assigned", MaxItems: 1000 } as const;
    for await (const page of paginateListVirtualMFADevices({ client }, query, { abortSignal }))
      VirtualMFADevices.push(...(page.VirtualMFADevices ?? []));
  } catch {
    return {};
  }
  const virtual = new Set(VirtualMFADevices.map(({ User }) => userIn(User?.Arn)));
  const others = [...users].flatMap(([arn, { mfaDevice }]) => (mfaDevice ? [userIn(arn)] : []));
  const MFADevices: Device[] = [];
  const unlisted = others.filter((user) => user !== ROOT && !virtual.has(user));
  await forEachUser(unlisted, async (UserName) => {
    for await (const page of paginateListMFADevices({ client }, { UserName }, { abortSignal }))
      MFADevices.push(...(page.MFADevices ?? []));
  }).catch(() => {});
  return { VirtualMFADevices, MFADevices };
}

/** Stops at the first failure: AWS denies a list for all users or for none. */
async function forEachUser(users: readonly string[], work: (user: string) => Promise<void>): Promise<void> {
  const { default: pMap } = await import("p-map");
  await pMap(users, work, { concurrency: AT_ONCE });
}

const name = z.string().min(1);
const saved = z.object({
  ServiceSpecificCredentials: z
    .array(
      z.object({
        UserName: name,
        ServiceName: name,
        Status: z.string(),
        ExpirationDate: z.coerce.date().optional(),
      }),
    )
    .optional(),
  SSHPublicKeys: z.array(z.object({ UserName: name, SSHPublicKeyId: name, Status: z.string() })).optional(),
  MFADevices: z.array(z.object({ UserName: name, SerialNumber: name })).optional(),
  VirtualMFADevices: z
    .array(z.object({ SerialNumber: name, User: z.object({ Arn: name }).optional() }))
    .optional(),
  SummaryMap: z.record(z.string(), z.number()).optional(),
});

/**
 * What the AWS CLI printed for `list-service-specific-credentials`, `list-ssh-public-keys`, `list-mfa-devices`,
 * `list-virtual-mfa-devices` or `get-account-summary`. `undefined` for anything else.
 */
export function savedLists(value: Readonly<Record<string, unknown>>): AccountLists | undefined {
  const parsed = saved.safeParse(value);
  return parsed.success && Object.keys(parsed.data).length > 0 ? parsed.data : undefined;
}

/** What the lists of an account show, by the user's name. What is missing is not known. */
export interface Listed {
  /** The active credentials for one service alone. */
  readonly serviceCredentials?: ReadonlyMap<string, NonNullable<Setup["serviceCredentials"]>> | undefined;
  /** How many are active. */
  readonly sshPublicKeys?: ReadonlyMap<string, number> | undefined;
  /** The kinds of the MFA devices; those of the root user under `:root`. */
  readonly devices?: ReadonlyMap<string, ReadonlySet<DeviceKind>> | undefined;
  /** Whether a user who is in no list has nothing of that kind. */
  readonly isWhole: boolean;
  /** Whether the root user has a password. */
  readonly rootPassword?: boolean | undefined;
}

/** The saved lists of an account as one. An empty list does not say whose it is, so it never shows that a user has nothing. */
export function mergedLists(lists: readonly AccountLists[]): AccountLists {
  const all = <Item>(itemsOf: (each: AccountLists) => readonly Item[] | undefined) => {
    const items = lists.flatMap((each) => itemsOf(each) ?? []);
    return items.length === 0 ? undefined : items;
  };
  return {
    ServiceSpecificCredentials: all((each) => each.ServiceSpecificCredentials),
    SSHPublicKeys: all((each) => each.SSHPublicKeys),
    MFADevices: all((each) => each.MFADevices),
    VirtualMFADevices: all((each) => each.VirtualMFADevices),
    SummaryMap: lists.find(({ SummaryMap }) => SummaryMap?.AccountPasswordPresent !== undefined)?.SummaryMap,
  };
}

/** @param isWhole see `Listed` */
export function listedByUser(lists: AccountLists, isWhole: boolean, now = new Date()): Listed {
  const { ServiceSpecificCredentials, SSHPublicKeys, MFADevices, VirtualMFADevices, SummaryMap } = lists;
  // Source: IAM API reference, GetAccountSummary: 0 where the root user has no password.
  const password = SummaryMap?.AccountPasswordPresent;
  const devices = [
    ...(MFADevices ?? []),
    ...(VirtualMFADevices ?? []).map(({ User, ...device }) => ({ ...device, UserName: userIn(User?.Arn) })),
  ];
  const isActive = ({ Status, ExpirationDate }: ServiceSpecificCredential) =>
    Status !== "Inactive" && (ExpirationDate === undefined || ExpirationDate > now);
  const credentials = ServiceSpecificCredentials?.filter(isActive);
  const keys = SSHPublicKeys?.filter(isActive);
  return {
    isWhole,
    serviceCredentials: credentials && grouped(credentials, serviceCredentialOf),
    sshPublicKeys: keys && new Map([...grouped(keys, () => 1)].map(([user, all]) => [user, all.length])),
    devices:
      (MFADevices ?? VirtualMFADevices) &&
      new Map([...grouped(devices, kindOf)].map(([user, kinds]) => [user, new Set(kinds)])),
    rootPassword: password === undefined ? undefined : password !== 0,
  };
}

function grouped<Item extends UserItem, Value>(
  items: readonly Item[],
  makeValue: (item: Item) => Value,
): ReadonlyMap<string, readonly Value[]> {
  const byUser = new Map<string, Value[]>();
  for (const item of items) memoize(byUser, item.UserName ?? "", () => []).push(makeValue(item));
  return byUser;
}

function serviceCredentialOf({ ServiceName = "", ExpirationDate }: ServiceSpecificCredential) {
  return { service: ServiceName, ...(ExpirationDate && { expiresAt: ExpirationDate.toISOString() }) };
}

/** Source: IAM API reference, MFADevice: the serial number of a hardware token is not an ARN. */
function kindOf({ SerialNumber: serial = "" }: Device): DeviceKind {
  if (!givesCodes({ serial })) return "passkey";
  return serial.includes(":mfa/") ? "virtual" : "hardware";
}

/** The kinds of a user's devices. A device in no list of a whole account is not virtual. */
export function deviceKindsOf(
  arn: string,
  { mfaDevice }: Pick<Setup, "mfaDevice">,
  { devices, isWhole }: Listed,
): Pick<Setup, "deviceKinds"> {
  const kinds = devices?.get(userIn(arn));
  if (kinds !== undefined) return { deviceKinds: [...kinds].sort() };
  return devices && isWhole && mfaDevice ? { deviceKinds: ["hardware or passkey"] } : {};
}

const ROOT = ":root";

/** The name of a user, by their ARN; `:root` for the root user. */
function userIn(arn = ""): string {
  return arn.endsWith(ROOT) ? ROOT : (arn.split("/").at(-1) ?? "");
}
