import {
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteSigningCertificateCommand,
  DeleteSSHPublicKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  DetachUserPolicyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  ListUserPoliciesCommand,
  paginateListVirtualMFADevices,
  RemoveUserFromGroupCommand,
} from "@aws-sdk/client-iam";
import { found } from "../found";

/**
 * Deletes a user as the official provider does, in its order: out of all groups, with `forceDestroy` everything that the user
 * has, then the user. It leaves out service-specific credentials, which moto does not have.
 */
export async function deleteUser(iam: IAMClient, UserName: string, forceDestroy: boolean): Promise<void> {
  const { Groups = [] } = await iam.send(new ListGroupsForUserCommand({ UserName }));
  for (const { GroupName } of Groups) await iam.send(new RemoveUserFromGroupCommand({ GroupName, UserName }));
  if (forceDestroy) {
    const { PolicyNames = [] } = await iam.send(new ListUserPoliciesCommand({ UserName }));
    for (const PolicyName of PolicyNames)
      await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
    for (const { PolicyArn } of AttachedPolicies)
      await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
    for (const { AccessKeyId } of AccessKeyMetadata) {
      await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    }
    const { SSHPublicKeys = [] } = await iam.send(new ListSSHPublicKeysCommand({ UserName }));
    for (const { SSHPublicKeyId } of SSHPublicKeys) {
      await iam.send(new DeleteSSHPublicKeyCommand({ UserName, SSHPublicKeyId }));
    }
    for await (const page of paginateListVirtualMFADevices(
      { client: iam },
      { AssignmentStatus: "Assigned" },
    )) {
      for (const { SerialNumber, User } of page.VirtualMFADevices ?? []) {
        if (User?.UserName !== UserName) continue;
        await iam.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }));
        await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }));
      }
    }
    const { MFADevices = [] } = await iam.send(new ListMFADevicesCommand({ UserName }));
    for (const { SerialNumber } of MFADevices) {
      await iam.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }));
    }
    await found(iam.send(new DeleteLoginProfileCommand({ UserName })));
    const { Certificates = [] } = await iam.send(new ListSigningCertificatesCommand({ UserName }));
    for (const { CertificateId } of Certificates) {
      await iam.send(new DeleteSigningCertificateCommand({ UserName, CertificateId }));
    }
  }
  await iam.send(new DeleteUserCommand({ UserName }));
}
