import {
  DeleteGroupPolicyCommand,
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  GetGroupPolicyCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  type IAMClient,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { found } from "../found";
import type { Kind } from "../kind";
import { text } from "../value";

interface Calls {
  put(iam: IAMClient, owner: string, PolicyName: string, PolicyDocument: string): Promise<unknown>;
  get(iam: IAMClient, owner: string, PolicyName: string): Promise<{ PolicyDocument?: string | undefined }>;
  delete(iam: IAMClient, owner: string, PolicyName: string): Promise<unknown>;
}

/** A policy that lies inside a role, a group or a user (`owner`); its id is `OWNER:POLICY`. */
function inlinePolicy(owner: "role" | "group" | "user", title: string, calls: Calls): Kind {
  const parts = (id: string): [string, string] => {
    const [name = "", policyName = ""] = id.split(":");
    return [name, policyName];
  };
  return {
    title,
    inputs: {
      name: { replaces: true },
      namePrefix: { replaces: true, unmanagedWhenAbsent: true },
      policy: { required: true, form: "document" },
      [owner]: { required: true, replaces: true },
    },
    named: "name",
    async create({ iam }, inputs) {
      const [name, policyName] = [text(inputs, owner), text(inputs, "name")];
      await calls.put(iam, name, policyName, text(inputs, "policy"));
      return { id: `${name}:${policyName}` };
    },
    async read({ iam }, id) {
      const [name, policyName] = parts(id);
      const answer = await found(calls.get(iam, name, policyName));
      return (
        answer && {
          name: policyName,
          namePrefix: "",
          policy: decodeURIComponent(answer.PolicyDocument ?? ""),
          [owner]: name,
        }
      );
    },
    update: async ({ iam }, id, _before, after) => {
      await calls.put(iam, ...parts(id), text(after, "policy"));
    },
    delete: async ({ iam }, id) => {
      await calls.delete(iam, ...parts(id));
    },
  };
}

export const rolePolicy = inlinePolicy("role", "IAM Role Policy", {
  put: (iam, RoleName, PolicyName, PolicyDocument) =>
    iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument })),
  get: (iam, RoleName, PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })),
  delete: (iam, RoleName, PolicyName) => iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })),
});

export const groupPolicy = inlinePolicy("group", "IAM Group Policy", {
  put: (iam, GroupName, PolicyName, PolicyDocument) =>
    iam.send(new PutGroupPolicyCommand({ GroupName, PolicyName, PolicyDocument })),
  get: (iam, GroupName, PolicyName) => iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName })),
  delete: (iam, GroupName, PolicyName) => iam.send(new DeleteGroupPolicyCommand({ GroupName, PolicyName })),
});

export const userPolicy = inlinePolicy("user", "IAM User Policy", {
  put: (iam, UserName, PolicyName, PolicyDocument) =>
    iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument })),
  get: (iam, UserName, PolicyName) => iam.send(new GetUserPolicyCommand({ UserName, PolicyName })),
  delete: (iam, UserName, PolicyName) => iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName })),
});
