import {
  ACCOUNT,
  type ExampleResource,
  type Examples,
  iam,
  policyText,
  UNKNOWN_TEXT,
  WITH_MFA,
  WITHOUT_MFA,
} from "./example";
import { examples as templates } from "./iam-role-requires-mfa.template.examples";

function role(...statements: readonly object[]): ExampleResource {
  return iam("Role", "deploy", { name: "deploy", assumeRolePolicy: policyText(...statements) });
}

/** A role of `aws-native`, whose document is an object, in which single values may not be known yet. */
function nativeRole(...statements: readonly object[]): ExampleResource {
  const assumeRolePolicyDocument = { Version: "2012-10-17", Statement: statements };
  return { type: "aws-native:iam:Role", name: "deploy", props: { assumeRolePolicyDocument } };
}

/** A Deny of everyone without MFA whom a further condition names. */
function deny(more: object) {
  return { Effect: "Deny", Principal: "*", Action: "sts:AssumeRole", Condition: { ...WITHOUT_MFA, ...more } };
}

const LEVEL = "aws:PrincipalTag/level";
const SSO = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*";
const PEOPLE = ["arn:aws:iam::111122223333:user/*"];

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
      title: "The single sign-on roles of an account, which the configuration trusts by the same pattern",
      config: { trustedPrincipalArns: [SSO] },
      resources: [role({ ...ALLOW, Condition: { ArnLike: { "aws:PrincipalArn": SSO } } })],
    },
    {
      title: "Machine roles of several accounts, given by account ID",
      config: {
        trustedPrincipalArns: ["111122223333", "444455556666"].map((id) => `arn:aws:iam::${id}:role/ci-*`),
      },
      resources: [
        role({
          ...ALLOW,
          Principal: { AWS: ["111122223333", "444455556666"] },
          Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/ci-*" } },
        }),
      ],
    },
    {
      title: "A principal that is not known yet, with an MFA condition",
      resources: [nativeRole({ ...ALLOW, Principal: { AWS: UNKNOWN_TEXT }, Condition: WITH_MFA })],
    },
    {
      title: "A service that is not known yet, which is exempt like every service",
      resources: [nativeRole({ ...ALLOW, Principal: { Service: UNKNOWN_TEXT } })],
    },
    {
      title: "A principal that is not known yet, and may be one that the configuration trusts",
      config: { trustedPrincipalArns: ["arn:aws:iam::111122223333:role/ci-*"] },
      resources: [nativeRole({ ...ALLOW, Principal: { AWS: UNKNOWN_TEXT } })],
      notes: ["may turn out to be exempt by trustedPrincipalArns"],
    },
    {
      title: "A condition that no user and no role meets: their calls are not a service's",
      resources: [role({ ...ALLOW, Condition: { Bool: { "aws:PrincipalIsAWSService": "true" } } })],
    },
    {
      title: "A Deny that fires on every long-term access key, and one on every session without MFA",
      resources: [
        role(
          ALLOW,
          deny({ Null: { "aws:TokenIssueTime": "true" } }),
          deny({ Null: { "aws:TokenIssueTime": "false" } }),
        ),
      ],
    },
    {
      title: "The same number, written in two ways",
      resources: [
        role(
          { ...ALLOW, Condition: { NumericEquals: { [LEVEL]: "9007199254740993" } } },
          deny({ NumericEquals: { [LEVEL]: "9007199254740993.0" } }),
        ),
      ],
    },
    {
      title: "Anyone with MFA, with a note: the MFA of any AWS account is enough",
      resources: [role({ ...ALLOW, Principal: "*", Condition: WITH_MFA })],
      notes: ["anyone can assume this role with the MFA of any AWS account in the world"],
    },
    {
      title: "An exemption with its reason",
      config: { exemptions: [{ name: "deploy", reason: "replaced by the end of the quarter" }] },
      resources: [role(ALLOW)],
      notes: ["Exempt: replaced by the end of the quarter"],
    },
    ...templates.good,
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
      title: "Null only tests whether the key is present",
      resources: [role({ ...ALLOW, Condition: { Null: { "aws:MultiFactorAuthPresent": "false" } } })],
      says: ["aws:MultiFactorAuthPresent is false"],
    },
    {
      title: "A role principal cannot prove MFA",
      resources: [role({ ...ALLOW, Principal: { AWS: "arn:aws:iam::111122223333:role/build" } })],
      says: [
        "from a session of the role",
        "do not add an MFA condition for arn:aws:iam::111122223333:role/build",
        "trustedPrincipalArns",
      ],
    },
    {
      title: "Anyone: with only an MFA condition, the MFA of any AWS account would be enough",
      resources: [role({ ...ALLOW, Principal: "*" })],
      says: ["replace * with the users or accounts that need this role"],
    },
    {
      title:
        "A vendor's account with an external ID, which is not MFA: an MFA condition would lock the vendor out",
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
      title:
        "A principal that is not known yet is a user, a role, an account or anyone, all of whom must prove MFA",
      resources: [nativeRole({ ...ALLOW, Principal: { AWS: UNKNOWN_TEXT } })],
      says: ["Statement[0]", "give the principal that is not known yet a value"],
    },
    {
      title: "A value that is not known yet beside an account that gets in anyway",
      resources: [nativeRole(ALLOW, { ...ALLOW, Principal: { AWS: UNKNOWN_TEXT }, Condition: WITH_MFA })],
      says: ["Statement[0]", "arn:aws:iam::111122223333:root"],
    },
    {
      title: "A user in a path, which can contain every character from ! to DEL",
      resources: [
        role({ ...ALLOW, Principal: { AWS: "arn:aws:iam::111122223333:user/eu:west/~{a}/alice" } }),
      ],
      says: ["arn:aws:iam::111122223333:user/eu:west/~{a}/alice"],
    },
    {
      title: "Two numbers that differ in the last digit",
      resources: [
        role(
          { ...ALLOW, Condition: { NumericEquals: { [LEVEL]: "9007199254740993" } } },
          deny({ NumericEquals: { [LEVEL]: "9007199254740992" } }),
        ),
      ],
      says: [`when ${LEVEL} fits the conditions`],
    },
    {
      title: "A Deny that begins in the far future",
      resources: [role(ALLOW, deny({ DateGreaterThan: { "aws:CurrentTime": "9999-12-31T23:59:59.999Z" } }))],
      says: ["when aws:CurrentTime fits the conditions"],
    },
    {
      title: "A way in that also requires an address and a tag",
      resources: [
        role({
          ...ALLOW,
          Condition: {
            IpAddress: { "aws:SourceIp": "203.0.113.0/24" },
            StringEquals: { "aws:PrincipalTag/team": "storage" },
          },
        }),
      ],
      says: ["when aws:SourceIp and aws:PrincipalTag/team fit the conditions"],
    },
    {
      title: "NotPrincipal, which AWS refuses in a trust policy: under Deny it covers no one",
      resources: [
        role(ALLOW, {
          Effect: "Deny",
          NotPrincipal: { AWS: "arn:aws:iam::444455556666:root" },
          Action: "sts:AssumeRole",
        }),
      ],
      says: ["NotPrincipal", "This role can be assumed without MFA"],
      findings: 2,
    },
    {
      title: "A Deny of anyone does not count for a service that must prove MFA",
      config: { principals: { service: "enforce" } },
      resources: [role({ ...ALLOW, Principal: { Service: "ec2.amazonaws.com" } }, deny({}))],
      says: ["ec2.amazonaws.com", 'set principals.service to "exempt"'],
    },
    {
      title: "A trust policy with a Resource, which AWS refuses",
      resources: [role({ ...ALLOW, Resource: "*", Condition: WITH_MFA })],
      says: ["Statement[0].Resource"],
    },
    {
      title: "An account of people: the condition locks out its roles",
      config: { peopleArns: PEOPLE },
      resources: [role(ALLOW)],
      says: ["This locks out every role of arn:aws:iam::111122223333:root", "trustedPrincipalArns"],
    },
    {
      title: "An account of people and of machines that the configuration trusts",
      config: { peopleArns: PEOPLE, trustedPrincipalArns: ["arn:aws:iam::111122223333:role/ci-*"] },
      resources: [role(ALLOW)],
      says: [
        'a copy of the statement with {"StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/ci-*"}}',
      ],
    },
    {
      title: "Users and roles of an account, where roles are exempt",
      config: { peopleArns: PEOPLE, principals: { role: "exempt" } },
      resources: [
        role({ ...ALLOW, Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:*" } } }),
      ],
      says: ['a copy of the statement with {"StringEquals":{"aws:PrincipalType":"AssumedRole"}}'],
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
    ...templates.bad,
  ],
};
