import type { Policy } from "../policy/model";

/** Common condition keys as AWS spells them; policies ignore case. */
const SPELLING: ReadonlyMap<string, string> = new Map(
  [
    "aws:CalledVia",
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceName",
    "aws:PrincipalType",
    "aws:RequestedRegion",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:TokenIssueTime",
    "aws:ViaAWSMCPService",
    "aws:ViaAWSService",
    "aws:userid",
    "aws:username",
    "sts:ExternalId",
    "sts:RoleSessionName",
  ].map((key) => [key.toLowerCase(), key]),
);

/**
 * Multivalued keys of all services and of `sts:AssumeRole`, in lower case. AWS does not document what an operator without a
 * set operator makes of several values.
 * Source: IAM user guide, "Multivalued context keys" and "AWS global condition context keys".
 */
export const MULTIVALUED_KEYS: ReadonlySet<string> = new Set([
  "aws:calledvia",
  "aws:principalorgpaths",
  "aws:principalservicenameslist",
  "aws:resourceorgpaths",
  "aws:sourceorgpaths",
  "aws:tagkeys",
  "aws:vpceorgpaths",
  "sts:transitivetagkeys",
]);

/** A condition key as AWS spells it, or else as the document does. */
export function spellKey(key: string, ...policies: readonly Policy[]): string {
  const known = SPELLING.get(key);
  if (known !== undefined) return known;
  const conditions = policies.flatMap(({ statements }) => statements).flatMap((each) => each.conditions);
  return conditions.find((condition) => condition.key === key)?.written ?? key;
}
