import {
  type AttachedPolicy,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  type IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
} from "@aws-sdk/client-iam";
import { found } from "../found";
import type { Kind } from "../kind";
import { text } from "../value";

interface Calls {
  attach(iam: IAMClient, owner: string, PolicyArn: string): Promise<unknown>;
  list(iam: IAMClient, owner: string): Promise<{ AttachedPolicies?: AttachedPolicy[] | undefined }>;
  detach(iam: IAMClient, owner: string, PolicyArn: string): Promise<unknown>;
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
  attach: (iam, RoleName, PolicyArn) => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })),
  list: (iam, RoleName) => iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
  detach: (iam, RoleName, PolicyArn) => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })),
});

export const groupPolicyAttachment = policyAttachment("group", "IAM Group Policy Attachment", {
  attach: (iam, GroupName, PolicyArn) => iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn })),
  list: (iam, GroupName) => iam.send(new ListAttachedGroupPoliciesCommand({ GroupName })),
  detach: (iam, GroupName, PolicyArn) => iam.send(new DetachGroupPolicyCommand({ GroupName, PolicyArn })),
});

export const userPolicyAttachment = policyAttachment("user", "IAM User Policy Attachment", {
  attach: (iam, UserName, PolicyArn) => iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn })),
  list: (iam, UserName) => iam.send(new ListAttachedUserPoliciesCommand({ UserName })),
  detach: (iam, UserName, PolicyArn) => iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn })),
});
