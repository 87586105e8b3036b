import type { Account } from "../account";
import type { Caller } from "../caller";
import type { Device } from "../device";
import { awsError } from "../error";

/**
 * Verifies the two codes, which moto does not check.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html
 *
 * @throws AwsError if AWS would not accept them
 */
export async function checkEnable(
  parameters: URLSearchParams,
  caller: Caller,
  account: Account,
  devices: ReadonlyMap<string, Device>,
): Promise<void> {
  const serial = parameters.get("SerialNumber") ?? "";
  const user = parameters.get("UserName") ?? "";
  const device = devices.get(serial);
  if (device === undefined) throw awsError("noDevice", serial);
  if (await holderOf(serial, account)) throw awsError("deviceTaken", serial);
  await assertMfaForSecond(user, caller, account);
  synchronize(device, parameters);
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResyncMFADevice.html */
export async function checkResync(
  parameters: URLSearchParams,
  account: Account,
  devices: ReadonlyMap<string, Device>,
): Promise<void> {
  const serial = parameters.get("SerialNumber") ?? "";
  const device = devices.get(serial);
  if (!device || (await holderOf(serial, account)) !== parameters.get("UserName"))
    throw awsError("otherUsersDevice");
  synchronize(device, parameters);
}

export async function assertNotInUse(serial: string, account: Account): Promise<void> {
  if (await holderOf(serial, account)) throw awsError("deviceInUse");
}

/** A user with a device needs a session with MFA to enable another: security bulletin AWS-2023-001. */
async function assertMfaForSecond(user: string, caller: Caller, { iam }: Account): Promise<void> {
  if (caller.kind !== "user" || caller.name !== user || caller.session?.mfa) return;
  const { MFADevices = [] } = await iam.listMFADevices({ UserName: user });
  if (MFADevices.length > 0) throw awsError("secondDevice", caller.arn, user);
}

function synchronize(device: Device, parameters: URLSearchParams): void {
  device.synchronize(
    parameters.get("AuthenticationCode1") ?? "",
    parameters.get("AuthenticationCode2") ?? "",
  );
}

/** The user whose device it is. */
async function holderOf(serial: string, { iam }: Account): Promise<string | undefined> {
  for await (const { VirtualMFADevices = [] } of iam.paginateListVirtualMFADevices()) {
    const device = VirtualMFADevices.find(({ SerialNumber }) => SerialNumber === serial);
    if (device) return device.User?.UserName;
  }
  return undefined;
}
