import { type Policy, parsePolicy } from "aws-mfa-policy-pack/iam";

const allow = (given: object) => ({ Effect: "Allow", Resource: "*", ...given });

/**
 * Substitutes for the documents of AWS's best-known managed policies, reduced to what decides the danger.
 * Source: AWS managed policy reference guide.
 */
const WELL_KNOWN: Readonly<Record<string, readonly object[]>> = {
  AdministratorAccess: [allow({ Action: "*" })],
  PowerUserAccess: [allow({ NotAction: ["iam:*", "organizations:*", "account:*"] })],
  IAMFullAccess: [allow({ Action: "iam:*" })],
  ReadOnlyAccess: [allow({ Action: "s3:Get*" })],
  SecurityAudit: [allow({ Action: "iam:List*" })],
  "job-function/ViewOnlyAccess": [allow({ Action: "s3:List*" })],
};

/** The AWS managed policy of an ARN. `documents`: those that the account returned, by ARN. */
export function awsPolicy(arn: string, documents: ReadonlyMap<string, unknown>): Policy | undefined {
  const name = /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
  const known = name !== undefined && Object.hasOwn(WELL_KNOWN, name) ? WELL_KNOWN[name] : undefined;
  const document = documents.get(arn) ?? (known && { Version: "2012-10-17", Statement: known });
  if (document === undefined) return undefined;
  const parsed = parsePolicy(document, "identity");
  return parsed.ok ? parsed.policy : undefined;
}
