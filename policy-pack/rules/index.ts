/** The rules of the pack: pure functions from an IAM graph to assessments. */
export type { GroupData } from "./iam-group-requires-mfa";
export { iamMfaNotes } from "./iam-mfa-notes";
export type { RoleData } from "./iam-role-requires-mfa";
export type { UserData } from "./iam-user-requires-mfa";
export { ABOUT, deciding, RULES } from "./registry";
