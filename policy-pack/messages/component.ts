/** By the policy: the argument of each of the `aws-mfa` package's components that decides what the policy is about. */
const ARGUMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "iam-role-requires-mfa": { MfaAccess: "roles[].trust", MfaRole: "trustedArns" },
  "iam-role-session-duration": { MfaAccess: "roles[].sessionSeconds", MfaRole: "sessionSeconds" },
  "iam-group-requires-mfa": { MfaAccess: "selfServiceDevices", MfaGroup: "selfServiceDevices" },
  "iam-user-requires-mfa": { MfaUser: "groupName" },
};

/**
 * Where to change a resource that a component of the `aws-mfa` package made: the program has the component's arguments, and not the
 * resource's properties. `undefined` for every other resource.
 *
 * @param policy the policy's name
 * @param urn the resource's, which names the types of what it is part of, the outermost first
 */
export function componentFix(policy: string, urn: string): string | undefined {
  const types = urn.split("::")[2]?.split("$") ?? [];
  const component = types.find((type) => type.startsWith("aws-mfa:index:"))?.replace("aws-mfa:index:", "");
  const argument = component && ARGUMENTS[policy]?.[component];
  if (!argument) return undefined;
  return `It is part of a component ${component}: change the component's argument ${argument}.`;
}
