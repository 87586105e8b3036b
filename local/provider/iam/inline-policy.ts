import { found } from "../found";
import type { Kind } from "../kind";
import { text } from "../value";
import { decodedDocument, type Owner, policyCalls } from "./policy-calls";

/** An inline policy of a role, a group or a user. Its id is `OWNER:POLICY`. */
function inlinePolicy(owner: Owner, title: string): Kind {
  const parts = (id: string): [name: string, policyName: string] => {
    const [name = "", policyName = ""] = id.split(":");
    return [name, policyName];
  };
  return {
    title,
    inputs: {
      name: { replaces: true },
      policy: { required: true, form: "document" },
      [owner]: { required: true, replaces: true },
    },
    named: "name",
    async create({ iam }, inputs) {
      const [name, policyName] = [text(inputs, owner), text(inputs, "name")];
      await policyCalls(iam, owner).put(name, policyName, text(inputs, "policy"));
      return { id: `${name}:${policyName}` };
    },
    async read({ iam }, id) {
      const [name, policyName] = parts(id);
      const response = await found(policyCalls(iam, owner).get(name, policyName));
      if (response === undefined) return undefined;
      const policy = decodedDocument(response.PolicyDocument);
      return { name: policyName, namePrefix: "", policy, [owner]: name };
    },
    update: async ({ iam }, id, _before, after) => {
      await policyCalls(iam, owner).put(...parts(id), text(after, "policy"));
    },
    delete: async ({ iam }, id) => {
      await policyCalls(iam, owner).delete(...parts(id));
    },
  };
}

export const rolePolicy = inlinePolicy("role", "IAM Role Policy");
export const groupPolicy = inlinePolicy("group", "IAM Group Policy");
export const userPolicy = inlinePolicy("user", "IAM User Policy");
