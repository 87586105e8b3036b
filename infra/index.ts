export type { MfaAccessArgs } from "./access/arguments";
export { MfaAccess } from "./access/mfa-access";
export { MfaGroup, type MfaGroupArgs } from "./group/mfa-group";
export { MfaGuard, type MfaGuardArgs } from "./group/mfa-guard";
export { SelfServiceDevices } from "./group/self-service";
export { MfaRole, type MfaRoleArgs } from "./role/mfa-role";
export { MfaUser, type MfaUserArgs } from "./user/mfa-user";
