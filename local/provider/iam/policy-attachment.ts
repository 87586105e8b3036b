import type { AttachedPolicy, IAM } from "@aws-sdk/client-iam";
import { found } from "../found";
import type { Kind } from "../kind";
import { text } from "../value";

interface Calls {
  attach(iam: IAM, owner: string, PolicyArn: string): Promise<unknown>;
  list(iam: IAM, owner: string): Promise<{ AttachedPolicies?: AttachedPolicy[] | undefined }>;
  detach(iam: IAM, owner: string, PolicyArn: string): Promise<unknown>;
}

/** A managed policy on a role, a group or a user (`owner`); its id is `OWNER/ARN`. */
function policyAttachment(owner: "role" | "group" | "user", title: string, calls: Calls): Kind {
  const parts = (id: string): [string, string] => {
    const slash = id.indexOf("/");
    return [id.slice(0, slash), id.slice(slash + 1)];
  };
  return {
    title,
    inputs: { policyArn: { required: true, replaces: true }, [owner]: { required: true, replaces: true } },
    deleteBeforeReplace: true,
    async create({ iam }, inputs) {
      const [name, arn] = [text(inputs, owner), text(inputs, "policyArn")];
      await calls.attach(iam, name, arn);
      return { id: `${name}/${arn}` };
    },
    async read({ iam }, id) {
      const [name, arn] = parts(id);
      const answer = await found(calls.list(iam, name));
      const attached = answer?.AttachedPolicies?.some(({ PolicyArn }) => PolicyArn === arn);
      return attached ? { policyArn: arn, [owner]: name } : undefined;
    },
    delete: async ({ iam }, id) => {
      await calls.detach(iam, ...parts(id));
    },
  };
}

export const rolePolicyAttachment = policyAttachment("role", "IAM Role Policy Attachment", {
  attach: (iam, RoleName, PolicyArn) => iam.attachRolePolicy({ RoleName, PolicyArn }),
  list: (iam, RoleName) => iam.listAttachedRolePolicies({ RoleName }),
  detach: (iam, RoleName, PolicyArn) => iam.detachRolePolicy({ RoleName, PolicyArn }),
});

export const groupPolicyAttachment = policyAttachment("group", "IAM Group Policy Attachment", {
  attach: (iam, GroupName, PolicyArn) => iam.attachGroupPolicy({ GroupName, PolicyArn }),
  list: (iam, GroupName) => iam.listAttachedGroupPolicies({ GroupName }),
  detach: (iam, GroupName, PolicyArn) => iam.detachGroupPolicy({ GroupName, PolicyArn }),
});

export const userPolicyAttachment = policyAttachment("user", "IAM User Policy Attachment", {
  attach: (iam, UserName, PolicyArn) => iam.attachUserPolicy({ UserName, PolicyArn }),
  list: (iam, UserName) => iam.listAttachedUserPolicies({ UserName }),
  detach: (iam, UserName, PolicyArn) => iam.detachUserPolicy({ UserName, PolicyArn }),
});
