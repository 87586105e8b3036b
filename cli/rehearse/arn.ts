/** The account that an ARN names. */
export function accountOf(arn: string): string {
  return arn.split(":")[4] ?? "";
}

export function isRoot(id: string): boolean {
  return id.endsWith(":root");
}

/** SCPs and RCPs do not apply to a service-linked role. */
export function isServiceLinked(arn: string): boolean {
  return /:role\/aws-service-role\//.test(arn);
}

/** The name of a user or role, without its path. An id that is not an ARN is returned whole. */
export function nameOf(id: string): string {
  return id.split("/").at(-1) ?? id;
}
