import {
  EnableMFADeviceCommand,
  paginateListMFADevices,
  paginateListVirtualMFADevices,
} from "@aws-sdk/client-iam";
import type { Aws } from "./connect";
import { attempt } from "./explain";
import { unlessMissing } from "./user";

/** A virtual MFA device as AWS has it. */
export interface Device {
  readonly serial: string;
  /** The user to whom it is assigned; absent while it is not enabled. */
  readonly user: string | undefined;
  readonly enabledAt: Date | undefined;
}

/** All virtual devices of the account. Throws Failure where AWS refuses. */
export function virtualDevices({ iam }: Aws): Promise<Device[]> {
  return attempt("read the MFA devices", async () => {
    const devices: Device[] = [];
    for await (const page of paginateListVirtualMFADevices({ client: iam }, { AssignmentStatus: "Any" })) {
      for (const { SerialNumber: serial = "", User, EnableDate } of page.VirtualMFADevices ?? []) {
        devices.push({ serial, user: User?.UserName, enabledAt: EnableDate });
      }
    }
    return devices;
  });
}

/** The devices that are enabled for a user, of any kind; `undefined` where there is no such user. */
export function enabledDevices({ iam }: Aws, user: string): Promise<Device[] | undefined> {
  return attempt(`read the MFA devices of ${user}`, () =>
    unlessMissing(async () => {
      const devices: Device[] = [];
      for await (const page of paginateListMFADevices({ client: iam }, { UserName: user })) {
        for (const { SerialNumber: serial = "", EnableDate } of page.MFADevices ?? []) {
          devices.push({ serial, user, enabledAt: EnableDate });
        }
      }
      return devices;
    }),
  );
}

/** What a device is, for people. */
export function deviceText(device: Device): string {
  return givesCodes(device)
    ? device.serial
    : `${device.serial}, a security key (for the console only: it has no codes to type into a terminal)`;
}

/** What to do where nothing but a security key is enabled: AWS enables another device only for a session with MFA. */
export const INSTEAD_OF_SECURITY_KEY =
  "A security key works in the console only: it has no codes to type into a terminal. Add an authenticator app in the console (IAM, " +
  "Security credentials), or ask your administrator to run aws-mfa enroll.";

/**
 * Whether the device has codes to give. Passkeys and security keys have none, and serve the console alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_fido_supported_configurations.html
 */
export function givesCodes({ serial }: Pick<Device, "serial">): boolean {
  return !serial.includes(":u2f/");
}

/** Assigns the device to the user. From then on AWS asks for its codes. */
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
