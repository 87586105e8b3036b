import {
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListMFADevicesCommand,
  ListUserPoliciesCommand,
} from "@aws-sdk/client-iam";
import { found } from "../found";

/** What `forceDestroy` is for: a user whose keys, password, devices and policies were made elsewhere can go all the same. */
export async function releaseUser(iam: IAMClient, UserName: string): Promise<void> {
  const keys = await found(iam.send(new ListAccessKeysCommand({ UserName })));
  for (const { AccessKeyId } of keys?.AccessKeyMetadata ?? []) {
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  }
  const devices = await found(iam.send(new ListMFADevicesCommand({ UserName })));
  for (const { SerialNumber } of devices?.MFADevices ?? []) {
    await iam.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }));
    await found(iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber })));
  }
  await found(iam.send(new DeleteLoginProfileCommand({ UserName })));
  const policies = await found(iam.send(new ListUserPoliciesCommand({ UserName })));
  for (const PolicyName of policies?.PolicyNames ?? []) {
    await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
  }
}
