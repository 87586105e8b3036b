import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { readArguments } from "../arguments/input";
import { mfaRole } from "../arguments/schema";
import { accountRoot, findDeployment } from "../deployment";
import { trustPolicy } from "./trust-policy";

/** The arguments that every role has. */
export interface RolePermissions {
  /** The maximum session duration, in seconds: 3600 to 43200. Default: 3600. */
  sessionSeconds?: pulumi.Input<number> | undefined;
  /** The maximum age of the MFA, in seconds: 1 to 129600. Default: any age. */
  maxMfaAgeSeconds?: pulumi.Input<number> | undefined;
  /** ARNs of managed policies. */
  managedPolicyArns?: pulumi.Input<string>[] | undefined;
  /** The role's own policy document, as JSON. */
  inlinePolicy?: pulumi.Input<string> | undefined;
  /** The ARN of the role's permissions boundary. */
  permissionsBoundary?: pulumi.Input<string> | undefined;
}

export interface MfaRoleArgs extends RolePermissions {
  /** The role's name. */
  roleName: pulumi.Input<string>;
  /** ARNs of the users, and of the account roots, who may assume the role. Default: this account. */
  trustedArns?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The role's path, such as `/team/`. */
  path?: pulumi.Input<string> | undefined;
  /** Tags of the role. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }> | undefined;
}

/** A role that can be assumed with MFA only. */
export class MfaRole extends pulumi.ComponentResource {
  /** The role's name. */
  readonly roleName: pulumi.Output<string>;
  /** The role's ARN. */
  readonly roleArn: pulumi.Output<string>;
  /** The maximum session duration, in seconds. */
  readonly sessionSeconds: pulumi.Output<number>;

  constructor(name: string, args: MfaRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = readArguments(name, mfaRole, args);
    super("aws-mfa:index:MfaRole", name, {}, opts);
    const child = { parent: this };
    const trusted =
      settings.trustedArns ?? findDeployment(child).then((deployment) => [accountRoot(deployment)]);

    const role = new iam.Role(
      name,
      {
        name: settings.roleName,
        path: settings.path,
        description: "Can be assumed with MFA only",
        assumeRolePolicy: pulumi
          .all([trusted, settings.maxMfaAgeSeconds])
          .apply(([principals, maxMfaAgeSeconds]) => trustPolicy({ principals, maxMfaAgeSeconds })),
        maxSessionDuration: settings.sessionSeconds,
        permissionsBoundary: settings.permissionsBoundary,
        tags: settings.tags,
      },
      child,
    );
    // An ARN that is not known yet cannot be part of a resource's name: the attachment is named by its position, and an ARN can move to
    // another attachment when the list changes. Each depends on the one before, which makes the old attachment go first.
    const late: iam.RolePolicyAttachment[] = [];
    for (const policyArn of settings.managedPolicyArns) {
      if (typeof policyArn === "string")
        new iam.RolePolicyAttachment(`${name}:${policyArn}`, { role: role.name, policyArn }, child);
      else
        late.push(
          new iam.RolePolicyAttachment(
            `${name}:policy-${late.length}`,
            { role: late.at(-1)?.role ?? role.name, policyArn },
            { ...child, deleteBeforeReplace: true },
          ),
        );
    }
    if (settings.inlinePolicy !== undefined) {
      new iam.RolePolicy(name, { name: "inline", role: role.name, policy: settings.inlinePolicy }, child);
    }

    this.roleName = role.name;
    this.roleArn = role.arn;
    this.sessionSeconds = pulumi.output(settings.sessionSeconds);
    this.registerOutputs({
      roleName: this.roleName,
      roleArn: this.roleArn,
      sessionSeconds: this.sessionSeconds,
    });
  }
}
