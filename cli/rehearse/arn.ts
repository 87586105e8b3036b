/** The account that an ARN names. */
export function accountOf(arn: string): string {
  return arn.split(":")[4] ?? "";
}

export function isRoot(id: string): boolean {
  return id.endsWith(":root");
}

/** Neither an SCP nor an RCP limits one. */
export function isServiceLinked(arn: string): boolean {
  return /:role\/aws-service-role\//.test(arn);
}

/** The name of a user or role, without its path; of whoever has no ARN, the whole. */
export function nameOf(id: string): string {
  return id.split("/").at(-1) ?? id;
}
