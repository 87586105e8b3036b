/** The user of the demo, and what the stack makes by default. */
export const USER = "alice";
export const PROFILE = "mfabasedaccess";
export const ROLE = "MFABasedAccess";

export const ACCOUNT = "123456789012";
export const BUCKET = "quarterly-reports";
export const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
