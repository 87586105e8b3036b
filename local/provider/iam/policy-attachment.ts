import { found } from "../found";
import type { Kind } from "../kind";
import { text } from "../value";
import { attachedArns, type Owner, policyCalls } from "./policy-calls";

/** A managed policy that is attached to a role, a group or a user. Its id is `OWNER/ARN`. */
function policyAttachment(owner: Owner, title: string): Kind {
  const parts = (id: string): [name: string, arn: string] => {
    const slash = id.indexOf("/");
    return [id.slice(0, slash), id.slice(slash + 1)];
  };
  return {
    title,
    inputs: { policyArn: { required: true, replaces: true }, [owner]: { required: true, replaces: true } },
    deleteBeforeReplace: true,
    async create({ iam }, inputs) {
      const [name, arn] = [text(inputs, owner), text(inputs, "policyArn")];
      await policyCalls(iam, owner).attach(name, arn);
      return { id: `${name}/${arn}` };
    },
    async read({ iam }, id) {
      const [name, arn] = parts(id);
      const arns = await found(attachedArns(iam, owner, name));
      return arns?.includes(arn) ? { policyArn: arn, [owner]: name } : undefined;
    },
    delete: async ({ iam }, id) => {
      await policyCalls(iam, owner).detach(...parts(id));
    },
  };
}

export const rolePolicyAttachment = policyAttachment("role", "IAM Role Policy Attachment");
export const groupPolicyAttachment = policyAttachment("group", "IAM Group Policy Attachment");
export const userPolicyAttachment = policyAttachment("user", "IAM User Policy Attachment");
