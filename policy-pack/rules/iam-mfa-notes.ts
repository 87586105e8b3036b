import type { About } from "../evaluation/rule";

/** Not a rule of its own: says what the others have to say without rejecting anything. */
export const iamMfaNotes: About = {
  name: "iam-mfa-notes",
  displayName: "What the MFA policies let pass",
  description: "Says which exemptions were used, and what could not be decided yet.",
  severity: "low",
  level: "advisory",
  tags: ["aws", "iam", "mfa"],
  steps: "Look at each: an exemption that is no longer needed, or a value that a preview does not know.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
  rejects: false,
  configuration: {},
};
