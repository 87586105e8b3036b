import type { IAM } from "@aws-sdk/client-iam";
import { changeSet } from "../change-set";
import { found } from "../found";
import type { Kind, Properties } from "../kind";
import { optionalNumber, optionalText, text, texts } from "../value";
import { attachedArns, decodedDocument, inlinePolicies, removePolicies } from "./policy-calls";
import { changeTags, TAGS, tagList, tagOutputs } from "./tags";

export const role: Kind = {
  title: "IAM Role",
  inputs: {
    name: { replaces: true },
    path: { byDefault: "/", replaces: true },
    assumeRolePolicy: { required: true, form: "document" },
    description: {},
    maxSessionDuration: { byDefault: 3600 },
    permissionsBoundary: {},
    forceDetachPolicies: { byDefault: false },
    managedPolicyArns: { form: "set", unmanagedWhenAbsent: true },
    tags: TAGS,
  },
  named: "name",
  async create({ iam }, inputs) {
    const name = text(inputs, "name");
    await iam.createRole({
      RoleName: name,
      Path: text(inputs, "path"),
      AssumeRolePolicyDocument: text(inputs, "assumeRolePolicy"),
      Description: optionalText(inputs, "description"),
      MaxSessionDuration: optionalNumber(inputs, "maxSessionDuration"),
      PermissionsBoundary: optionalText(inputs, "permissionsBoundary"),
      Tags: tagList(inputs),
    });
    await changeAttachments(iam, name, inputs);
    return { id: name };
  },
  async read({ iam }, id) {
    const role = (await found(iam.getRole({ RoleName: id })))?.Role;
    return (
      role && {
        arn: role.Arn,
        assumeRolePolicy: decodedDocument(role.AssumeRolePolicyDocument),
        createDate: role.CreateDate?.toISOString(),
        description: role.Description ?? "",
        inlinePolicies: await inlinePolicies(iam, "role", id),
        managedPolicyArns: await attachedArns(iam, "role", id),
        maxSessionDuration: role.MaxSessionDuration,
        name: role.RoleName,
        namePrefix: "",
        path: role.Path,
        permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn ?? "",
        uniqueId: role.RoleId,
        ...tagOutputs(role.Tags),
      }
    );
  },
  async update({ iam }, id, before, after) {
    if (before.assumeRolePolicy !== after.assumeRolePolicy) {
      await iam.updateAssumeRolePolicy({ RoleName: id, PolicyDocument: text(after, "assumeRolePolicy") });
    }
    const Description = optionalText(after, "description") ?? "";
    if ((optionalText(before, "description") ?? "") !== Description) {
      await iam.updateRoleDescription({ RoleName: id, Description });
    }
    if (before.maxSessionDuration !== after.maxSessionDuration) {
      const MaxSessionDuration = optionalNumber(after, "maxSessionDuration");
      // moto deletes a description that the call omits.
      await iam.updateRole({ RoleName: id, Description, MaxSessionDuration });
    }
    const boundary = optionalText(after, "permissionsBoundary");
    if (optionalText(before, "permissionsBoundary") !== boundary) {
      await (boundary === undefined
        ? iam.deleteRolePermissionsBoundary({ RoleName: id })
        : iam.putRolePermissionsBoundary({ RoleName: id, PermissionsBoundary: boundary }));
    }
    await changeAttachments(iam, id, after);
    await changeTags(before, after, {
      add: (Tags) => iam.tagRole({ RoleName: id, Tags }),
      remove: (TagKeys) => iam.untagRole({ RoleName: id, TagKeys }),
    });
  },
  async delete({ iam }, id, state) {
    // The role's own attachments are removed with it, other policies only with `forceDetachPolicies`.
    if (state.forceDetachPolicies === true) await removePolicies(iam, "role", id);
    else {
      for (const PolicyArn of texts(state, "managedPolicyArns"))
        await found(iam.detachRolePolicy({ RoleName: id, PolicyArn }));
    }
    await iam.deleteRole({ RoleName: id });
  },
};

/** As in the official provider, `managedPolicyArns` is exclusive if given. */
async function changeAttachments(iam: IAM, RoleName: string, inputs: Properties): Promise<void> {
  if (inputs.managedPolicyArns === undefined) return;
  await changeSet(await attachedArns(iam, "role", RoleName), texts(inputs, "managedPolicyArns"), {
    add: (PolicyArn) => iam.attachRolePolicy({ RoleName, PolicyArn }),
    remove: (PolicyArn) => iam.detachRolePolicy({ RoleName, PolicyArn }),
  });
}
