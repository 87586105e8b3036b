import type { IAM } from "@aws-sdk/client-iam";
import { found } from "../found";
import type { Kind } from "../kind";
import { text } from "../value";

interface Calls {
  put(iam: IAM, owner: string, PolicyName: string, PolicyDocument: string): Promise<unknown>;
  get(iam: IAM, owner: string, PolicyName: string): Promise<{ PolicyDocument?: string | undefined }>;
  delete(iam: IAM, owner: string, PolicyName: string): Promise<unknown>;
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
    iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument }),
  get: (iam, RoleName, PolicyName) => iam.getRolePolicy({ RoleName, PolicyName }),
  delete: (iam, RoleName, PolicyName) => iam.deleteRolePolicy({ RoleName, PolicyName }),
});

export const groupPolicy = inlinePolicy("group", "IAM Group Policy", {
  put: (iam, GroupName, PolicyName, PolicyDocument) =>
    iam.putGroupPolicy({ GroupName, PolicyName, PolicyDocument }),
  get: (iam, GroupName, PolicyName) => iam.getGroupPolicy({ GroupName, PolicyName }),
  delete: (iam, GroupName, PolicyName) => iam.deleteGroupPolicy({ GroupName, PolicyName }),
});

export const userPolicy = inlinePolicy("user", "IAM User Policy", {
  put: (iam, UserName, PolicyName, PolicyDocument) =>
    iam.putUserPolicy({ UserName, PolicyName, PolicyDocument }),
  get: (iam, UserName, PolicyName) => iam.getUserPolicy({ UserName, PolicyName }),
  delete: (iam, UserName, PolicyName) => iam.deleteUserPolicy({ UserName, PolicyName }),
});
