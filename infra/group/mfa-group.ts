import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { denyPolicy } from "./deny-policy";
import { type MemberRights, memberPolicy } from "./member-policy";

export interface MfaGroupArgs extends MemberRights {
  /** Ends in `MFA`. */
  readonly groupName: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A group whose members can do nothing without MFA but enroll their device. */
export class MfaGroup extends pulumi.ComponentResource {
  readonly group: iam.Group;
  readonly denyPolicy: iam.Policy;

  constructor(name: string, args: MfaGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("aws-mfa-stack:access:MfaGroup", name, {}, opts);
    const { groupName, tags } = args;
    const child = { parent: this };
    // AWS cannot rename a policy, and a group that is renamed keeps its policies. Another policy would have to take the place of the
    // guard: the AWS provider detaches the old one first.
    const named = { ...child, ignoreChanges: ["name"] };

    this.group = new iam.Group(name, { name: groupName }, child);

    this.denyPolicy = new iam.Policy(
      `${name}-deny`,
      {
        name: `${groupName}-DenyWithoutMFA`,
        description: "Denies everything but enrolling an MFA device to a request without MFA",
        policy: denyPolicy(args.selfServiceDevices),
        tags,
      },
      named,
    );
    const guard = new iam.GroupPolicyAttachment(
      `${name}-deny`,
      { group: this.group.name, policyArn: this.denyPolicy.arn },
      child,
    );

    const rights = new iam.Policy(
      `${name}-members`,
      {
        name: `${groupName}-Members`,
        description: "What members may do by themselves: enrol their own MFA device, assume the roles",
        policy: memberPolicy(args),
        tags,
      },
      named,
    );
    // Rights come after the guard and go before it, so that there is no moment without it.
    new iam.GroupPolicyAttachment(
      `${name}-members`,
      { group: this.group.name, policyArn: rights.arn },
      { ...child, dependsOn: guard },
    );

    this.registerOutputs({});
  }
}
