/**
 * The calls of an audit. They read names, policies and times, and change nothing. `GenerateCredentialReport` is the only one that
 * creates something; AWS classifies it as reading.
 */
const IN_EACH_ACCOUNT = [
  "iam:GenerateCredentialReport",
  "iam:GetAccountAuthorizationDetails",
  "iam:GetAccountSummary",
  "iam:GetCredentialReport",
  "iam:ListAccountAliases",
  "iam:ListMFADevices",
  "iam:ListSSHPublicKeys",
  "iam:ListServiceSpecificCredentials",
  "iam:ListVirtualMFADevices",
  "sts:GetCallerIdentity",
];

/** For its accounts, and its SCPs and RCPs with the accounts under each. */
const OF_THE_ORGANIZATION = [
  "organizations:DescribePolicy",
  "organizations:ListAccounts",
  "organizations:ListAccountsForParent",
  "organizations:ListOrganizationalUnitsForParent",
  "organizations:ListPolicies",
  "organizations:ListTargetsForPolicy",
];

/**
 * The IAM policy that the audit needs. A role in another account needs only its first statement.
 *
 * @param assumes the roles through which the audit reads other accounts
 * @param usage whether it looks up CloudTrail events
 */
export function auditPolicy(
  assumes: { readonly organization: string } | { readonly roleArn: string } | undefined,
  usage = false,
): object {
  const Action = usage ? ["cloudtrail:LookupEvents", ...IN_EACH_ACCOUNT] : IN_EACH_ACCOUNT;
  const statements: object[] = [{ Sid: "ReadWhoGetsIn", Effect: "Allow", Action, Resource: "*" }];
  if (assumes !== undefined && "organization" in assumes) {
    statements.push({
      Sid: "ReadTheOrganization",
      Effect: "Allow",
      Action: OF_THE_ORGANIZATION,
      Resource: "*",
    });
  }
  if (assumes !== undefined) {
    const role = "organization" in assumes ? `arn:aws:iam::*:role/${assumes.organization}` : assumes.roleArn;
    statements.push({ Sid: "ReachOtherAccounts", Effect: "Allow", Action: "sts:AssumeRole", Resource: role });
  }
  return { Version: "2012-10-17", Statement: statements };
}
