/** For each policy, the argument of each `aws-mfa` component that decides its verdict. */
const ARGUMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "iam-role-requires-mfa": { MfaAccess: "roles[].trust", MfaRole: "trustedArns" },
  "iam-role-session-duration": { MfaAccess: "roles[].sessionSeconds", MfaRole: "sessionSeconds" },
  "iam-group-requires-mfa": { MfaAccess: "selfServiceDevices", MfaGroup: "selfServiceDevices" },
  "iam-user-requires-mfa": { MfaUser: "groupName" },
};

/**
 * Where to fix a resource that a component of the `aws-mfa` package created: the program sets the component's arguments, not the
 * resource's properties. `undefined` for every other resource.
 *
 * @param policy the policy's name
 * @param urn the resource's; it contains the types of its parents, the outermost first
 */
export function componentFix(policy: string, urn: string): string | undefined {
  const types = urn.split("::")[2]?.split("$") ?? [];
  const component = types.find((type) => type.startsWith("aws-mfa:index:"))?.replace("aws-mfa:index:", "");
  const argument = component && ARGUMENTS[policy]?.[component];
  if (!argument) return undefined;
  return `It is part of a component ${component}: change the component's argument ${argument}.`;
}
