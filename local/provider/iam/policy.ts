import type { IAM, PolicyVersion } from "@aws-sdk/client-iam";
import { found } from "../found";
import type { Kind } from "../kind";
import { optionalText, text } from "../value";
import { decodedDocument } from "./policy-calls";
import { changeTags, TAGS, tagList, tagOutputs } from "./tags";

export const policy: Kind = {
  title: "IAM Policy",
  inputs: {
    name: { replaces: true },
    path: { byDefault: "/", replaces: true },
    description: { replaces: true },
    policy: { required: true, form: "document" },
    tags: TAGS,
  },
  named: "name",
  async create({ iam }, inputs) {
    const { Policy } = await iam.createPolicy({
      PolicyName: text(inputs, "name"),
      Path: text(inputs, "path"),
      Description: optionalText(inputs, "description"),
      PolicyDocument: text(inputs, "policy"),
      Tags: tagList(inputs),
    });
    return { id: Policy?.Arn ?? "" };
  },
  async read({ iam }, id) {
    const policy = (await found(iam.getPolicy({ PolicyArn: id })))?.Policy;
    if (policy === undefined) return undefined;
    const { PolicyVersion } = await iam.getPolicyVersion({
      PolicyArn: id,
      VersionId: policy.DefaultVersionId,
    });
    return {
      arn: policy.Arn,
      attachmentCount: policy.AttachmentCount ?? 0,
      description: policy.Description ?? "",
      name: policy.PolicyName,
      namePrefix: "",
      path: policy.Path,
      policy: decodedDocument(PolicyVersion?.Document),
      policyId: policy.PolicyId,
      ...tagOutputs(policy.Tags),
    };
  },
  async update({ iam }, id, before, after) {
    if (before.policy !== after.policy) {
      await makeRoom(iam, id);
      const { PolicyVersion } = await iam.createPolicyVersion({
        PolicyArn: id,
        PolicyDocument: text(after, "policy"),
        SetAsDefault: false,
      });
      // Here the official provider waits 5 s.
      await iam.setDefaultPolicyVersion({ PolicyArn: id, VersionId: PolicyVersion?.VersionId });
    }
    await changeTags(before, after, {
      add: (Tags) => iam.tagPolicy({ PolicyArn: id, Tags }),
      remove: (TagKeys) => iam.untagPolicy({ PolicyArn: id, TagKeys }),
    });
  },
  delete: ({ iam }, id) => deletePolicy(iam, id),
};

export async function deletePolicy(iam: IAM, PolicyArn: string): Promise<void> {
  for (const { VersionId } of await oldVersions(iam, PolicyArn)) {
    await iam.deletePolicyVersion({ PolicyArn, VersionId });
  }
  await iam.deletePolicy({ PolicyArn });
}

/** The versions other than the default, the oldest first. */
async function oldVersions(iam: IAM, PolicyArn: string): Promise<PolicyVersion[]> {
  const { Versions = [] } = await iam.listPolicyVersions({ PolicyArn });
  return Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).sort(
    (a, b) => Number(a.CreateDate) - Number(b.CreateDate),
  );
}

/** AWS allows five versions. */
async function makeRoom(iam: IAM, PolicyArn: string): Promise<void> {
  const old = await oldVersions(iam, PolicyArn);
  if (old.length < 4) return;
  await iam.deletePolicyVersion({ PolicyArn, VersionId: old[0]?.VersionId });
}
