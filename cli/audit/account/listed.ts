import {
  GetAccountSummaryCommand,
  type IAMClient,
  ListServiceSpecificCredentialsCommand,
  paginateListSSHPublicKeys,
} from "@aws-sdk/client-iam";
import { memoize } from "aws-mfa-policy-pack/iam";
import { z } from "zod";
import type { Setup } from "../report";
import { type Devices, devicesByUser, type ListedDevice, nameIn } from "./devices";
import { forEachUser } from "./each-user";

type ServiceCredential = NonNullable<Setup["serviceCredentials"]>[number];

/** What IAM lists of users and no credential report has, by the user's name; `undefined` where it is not known. */
export interface Listed {
  /** Credentials for one service alone that are active. */
  readonly serviceCredentials: ReadonlyMap<string, readonly ServiceCredential[]> | undefined;
  /** How many are active. */
  readonly sshPublicKeys: ReadonlyMap<string, number> | undefined;
  readonly devices: Devices | undefined;
  /** Whether whoever is in no list has nothing of it. */
  readonly isWhole: boolean;
  /** Whether the root user has a password, where the account's summary says so. */
  readonly rootPassword?: boolean;
}

export const NOTHING_LISTED: Listed = {
  serviceCredentials: undefined,
  sshPublicKeys: undefined,
  devices: undefined,
  isWhole: false,
};

/**
 * Lists what the users of an account have. The audit goes on without what AWS refuses. SSH public keys take a call for each user, and
 * the other lists one for all.
 *
 * @param users their names
 */
export async function readListed(
  client: IAMClient,
  users: readonly string[],
  abortSignal: AbortSignal,
): Promise<Listed> {
  const serviceCredentials = async () => {
    const all: ListedCredential[] = [];
    let Marker: string | undefined;
    do {
      const asked = new ListServiceSpecificCredentialsCommand({ AllUsers: true, Marker });
      const page = await client.send(asked, { abortSignal });
      all.push(...(page.ServiceSpecificCredentials ?? []));
      Marker = page.IsTruncated === true ? page.Marker : undefined;
    } while (Marker !== undefined);
    return credentialsByUser(all, new Date());
  };
  const sshPublicKeys = async () => {
    const all: ListedKey[] = [];
    await forEachUser(users, async (UserName) => {
      for await (const page of paginateListSSHPublicKeys({ client }, { UserName }, { abortSignal }))
        all.push(...(page.SSHPublicKeys ?? []));
    });
    return keysByUser(all);
  };
  const summary = async () => {
    const { SummaryMap } = await client.send(new GetAccountSummaryCommand({}), { abortSignal });
    return rootPasswordIn(SummaryMap);
  };
  const orUnknown = () => undefined;
  const [credentials, keys, rootPassword] = await Promise.all([
    serviceCredentials().catch(orUnknown),
    sshPublicKeys().catch(orUnknown),
    summary().catch(orUnknown),
  ]);
  return {
    ...{ serviceCredentials: credentials, sshPublicKeys: keys, devices: undefined, isWhole: true },
    ...(rootPassword !== undefined && { rootPassword }),
  };
}

/** Source: IAM API reference, GetAccountSummary: 0 where the root user has no password, as one whose credentials were removed. */
function rootPasswordIn({
  AccountPasswordPresent,
}: Partial<Record<string, number>> = {}): boolean | undefined {
  return AccountPasswordPresent === undefined ? undefined : AccountPasswordPresent !== 0;
}

interface ListedCredential {
  readonly UserName?: string | undefined;
  readonly ServiceName?: string | undefined;
  readonly Status?: string | undefined;
  readonly ExpirationDate?: Date | undefined;
}

function credentialsByUser(
  all: readonly ListedCredential[],
  now: Date,
): ReadonlyMap<string, readonly ServiceCredential[]> {
  const byUser = new Map<string, ServiceCredential[]>();
  for (const { UserName = "", ServiceName = "", Status, ExpirationDate } of all) {
    if (Status === "Inactive" || (ExpirationDate !== undefined && ExpirationDate <= now)) continue;
    const expires = ExpirationDate === undefined ? {} : { expiresAt: ExpirationDate.toISOString() };
    memoize(byUser, UserName, () => []).push({ service: ServiceName, ...expires });
  }
  return byUser;
}

interface ListedKey {
  readonly UserName?: string | undefined;
  readonly Status?: string | undefined;
}

function keysByUser(all: readonly ListedKey[]): ReadonlyMap<string, number> {
  const byUser = new Map<string, number>();
  for (const { UserName = "", Status } of all)
    if (Status !== "Inactive") byUser.set(UserName, (byUser.get(UserName) ?? 0) + 1);
  return byUser;
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
 * What the AWS CLI printed of `list-service-specific-credentials`, `list-ssh-public-keys`, `list-mfa-devices`,
 * `list-virtual-mfa-devices` or `get-account-summary`.
 */
export type SavedList = z.infer<typeof saved>;

/** `undefined` for anything else. */
export function savedList(value: Readonly<Record<string, unknown>>): SavedList | undefined {
  const parsed = saved.safeParse(value);
  return parsed.success && Object.keys(parsed.data).length > 0 ? parsed.data : undefined;
}

/** What saved lists tell together. Whose an empty list is they do not say, so that they never tell that somebody has nothing. */
export function listedIn(lists: readonly SavedList[], now: Date): Listed {
  const credentials = lists.flatMap(({ ServiceSpecificCredentials = [] }) => ServiceSpecificCredentials);
  const keys = lists.flatMap(({ SSHPublicKeys = [] }) => SSHPublicKeys);
  const devices: ListedDevice[] = lists.flatMap(({ MFADevices = [], VirtualMFADevices = [] }) => [
    ...MFADevices,
    ...VirtualMFADevices.flatMap(({ SerialNumber, User }) =>
      User === undefined ? [] : [{ SerialNumber, UserName: nameIn(User.Arn) }],
    ),
  ]);
  const rootPassword = lists
    .map(({ SummaryMap }) => rootPasswordIn(SummaryMap))
    .find((each) => each !== undefined);
  return {
    serviceCredentials: credentials.length === 0 ? undefined : credentialsByUser(credentials, now),
    sshPublicKeys: keys.length === 0 ? undefined : keysByUser(keys),
    devices: devices.length === 0 ? undefined : devicesByUser(devices),
    isWhole: false,
    ...(rootPassword !== undefined && { rootPassword }),
  };
}
