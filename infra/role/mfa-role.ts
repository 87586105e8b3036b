import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { type Trust, trustPolicy } from "./trust-policy";

export interface MfaRoleArgs {
  readonly roleName: string;
  readonly trust: Trust;
  /** How long a session lasts at most, in seconds: 3600 to 43200. */
  readonly sessionSeconds: number;
  readonly managedPolicyArns: readonly string[];
  /** The role's own policy document. */
  readonly inlinePolicy?: object | undefined;
  readonly path?: string | undefined;
  readonly permissionsBoundary?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** A role that can be assumed with MFA only. */
export class MfaRole extends pulumi.ComponentResource {
  readonly role: iam.Role;

  constructor(name: string, args: MfaRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("aws-mfa-stack:access:MfaRole", name, {}, opts);
    const child = { parent: this };

    this.role = new iam.Role(
      name,
      {
        name: args.roleName,
        path: args.path,
        description: "Can be assumed with MFA only",
        assumeRolePolicy: trustPolicy(args.trust),
        maxSessionDuration: args.sessionSeconds,
        permissionsBoundary: args.permissionsBoundary,
        tags: args.tags,
      },
      child,
    );
    for (const policyArn of args.managedPolicyArns) {
      new iam.RolePolicyAttachment(`${name}:${policyArn}`, { role: this.role.name, policyArn }, child);
    }
    if (args.inlinePolicy !== undefined) {
      new iam.RolePolicy(
        name,
        { name: "inline", role: this.role.name, policy: JSON.stringify(args.inlinePolicy) },
        child,
      );
    }

    this.registerOutputs({});
  }
}
