import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { readArguments } from "../arguments/input";
import { group } from "../arguments/schema";
import { findDeployment } from "../deployment";
import { Members } from "../dynamic/dynamic-resource";
import { denyPolicy } from "./deny-policy";
import { memberPolicy } from "./member-policy";
import type { SelfServiceArgs } from "./self-service";

/** A role that members of the group may assume. */
export interface GroupRole {
  /** The role's ARN. */
  arn: pulumi.Input<string>;
  /** The names of the users who may assume it. Default: every member of the group. */
  userNames?: pulumi.Input<pulumi.Input<string>[]> | undefined;
}

export interface MfaGroupArgs extends SelfServiceArgs {
  /** The group's name. It must end in `MFA`. */
  groupName: pulumi.Input<string>;
  /** The roles that members may assume. */
  roles?: pulumi.Input<pulumi.Input<GroupRole>[]> | undefined;
  /** Tags of the two policies. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }> | undefined;
}

/** A group with a deny policy, the guard: without MFA, its members can only enroll a device. */
export class MfaGroup extends pulumi.ComponentResource {
  /** The group's name, known once the deny policy is attached: users added with it are guarded from the start. */
  readonly groupName: pulumi.Output<string>;
  /** The group's ARN. */
  readonly groupArn: pulumi.Output<string>;
  /** The deny policy's name. */
  readonly denyPolicyName: pulumi.Output<string>;
  /** The deny policy's ARN. */
  readonly denyPolicyArn: pulumi.Output<string>;

  /** @param hasMembers whether the caller registers the `Members` of the group */
  constructor(
    name: string,
    args: MfaGroupArgs,
    opts?: pulumi.ComponentResourceOptions,
    { hasMembers = false } = {},
  ) {
    const settings = readArguments(name, group, args);
    super("aws-mfa:index:MfaGroup", name, {}, opts);
    const { groupName, selfServiceDevices, selfServiceKeys, tags } = settings;
    const child = { parent: this };
    // AWS cannot rename a policy, and a renamed group keeps its policies. To replace the guard by another policy, the AWS provider would
    // detach the old one first.
    const named = { ...child, ignoreChanges: ["name"] };

    const iamGroup = new iam.Group(name, { name: groupName }, child);

    const deny = new iam.Policy(
      `${name}-deny`,
      {
        name: pulumi.interpolate`${groupName}-DenyWithoutMFA`,
        description: "Denies everything but enrolling an MFA device to a request without MFA",
        policy: pulumi.output(selfServiceDevices).apply(denyPolicy),
        tags,
      },
      named,
    );
    const guard = new iam.GroupPolicyAttachment(
      `${name}-deny`,
      { group: iamGroup.name, policyArn: deny.arn },
      child,
    );

    const { partition, region, account } = pulumi.output(findDeployment(child));
    const rights = new iam.Policy(
      `${name}-members`,
      {
        name: pulumi.interpolate`${groupName}-Members`,
        description: "What members may do by themselves: enrol their own MFA device, assume the roles",
        policy: pulumi
          .all([partition, selfServiceDevices, selfServiceKeys, settings.roles])
          .apply(([partition, selfServiceDevices, selfServiceKeys, roles]) =>
            memberPolicy({
              partition,
              selfServiceDevices,
              selfServiceKeys,
              roles: roles.map(({ arn, userNames }) => ({ arn, users: userNames ?? "every member" })),
            }),
          ),
        tags,
      },
      named,
    );
    // Rights are attached after the guard and detached before it, so that nobody has them without it.
    const granted = new iam.GroupPolicyAttachment(
      `${name}-members`,
      { group: iamGroup.name, policyArn: rights.arn },
      { ...child, dependsOn: guard },
    );

    // AWS refuses to delete a group with members, but by then the guard would be detached.
    const members = hasMembers
      ? undefined
      : new Members(
          name,
          { groupName: guard.group, project: name, region, account },
          { ...child, dependsOn: granted },
        );

    this.groupName = members?.groupName ?? guard.group;
    this.groupArn = iamGroup.arn;
    this.denyPolicyName = deny.name;
    this.denyPolicyArn = deny.arn;
    this.registerOutputs({
      groupName: this.groupName,
      groupArn: this.groupArn,
      denyPolicyName: this.denyPolicyName,
      denyPolicyArn: this.denyPolicyArn,
    });
  }
}
