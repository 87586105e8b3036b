import type { PolicyVersion } from "@aws-sdk/client-iam";
import type { Aws } from "../aws";
import { found } from "../found";
import type { Kind } from "../kind";
import { optionalText, text } from "../value";
import { changeTags, TAGS, tagList, tagOutputs } from "./tags";

export const policy: Kind = {
  title: "IAM Policy",
  inputs: {
    name: { replaces: true },
    namePrefix: { replaces: true, unmanagedWhenAbsent: true },
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
    const answer = await found(iam.getPolicy({ PolicyArn: id }));
    const policy = answer?.Policy;
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
      policy: decodeURIComponent(PolicyVersion?.Document ?? ""),
      policyId: policy.PolicyId,
      ...tagOutputs(policy.Tags),
    };
  },
  async update(aws, id, before, after) {
    if (before.policy !== after.policy) {
      await makeRoom(aws, id);
      const { PolicyVersion } = await aws.iam.createPolicyVersion({
        PolicyArn: id,
        PolicyDocument: text(after, "policy"),
        SetAsDefault: false,
      });
      // The official provider waits for 5 s here.
      await aws.iam.setDefaultPolicyVersion({ PolicyArn: id, VersionId: PolicyVersion?.VersionId });
    }
    await changeTags(before, after, {
      add: (Tags) => aws.iam.tagPolicy({ PolicyArn: id, Tags }),
      remove: (TagKeys) => aws.iam.untagPolicy({ PolicyArn: id, TagKeys }),
    });
  },
  async delete(aws, id) {
    for (const { VersionId } of await oldVersions(aws, id)) {
      await aws.iam.deletePolicyVersion({ PolicyArn: id, VersionId });
    }
    await aws.iam.deletePolicy({ PolicyArn: id });
  },
};

/** Those that are not in force, the oldest first. */
async function oldVersions({ iam }: Aws, PolicyArn: string): Promise<PolicyVersion[]> {
  const { Versions = [] } = await iam.listPolicyVersions({ PolicyArn });
  return Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).sort(
    (a, b) => Number(a.CreateDate) - Number(b.CreateDate),
  );
}

/** AWS keeps five versions. */
async function makeRoom(aws: Aws, PolicyArn: string): Promise<void> {
  const old = await oldVersions(aws, PolicyArn);
  if (old.length < 4) return;
  await aws.iam.deletePolicyVersion({ PolicyArn, VersionId: old[0]?.VersionId });
}
