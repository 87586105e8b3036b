import type { IAM } from "@aws-sdk/client-iam";
import { found } from "../found";

/**
 * Deletes a user as the official provider does, in its order: out of all groups, with `forceDestroy` everything that the user
 * has, then the user. It leaves out service-specific credentials, which moto does not have.
 */
export async function deleteUser(iam: IAM, UserName: string, forceDestroy: boolean): Promise<void> {
  const { Groups = [] } = await iam.listGroupsForUser({ UserName });
  for (const { GroupName } of Groups) await iam.removeUserFromGroup({ GroupName, UserName });
  if (forceDestroy) {
    const { PolicyNames = [] } = await iam.listUserPolicies({ UserName });
    for (const PolicyName of PolicyNames) await iam.deleteUserPolicy({ UserName, PolicyName });
    const { AttachedPolicies = [] } = await iam.listAttachedUserPolicies({ UserName });
    for (const { PolicyArn } of AttachedPolicies) await iam.detachUserPolicy({ UserName, PolicyArn });
    const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName });
    for (const { AccessKeyId } of AccessKeyMetadata) await iam.deleteAccessKey({ UserName, AccessKeyId });
    const { SSHPublicKeys = [] } = await iam.listSSHPublicKeys({ UserName });
    for (const { SSHPublicKeyId } of SSHPublicKeys)
      await iam.deleteSSHPublicKey({ UserName, SSHPublicKeyId });
    for await (const page of iam.paginateListVirtualMFADevices({ AssignmentStatus: "Assigned" })) {
      for (const { SerialNumber, User } of page.VirtualMFADevices ?? []) {
        if (User?.UserName !== UserName) continue;
        await iam.deactivateMFADevice({ UserName, SerialNumber });
        await iam.deleteVirtualMFADevice({ SerialNumber });
      }
    }
    const { MFADevices = [] } = await iam.listMFADevices({ UserName });
    for (const { SerialNumber } of MFADevices) await iam.deactivateMFADevice({ UserName, SerialNumber });
    await found(iam.deleteLoginProfile({ UserName }));
    const { Certificates = [] } = await iam.listSigningCertificates({ UserName });
    for (const { CertificateId } of Certificates)
      await iam.deleteSigningCertificate({ UserName, CertificateId });
  }
  await iam.deleteUser({ UserName });
}
