import {
  EnableMFADeviceCommand,
  paginateListMFADevices,
  paginateListVirtualMFADevices,
} from "@aws-sdk/client-iam";
import { Failure } from "../failure";
import { deactivateDeviceCommand } from "./cli-command";
import type { Aws } from "./connect";
import { attempt, attemptIfExists } from "./explain";
import { allItems } from "./pages";

/** An MFA device in AWS. */
export interface Device {
  readonly serial: string;
  /** The user it is assigned to; absent while it is not enabled. */
  readonly user: string | undefined;
  readonly enabledAt: Date | undefined;
}

/** All virtual devices of the account. Throws Failure if AWS refuses. */
export function virtualDevices({ iam }: Aws): Promise<Device[]> {
  return attempt("read the MFA devices", async () => {
    const pages = paginateListVirtualMFADevices({ client: iam }, { AssignmentStatus: "Any" });
    const devices = await allItems(pages, (page) => page.VirtualMFADevices);
    return devices.map(({ SerialNumber: serial = "", User, EnableDate: enabledAt }) => ({
      serial,
      user: User?.UserName,
      enabledAt,
    }));
  });
}

/** The user's enabled devices, of any kind; `undefined` if there is no such user. */
export function enabledDevices({ iam }: Aws, user: string): Promise<Device[] | undefined> {
  return attemptIfExists(`read the MFA devices of ${user}`, async () => {
    const pages = paginateListMFADevices({ client: iam }, { UserName: user });
    const devices = await allItems(pages, (page) => page.MFADevices);
    return devices.map(({ SerialNumber: serial = "", EnableDate: enabledAt }) => ({
      serial,
      user,
      enabledAt,
    }));
  });
}

/** Throws Failure (`failed`) if the device is assigned to another user. */
export function assertAssignable(device: Device, user: string): void {
  if (device.user === undefined || device.user === user) return;
  throw new Failure(
    "failed",
    `The device ${device.serial} is assigned to ${device.user}, not to ${user}.`,
    `Deactivate it there first: ${deactivateDeviceCommand(device.user, device.serial)}`,
  );
}

export function deviceText(device: Device): string {
  return givesCodes(device)
    ? device.serial
    : `${device.serial}, a security key (for the console only: it has no codes to type into a terminal)`;
}

/** The fix if only a security key is enabled: AWS enables another device only for a session with MFA. */
export const INSTEAD_OF_SECURITY_KEY =
  "A security key works in the console only: it has no codes to type into a terminal. Add an authenticator app in the console (IAM, " +
  "Security credentials), or ask your administrator to run aws-mfa enroll.";

/**
 * Whether the device has codes. Passkeys and security keys have none, and work in the console only.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_fido_supported_configurations.html
 */
export function givesCodes({ serial }: Pick<Device, "serial">): boolean {
  return !serial.includes(":u2f/");
}

/** Assigns the device to the user. From then on AWS accepts its codes. */
export async function enableDevice(
  { iam }: Aws,
  user: string,
  serial: string,
  [first, second]: readonly [string, string],
): Promise<void> {
  await attempt("enable the device", () =>
    iam.send(
      new EnableMFADeviceCommand({
        UserName: user,
        SerialNumber: serial,
        AuthenticationCode1: first,
        AuthenticationCode2: second,
      }),
    ),
  );
}
