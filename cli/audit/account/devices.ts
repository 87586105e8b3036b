import { type IAMClient, paginateListMFADevices, paginateListVirtualMFADevices } from "@aws-sdk/client-iam";
import { memoize } from "aws-mfa-policy-pack/iam";
import { givesCodes } from "../../aws/device";
import type { DeviceKind, Setup } from "../report";
import type { CredentialReport } from "./credential-report";
import { forEachUser } from "./each-user";

/** The kinds of the MFA devices that users have, by the user's name; the root user's is `:root`. */
export type Devices = ReadonlyMap<string, ReadonlySet<DeviceKind>>;

/**
 * The kinds of the MFA devices that users have. Those with a virtual one are listed at once, and are not asked for others; the
 * others are asked for theirs one by one.
 */
export async function readDevices(
  client: IAMClient,
  report: CredentialReport,
  abortSignal: AbortSignal,
): Promise<Devices | undefined> {
  const all: ListedDevice[] = [];
  try {
    const asked = { AssignmentStatus: "Assigned", MaxItems: 1000 } as const;
    for await (const page of paginateListVirtualMFADevices({ client }, asked, { abortSignal }))
      for (const { SerialNumber, User } of page.VirtualMFADevices ?? [])
        all.push({ SerialNumber, UserName: nameIn(User?.Arn) });
  } catch {
    return undefined;
  }
  const virtual = new Set(all.map(({ UserName }) => UserName));
  const others = [...report.users].flatMap(([arn, { name, mfaDevice }]) =>
    mfaDevice && !virtual.has(nameIn(arn)) ? [{ arn, name }] : [],
  );
  const isRoot = ({ arn }: { readonly arn: string }) => nameIn(arn) === ROOT;
  const devices = new Map(devicesByUser(all));
  const listed: ListedDevice[] = [];
  await forEachUser(
    others.filter((each) => !isRoot(each)).map(({ name }) => name),
    async (UserName) => {
      for await (const page of paginateListMFADevices({ client }, { UserName }, { abortSignal }))
        listed.push(...(page.MFADevices ?? []));
    },
  ).catch(() => {});
  for (const [name, kinds] of devicesByUser(listed)) devices.set(name, kinds);
  for (const { arn } of others)
    memoize(devices, nameIn(arn), () => new Set<DeviceKind>(["hardware or passkey"]));
  return devices;
}

/** The kinds of a user's devices, for what is said of the user. */
export function kindsOf(arn: string, devices: Devices | undefined): Pick<Setup, "deviceKinds"> {
  const kinds = devices?.get(nameIn(arn));
  return kinds === undefined ? {} : { deviceKinds: [...kinds].sort() };
}

const ROOT = ":root";

/** By which name `Devices` has the user of an ARN. */
export function nameIn(arn = ""): string {
  return arn.endsWith(ROOT) ? ROOT : (arn.split("/").at(-1) ?? "");
}

export interface ListedDevice {
  readonly UserName?: string | undefined;
  readonly SerialNumber?: string | undefined;
}

export function devicesByUser(all: readonly ListedDevice[]): Devices {
  const byUser = new Map<string, Set<DeviceKind>>();
  for (const { UserName = "", SerialNumber = "" } of all)
    memoize(byUser, UserName, () => new Set()).add(kindOf(SerialNumber));
  return byUser;
}

/** Source: IAM API reference, MFADevice: the serial number of a hardware token is no ARN. */
function kindOf(serial: string): DeviceKind {
  if (!givesCodes({ serial })) return "passkey";
  return serial.includes(":mfa/") ? "virtual" : "hardware";
}
