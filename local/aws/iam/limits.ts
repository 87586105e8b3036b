import {
  GetLoginProfileCommand,
  ListAccessKeysCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
} from "@aws-sdk/client-iam";
import type { Account } from "../account";
import { awsError } from "../error";

/**
 * A user is deleted only when nothing is left of them; moto looks at their policies alone.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
 */
export async function assertNothingLeft(UserName: string, { iam }: Account): Promise<void> {
  const { Groups = [] } = await iam.send(new ListGroupsForUserCommand({ UserName }));
  if (Groups.length > 0) throw awsError("userConflict", "remove users from group");
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
  if (AccessKeyMetadata.length > 0) throw awsError("userConflict", "delete access keys");
  const { MFADevices = [] } = await iam.send(new ListMFADevicesCommand({ UserName }));
  if (MFADevices.length > 0) throw awsError("userConflict", "delete MFA device");
  const password = await iam.send(new GetLoginProfileCommand({ UserName })).catch(() => undefined);
  if (password) throw awsError("userConflict", "delete login profile");
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const KEYS_OF_A_USER = 2;

export async function assertKeyFits(UserName: string, { iam }: Account): Promise<void> {
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
  if (AccessKeyMetadata.length >= KEYS_OF_A_USER) throw awsError("keyQuota", String(KEYS_OF_A_USER));
}
