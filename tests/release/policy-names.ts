/**
 * Every policy's name that was ever released, with the version that brought it. An entry is never removed: configurations,
 * exemptions and code scanning go by the name, so a name that came back with another meaning would quietly change them.
 */
export const RELEASED_POLICIES: Readonly<Record<string, string>> = {
  "iam-group-requires-mfa": "0.1.0",
  "iam-mfa-condition-is-effective": "0.1.0",
  "iam-mfa-notes": "0.1.0",
  "iam-mfa-seed-is-secret": "0.1.0",
  "iam-role-requires-mfa": "0.1.0",
  "iam-role-session-duration": "0.1.0",
  "iam-role-web-identity-is-narrowed": "0.1.0",
  "iam-user-requires-mfa": "0.1.0",
};
