import type { IAM } from "@aws-sdk/client-iam";
import { found } from "../found";
import { removePolicies } from "./policy-calls";

/**
 * Deletes a user in the order of the official provider: the group memberships, with `forceDestroy` everything else that the user has, and
 * then the user. Service-specific credentials are missing: moto does not support them.
 */
export async function deleteUser(iam: IAM, UserName: string, forceDestroy: boolean): Promise<void> {
  const { Groups = [] } = await iam.listGroupsForUser({ UserName });
  for (const { GroupName } of Groups) await iam.removeUserFromGroup({ GroupName, UserName });
  if (forceDestroy) {
    await removePolicies(iam, "user", UserName);
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
