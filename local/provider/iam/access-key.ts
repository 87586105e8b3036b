import type { StatusType } from "@aws-sdk/client-iam";
import { found } from "../found";
import type { Kind, Properties } from "../kind";
import { text } from "../value";

/** Without `pgpKey`: the stand-in encrypts nothing. */
export const accessKey: Kind = {
  title: "IAM Access Key",
  inputs: { user: { required: true, replaces: true }, status: { byDefault: "Active" } },
  async create({ iam }, inputs) {
    const UserName = text(inputs, "user");
    const { AccessKey } = await iam.createAccessKey({ UserName });
    const id = AccessKey?.AccessKeyId ?? "";
    if (statusOf(inputs) !== "Active") {
      await iam.updateAccessKey({ UserName, AccessKeyId: id, Status: statusOf(inputs) });
    }
    return { id, once: { secret: AccessKey?.SecretAccessKey } };
  },
  async read({ iam }, id, known) {
    const UserName = text(known, "user");
    const response = await found(iam.listAccessKeys({ UserName }));
    const key = response?.AccessKeyMetadata?.find(({ AccessKeyId }) => AccessKeyId === id);
    return key && { user: UserName, status: key.Status, createDate: key.CreateDate?.toISOString() };
  },
  async update({ iam }, id, _before, after) {
    await iam.updateAccessKey({ UserName: text(after, "user"), AccessKeyId: id, Status: statusOf(after) });
  },
  async delete({ iam }, id, state) {
    await iam.deleteAccessKey({ UserName: text(state, "user"), AccessKeyId: id });
  },
};

function statusOf(inputs: Properties): StatusType {
  const status = text(inputs, "status");
  if (status !== "Active" && status !== "Inactive") {
    throw new Error(`status: expected Active or Inactive, got ${status}`);
  }
  return status;
}
