import { ACCOUNT, type ExampleResource, type Examples, policyText, WITH_MFA, WITHOUT_MFA } from "./example";

function role(...statements: readonly object[]): ExampleResource {
  return {
    type: "aws:iam/role:Role",
    name: "deploy",
    props: { name: "deploy", assumeRolePolicy: policyText(...statements) },
  };
}

const ALLOW = { Effect: "Allow", Principal: ACCOUNT, Action: "sts:AssumeRole" };

export const examples: Examples = {
  good: [
    { title: 'Allow with Bool "true"', resources: [role({ ...ALLOW, Condition: WITH_MFA })] },
    {
      title: "A Deny that covers both contexts",
      resources: [
        role(ALLOW, { Effect: "Deny", Principal: "*", Action: "sts:AssumeRole", Condition: WITHOUT_MFA }),
      ],
    },
    {
      title: "A service, which cannot prove MFA",
      resources: [role({ ...ALLOW, Principal: { Service: "ec2.amazonaws.com" } })],
    },
    {
      title: "A machine's role that the configuration trusts",
      config: { trustedPrincipalArns: ["arn:aws:iam::111122223333:role/ci-*"] },
      resources: [role({ ...ALLOW, Principal: { AWS: "arn:aws:iam::111122223333:role/ci-main" } })],
    },
    {
      title: "An account, narrowed to roles that the configuration trusts",
      config: { trustedPrincipalArns: ["arn:aws:iam::111122223333:role/ci-*"] },
      resources: [
        role({
          ...ALLOW,
          Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/ci-*" } },
        }),
      ],
    },
    {
      title: "An exemption with its reason",
      config: { exemptions: [{ name: "deploy", reason: "replaced by the end of the quarter" }] },
      resources: [role(ALLOW)],
    },
  ],
  bad: [
    {
      title: "No condition at all",
      resources: [role(ALLOW)],
      says: ["Statement[0]", "arn:aws:iam::111122223333:root", "long-term access keys"],
    },
    {
      title: "BoolIfExists under Allow lets every access key through",
      resources: [role({ ...ALLOW, Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } } })],
      says: ["Statement[0]", "aws:MultiFactorAuthPresent is absent", '"Bool", not "BoolIfExists"'],
    },
    {
      title: "A good statement beside one without the condition",
      resources: [
        role({ ...ALLOW, Sid: "WithMfa", Condition: WITH_MFA }, { ...ALLOW, Sid: "Legacy", Action: "sts:*" }),
      ],
      says: ['Statement[1] "Legacy"'],
    },
    {
      title: 'Deny with Bool "false" stops the console, not the access keys',
      resources: [
        role(ALLOW, {
          Effect: "Deny",
          Principal: "*",
          Action: "sts:AssumeRole",
          Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
        }),
      ],
      says: ["Statement[0]", "aws:MultiFactorAuthPresent is absent"],
    },
    {
      title: "Null asks only whether the key is there",
      resources: [role({ ...ALLOW, Condition: { Null: { "aws:MultiFactorAuthPresent": "false" } } })],
      says: ["aws:MultiFactorAuthPresent is false"],
    },
    {
      title: "A role principal cannot prove MFA",
      resources: [role({ ...ALLOW, Principal: { AWS: "arn:aws:iam::111122223333:role/build" } })],
      says: ["do not add an MFA condition for arn:aws:iam::111122223333:role/build", "trustedPrincipalArns"],
    },
    {
      title: "Anyone: MFA alone would leave it to the MFA of any account in the world",
      resources: [role({ ...ALLOW, Principal: "*" })],
      says: ["replace * with the users or accounts that need this role"],
    },
    {
      title: "A vendor's account with an external id, which is no MFA and which the condition would lock out",
      resources: [role({ ...ALLOW, Condition: { StringEquals: { "sts:ExternalId": "example" } } })],
      says: ["do not add an MFA condition for arn:aws:iam::111122223333:root", "OIDC"],
    },
    {
      title: "A user who may be a machine",
      resources: [role({ ...ALLOW, Principal: { AWS: "arn:aws:iam::111122223333:user/pipeline" } })],
      says: ["If a machine uses this user, it would be locked out"],
    },
    {
      title: "People, a machine and a service in one statement",
      resources: [
        role({
          ...ALLOW,
          Sid: "Everybody",
          Principal: {
            AWS: ["arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/build"],
            Service: "ec2.amazonaws.com",
          },
        }),
      ],
      says: ['Fix: split Statement[0] "Everybody"', "leave its other principals in a statement as it is"],
    },
    {
      title: "An MFA that is too old",
      config: { maxMfaAgeSeconds: 3600 },
      resources: [role({ ...ALLOW, Condition: WITH_MFA })],
      says: ["older than 3600 seconds", "aws:MultiFactorAuthAge"],
    },
    {
      title: "A document that AWS refuses",
      resources: [role({ ...ALLOW, Condition: { Boolean: { "aws:MultiFactorAuthPresent": "true" } } })],
      says: ["Statement[0].Condition.Boolean", "an unknown operator"],
    },
    {
      title: "An exemption that has expired",
      config: { exemptions: [{ name: "deploy", reason: "until the move", expires: "2020-01-31" }] },
      resources: [role(ALLOW)],
      says: ['"until the move" expired on 2020-01-31'],
    },
  ],
};
