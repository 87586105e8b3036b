import type { Aws } from "../aws";
import { found } from "../found";
import type { Kind, Properties } from "../kind";
import { optionalNumber, optionalText, text, texts } from "../value";
import { inlinePolicies, managedPolicyArns, wantedInlinePolicies } from "./role-policies";
import { changeTags, TAGS, tagList, tagOutputs } from "./tags";

export const role: Kind = {
  title: "IAM Role",
  inputs: {
    name: { replaces: true },
    namePrefix: { replaces: true, unmanagedWhenAbsent: true },
    path: { byDefault: "/", replaces: true },
    assumeRolePolicy: { required: true, form: "document" },
    description: {},
    maxSessionDuration: { byDefault: 3600 },
    permissionsBoundary: {},
    forceDetachPolicies: { byDefault: false },
    managedPolicyArns: { form: "set", unmanagedWhenAbsent: true },
    inlinePolicies: { form: "set", unmanagedWhenAbsent: true },
    tags: TAGS,
  },
  named: "name",
  async create(aws, inputs) {
    const name = text(inputs, "name");
    await aws.iam.createRole({
      RoleName: name,
      Path: text(inputs, "path"),
      AssumeRolePolicyDocument: text(inputs, "assumeRolePolicy"),
      Description: optionalText(inputs, "description"),
      MaxSessionDuration: optionalNumber(inputs, "maxSessionDuration"),
      PermissionsBoundary: optionalText(inputs, "permissionsBoundary"),
      Tags: tagList(inputs),
    });
    await changePolicies(aws, name, inputs);
    return { id: name };
  },
  async read(aws, id) {
    const answer = await found(aws.iam.getRole({ RoleName: id }));
    const role = answer?.Role;
    return (
      role && {
        arn: role.Arn,
        assumeRolePolicy: decodeURIComponent(role.AssumeRolePolicyDocument ?? ""),
        createDate: role.CreateDate?.toISOString(),
        description: role.Description ?? "",
        inlinePolicies: await inlinePolicies(aws, id),
        managedPolicyArns: await managedPolicyArns(aws, id),
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
  async update(aws, id, before, after) {
    const { iam } = aws;
    if (before.assumeRolePolicy !== after.assumeRolePolicy) {
      await iam.updateAssumeRolePolicy({ RoleName: id, PolicyDocument: text(after, "assumeRolePolicy") });
    }
    const Description = optionalText(after, "description") ?? "";
    if ((optionalText(before, "description") ?? "") !== Description) {
      await iam.updateRoleDescription({ RoleName: id, Description });
    }
    if (before.maxSessionDuration !== after.maxSessionDuration) {
      const MaxSessionDuration = optionalNumber(after, "maxSessionDuration");
      // Description: moto forgets it where the call leaves it out.
      await iam.updateRole({ RoleName: id, Description, MaxSessionDuration });
    }
    const boundary = optionalText(after, "permissionsBoundary");
    if (optionalText(before, "permissionsBoundary") !== boundary) {
      await (boundary === undefined
        ? iam.deleteRolePermissionsBoundary({ RoleName: id })
        : iam.putRolePermissionsBoundary({ RoleName: id, PermissionsBoundary: boundary }));
    }
    await changePolicies(aws, id, after);
    await changeTags(before, after, {
      add: (Tags) => iam.tagRole({ RoleName: id, Tags }),
      remove: (TagKeys) => iam.untagRole({ RoleName: id, TagKeys }),
    });
  },
  async delete(aws, id, state) {
    // What the role itself declares goes with it; other attachments only when the program says so.
    const declared = new Set(state.managedPolicyArns === undefined ? [] : texts(state, "managedPolicyArns"));
    for (const PolicyArn of await managedPolicyArns(aws, id)) {
      if (state.forceDetachPolicies === true || declared.has(PolicyArn)) {
        await aws.iam.detachRolePolicy({ RoleName: id, PolicyArn });
      }
    }
    const inline = new Set(wantedInlinePolicies(state)?.map(({ name }) => name));
    for (const { name } of await inlinePolicies(aws, id)) {
      if (state.forceDetachPolicies === true || inline.has(name)) {
        await aws.iam.deleteRolePolicy({ RoleName: id, PolicyName: name });
      }
    }
    await aws.iam.deleteRole({ RoleName: id });
  },
};

/** `managedPolicyArns` and `inlinePolicies` are exclusive where they are given, as in the official provider. */
async function changePolicies(aws: Aws, RoleName: string, inputs: Properties): Promise<void> {
  if (inputs.managedPolicyArns !== undefined) {
    const wanted = texts(inputs, "managedPolicyArns");
    const has = await managedPolicyArns(aws, RoleName);
    for (const PolicyArn of has.filter((arn) => !wanted.includes(arn))) {
      await aws.iam.detachRolePolicy({ RoleName, PolicyArn });
    }
    for (const PolicyArn of wanted.filter((arn) => !has.includes(arn))) {
      await aws.iam.attachRolePolicy({ RoleName, PolicyArn });
    }
  }
  const wanted = wantedInlinePolicies(inputs);
  if (wanted !== undefined) {
    for (const { name } of await inlinePolicies(aws, RoleName)) {
      if (!wanted.some((policy) => policy.name === name)) {
        await aws.iam.deleteRolePolicy({ RoleName, PolicyName: name });
      }
    }
    for (const { name, policy } of wanted) {
      await aws.iam.putRolePolicy({ RoleName, PolicyName: name, PolicyDocument: policy });
    }
  }
}
