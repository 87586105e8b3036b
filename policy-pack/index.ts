import { PolicyPack } from "@pulumi/policy";
import { readConfiguration } from "./crossguard/configure";
import { policies } from "./crossguard/pack";
import { ABOUT } from "./rules/registry";

// Starts the server that the engine talks to: this file is the pack's entry, and nothing else imports it.
new PolicyPack("aws-mfa", {
  displayName: "AWS access only with MFA",
  description: "Rejects AWS IAM roles and groups that can be used without MFA.",
  provider: "aws",
  tags: ["aws", "iam", "mfa"],
  policies: policies(readConfiguration(ABOUT)),
});
