import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { readArguments } from "../arguments/input";
import { guard } from "../arguments/schema";
import { findDeployment } from "../deployment";
import { Members } from "../dynamic/dynamic-resource";
import { denyPolicy } from "./deny-policy";
import type { GuardSettings } from "./self-service";

export interface MfaGuardArgs extends GuardSettings {
  /** The deny policy's name. A later change has no effect: AWS cannot rename a policy, and replacing it would briefly leave the groups unguarded. */
  policyName: pulumi.Input<string>;
  /** The names of the existing groups to guard. */
  groupNames: string[];
  /** Tags of the policy. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }> | undefined;
}

/** The deny policy alone, for existing groups: without MFA, their members can only enroll a device. */
export class MfaGuard extends pulumi.ComponentResource {
  /** The policy's ARN. */
  readonly policyArn: pulumi.Output<string>;
  /** The groups' names, known once the policy is attached: users added with them are guarded from the start. */
  readonly groupNames: pulumi.Output<string[]>;

  constructor(name: string, args: MfaGuardArgs, opts?: pulumi.ComponentResourceOptions) {
    const { policyName, groupNames, selfServiceDevices, tags } = readArguments(name, guard, args);
    super("aws-mfa:index:MfaGuard", name, {}, opts);
    const child = { parent: this };
    const { region, account, caller } = pulumi.output(findDeployment(child));
    const members = new Members(
      name,
      { ownsGroup: false, caller, guardedGroups: groupNames, project: name, region, account },
      child,
    );
    const policy = new iam.Policy(
      name,
      {
        name: policyName,
        description: "Denies everything but enrolling an MFA device to a request without MFA",
        policy: pulumi.output(selfServiceDevices).apply(denyPolicy),
        tags,
      },
      // The AWS provider detaches the old policy before it attaches another.
      { ...child, dependsOn: members, ignoreChanges: ["name"] },
    );
    // IAM ignores the case of a name: attaching to `Staff` and then detaching from `staff` leaves the policy detached.
    const attachments = groupNames.map(
      (group) =>
        new iam.GroupPolicyAttachment(
          `${name}-${group.toLowerCase()}`,
          { group, policyArn: policy.arn },
          { ...child, ignoreChanges: ["group"], aliases: [{ name: `${name}-${group}` }] },
        ),
    );
    this.policyArn = policy.arn;
    this.groupNames = pulumi.all(attachments.map(({ group }) => group));
    this.registerOutputs({ policyArn: this.policyArn, groupNames: this.groupNames });
  }
}
