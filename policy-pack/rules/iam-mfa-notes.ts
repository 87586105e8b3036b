import type { About } from "../evaluation/rule";

/** Not a rule: reports the notes of the rules, and rejects nothing. */
export const iamMfaNotes: About = {
  name: "iam-mfa-notes",
  displayName: "What the MFA policies do not reject",
  description: "Says which exemptions were used, and what could not be decided yet.",
  severity: "low",
  level: "advisory",
  tags: ["aws", "iam", "mfa"],
  steps: "Review each note: an exemption may no longer be needed, or a value may be known after the update.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
  rejects: false,
  configuration: {},
};
