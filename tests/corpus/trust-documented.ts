import { ACCOUNT, IF_MFA, OTHER_ACCOUNT, policy, type TrustEntry } from "./entry";

const ASSUME = { Effect: "Allow", Action: "sts:AssumeRole" };

/** Trust policies in the forms that AWS's IAM user guide shows, rebuilt. */
export const DOCUMENTED_TRUST: readonly Omit<TrustEntry, "from">[] = [
  {
    id: "trust-cross-account-mfa",
    title: "Another account, with MFA",
    verdict: "protected",
    why: "Bool is not met by an absent key, and not by false.",
    document: policy({ ...ASSUME, Principal: OTHER_ACCOUNT, Condition: IF_MFA }),
  },
  {
    id: "trust-cross-account",
    title: "Another account, without a condition",
    verdict: "bypassable",
    why: "Nothing asks for MFA.",
    document: policy({ ...ASSUME, Principal: OTHER_ACCOUNT }),
  },
  {
    id: "trust-own-account-mfa",
    title: "This account, with MFA",
    verdict: "protected",
    why: "The same condition, for the account's own users.",
    document: policy({ ...ASSUME, Principal: ACCOUNT, Condition: IF_MFA }),
  },
  {
    id: "trust-mfa-within-the-hour",
    title: "MFA that is younger than an hour",
    verdict: "protected",
    why: "The age is there only when MFA was used.",
    document: policy({
      ...ASSUME,
      Principal: ACCOUNT,
      Condition: { NumericLessThan: { "aws:MultiFactorAuthAge": "3600" } },
    }),
  },
  {
    id: "trust-external-id",
    title: "A third party with an external id",
    verdict: "bypassable",
    why: "An external id tells customers of a third party apart. It is no second factor.",
    document: policy({
      ...ASSUME,
      Principal: OTHER_ACCOUNT,
      Condition: { StringEquals: { "sts:ExternalId": "12345" } },
    }),
  },
  {
    id: "trust-external-id-and-mfa",
    title: "An external id and MFA",
    verdict: "protected",
    why: "Operators of one Condition are ANDed, so MFA is needed.",
    document: policy({
      ...ASSUME,
      Principal: OTHER_ACCOUNT,
      Condition: { ...IF_MFA, StringEquals: { "sts:ExternalId": "12345" } },
    }),
  },
  {
    id: "trust-one-user",
    title: "One user, without a condition",
    verdict: "bypassable",
    why: "The user's access keys are enough.",
    document: policy({ ...ASSUME, Principal: { AWS: "arn:aws:iam::111122223333:user/alice" } }),
  },
  {
    id: "trust-account-id",
    title: "An account by its id",
    verdict: "bypassable",
    why: "Twelve digits mean the account, as its root ARN does.",
    document: policy({ ...ASSUME, Principal: { AWS: "444455556666" } }),
  },
  {
    id: "trust-organization",
    title: "Anyone in the organization",
    verdict: "bypassable",
    why: "aws:PrincipalOrgID says where a caller belongs, not how they signed in.",
    document: policy({
      ...ASSUME,
      Principal: { AWS: "*" },
      Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } },
    }),
  },
  {
    id: "trust-principal-tag",
    title: "Users of one project, by tag",
    verdict: "bypassable",
    why: "A tag of the caller is no MFA.",
    document: policy({
      ...ASSUME,
      Principal: ACCOUNT,
      Condition: { StringEquals: { "aws:PrincipalTag/project": "blue" } },
    }),
  },
  {
    id: "trust-session-tags",
    title: "With session tags",
    verdict: "bypassable",
    why: "sts:TagSession and its conditions say nothing of MFA.",
    document: policy({
      Effect: "Allow",
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Principal: ACCOUNT,
      Condition: { StringLike: { "aws:RequestTag/team": "*" } },
    }),
  },
  {
    id: "trust-source-identity",
    title: "With a source identity",
    verdict: "bypassable",
    why: "The caller chooses the source identity.",
    document: policy({
      Effect: "Allow",
      Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
      Principal: ACCOUNT,
      Condition: { StringLike: { "sts:SourceIdentity": "*" } },
    }),
  },
  {
    id: "trust-session-name-is-user-name",
    title: "The session is named after the user",
    verdict: "bypassable",
    why: "The name of a session is no MFA.",
    document: policy({
      ...ASSUME,
      Principal: ACCOUNT,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      Condition: { StringLike: { "sts:RoleSessionName": "${aws:username}" } },
    }),
  },
  {
    id: "trust-role-of-other-account",
    title: "A role of another account",
    verdict: "bypassable",
    why: "A role's session does not prove MFA.",
    document: policy({ ...ASSUME, Principal: { AWS: "arn:aws:iam::444455556666:role/deployer" } }),
  },
  {
    id: "trust-itself",
    title: "A role that can assume itself",
    verdict: "bypassable",
    why: "The account is let in, narrowed to a role, and no MFA is asked for.",
    document: policy({
      ...ASSUME,
      Principal: ACCOUNT,
      Condition: { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/deployer" } },
    }),
  },
  {
    id: "trust-ec2",
    title: "EC2 instances",
    verdict: "exempt",
    why: "A service cannot use MFA, and nobody else gets in.",
    document: policy({ ...ASSUME, Principal: { Service: "ec2.amazonaws.com" } }),
  },
  {
    id: "trust-service-with-source-account",
    title: "A service, guarded against the confused deputy",
    verdict: "exempt",
    why: "Only the service gets in.",
    document: policy({
      ...ASSUME,
      Principal: { Service: "events.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    }),
  },
  {
    id: "trust-pods",
    title: "EKS pods",
    verdict: "exempt",
    why: "Only the service gets in, with either action.",
    document: policy({
      Effect: "Allow",
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Principal: { Service: "pods.eks.amazonaws.com" },
    }),
  },
  {
    id: "trust-roles-anywhere",
    title: "Machines with certificates",
    verdict: "exempt",
    why: "IAM Roles Anywhere is a service.",
    document: policy({
      Effect: "Allow",
      Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
      Principal: { Service: "rolesanywhere.amazonaws.com" },
    }),
  },
  {
    id: "trust-saml",
    title: "A corporate directory over SAML",
    verdict: "exempt",
    why: "The provider asks for MFA; AWS cannot see it.",
    document: policy({
      Effect: "Allow",
      Action: "sts:AssumeRoleWithSAML",
      Principal: { Federated: "arn:aws:iam::111122223333:saml-provider/directory" },
      Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
    }),
  },
  {
    id: "trust-web-identity",
    title: "CI jobs over OpenID Connect",
    verdict: "exempt",
    why: "A web identity has no MFA that AWS sees.",
    document: policy({
      Effect: "Allow",
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
      Condition: {
        StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
        StringLike: { "token.actions.githubusercontent.com:sub": "repo:example/app:*" },
      },
    }),
  },
  {
    id: "trust-user-and-service",
    title: "A service and an account in one statement",
    verdict: "bypassable",
    why: "Each principal is evaluated by its own class; the account gets in.",
    document: policy({ ...ASSUME, Principal: { ...ACCOUNT, Service: "ecs-tasks.amazonaws.com" } }),
  },
];
