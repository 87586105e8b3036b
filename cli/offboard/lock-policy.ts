import { parseJson } from "../json";

/** The inline policy of a user who was offboarded. */
export const LOCK = "aws-mfa-offboarded";

/**
 * Denies everything, whatever else the user is allowed. AWS evaluates it for every request, so it also ends the sessions that the user
 * started before (`GetSessionToken`, the console), but not those of roles that they have assumed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html
 */
export const lockDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Sid: "Offboarded", Effect: "Deny", Action: "*", Resource: "*" }],
});

/** Whether a policy of that name still has this document. Someone may have changed it. */
export function isLocked(document: string): boolean {
  return JSON.stringify(parseJson(document)) === lockDocument;
}

/**
 * Denies everything to the sessions of a role that began before `now`, whoever started them, as "Revoke active sessions" in the console
 * does.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 */
export function revocationDocument(now: Date): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Action: "*",
        Resource: "*",
        Condition: { DateLessThan: { "aws:TokenIssueTime": `${now.toISOString().slice(0, 19)}Z` } },
      },
    ],
  });
}
