import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { readArguments } from "../arguments/input";
import { guard } from "../arguments/schema";
import { findDeployment } from "../deployment";
import { Members } from "../dynamic/dynamic-resource";
import { denyPolicy } from "./deny-policy";
import type { SelfServiceDevices } from "./self-service";

export interface MfaGuardArgs {
  /** The deny policy's name. A later change has no effect: AWS cannot rename a policy, and another one would leave the groups unguarded for a moment. */
  policyName: pulumi.Input<string>;
  /** The names of the groups to guard, which exist already. */
  groupNames: string[];
  /** What users without MFA may do: create and enable a device (`createAndEnable`, the default), enable one (`enable`), or neither (`none`). */
  selfServiceDevices?: pulumi.Input<SelfServiceDevices>;
  /** Tags of the policy. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }> | undefined;
}

/** The deny policy alone, for groups that exist already: without MFA, their members can only enroll a device. */
export class MfaGuard extends pulumi.ComponentResource {
  /** The policy's ARN. */
  readonly policyArn: pulumi.Output<string>;
  /** The groups' names, once the policy is attached: whoever is added by them is guarded from the start. */
  readonly groupNames: pulumi.Output<string[]>;

  constructor(name: string, args: MfaGuardArgs, opts?: pulumi.ComponentResourceOptions) {
    const { policyName, groupNames, selfServiceDevices, tags } = readArguments(name, guard, args);
    super("aws-mfa:index:MfaGuard", name, {}, opts);
    const child = { parent: this };
    const { region, account, caller } = pulumi.output(findDeployment(child));
    // The groups have their members already.
    const members = new Members(
      name,
      {
        ownsGroup: false,
        users: {},
        devices: {},
        releaseUsers: [],
        caller,
        guardedGroups: groupNames,
        project: name,
        region,
        account,
      },
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
    // IAM ignores the case of a name: what is attached to `Staff` and then detached from `staff` is detached.
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
