import type { Account } from "../account";
import type { Caller } from "../caller";
import type { Device } from "../device";
import { awsError } from "../error";

/**
 * Turns the device's two codes into a check that moto does not make.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html
 *
 * @throws AwsError where AWS would not take them
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
  await assertMfaForMore(user, caller, account);
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
    throw awsError("notTheUsers");
  synchronize(device, parameters);
}

export async function assertNotInUse(serial: string, account: Account): Promise<void> {
  if (await holderOf(serial, account)) throw awsError("deviceInUse");
}

/** Who has a device turns a second one on with a code of the first: security bulletin AWS-2023-001. */
async function assertMfaForMore(user: string, caller: Caller, { iam }: Account): Promise<void> {
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

/** The user for whom the device is enabled. */
async function holderOf(serial: string, { iam }: Account): Promise<string | undefined> {
  for await (const { VirtualMFADevices = [] } of iam.paginateListVirtualMFADevices()) {
    const device = VirtualMFADevices.find(({ SerialNumber }) => SerialNumber === serial);
    if (device) return device.User?.UserName;
  }
  return undefined;
}
