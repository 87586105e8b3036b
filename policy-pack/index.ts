import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { readConfiguration } from "./crossguard/configure";
import { policies } from "./crossguard/pack";
import { ABOUT } from "./rules/registry";

/** A file of the package, beside `dist`. */
const packed = (name: string) => readFileSync(join(__dirname, "..", name), "utf8");
/** Only a release has one. */
const { homepage }: { homepage?: string } = JSON.parse(packed("package.json"));

// Starts the server that the engine talks to: this file is the pack's entry, and nothing else imports it.
new PolicyPack("aws-mfa", {
  displayName: "AWS access only with MFA",
  description: "Rejects AWS IAM roles and groups that can be used without MFA.",
  readme: packed("README.md"),
  ...(homepage !== undefined && { repository: homepage.replace(/#.*$/, "") }),
  provider: "aws",
  tags: ["aws", "iam", "mfa"],
  policies: policies(readConfiguration(ABOUT)),
});
