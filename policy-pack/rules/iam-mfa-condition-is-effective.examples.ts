import {
  ACCOUNT,
  type ExampleResource,
  type Examples,
  iam,
  policyText,
  WITH_MFA,
  WITHOUT_MFA,
} from "./example";

function role(condition: object): ExampleResource {
  const allow = { Effect: "Allow", Principal: ACCOUNT, Action: "sts:AssumeRole", Condition: condition };
  return iam("Role", "deploy", { assumeRolePolicy: policyText(allow) });
}

function policy(...conditions: readonly object[]): ExampleResource {
  const denies = conditions.map((condition) => ({
    Effect: "Deny",
    Action: "*",
    Resource: "*",
    Condition: condition,
  }));
  return iam("Policy", "guard", { policy: policyText(...denies) });
}

export const examples: Examples = {
  good: [
    { title: 'Bool "true" under Allow', resources: [role(WITH_MFA)] },
    { title: 'BoolIfExists "false" under Deny', resources: [policy(WITHOUT_MFA)] },
    {
      title: "Two Deny statements that cover both contexts together",
      resources: [
        policy(
          { Bool: { "aws:MultiFactorAuthPresent": "false" } },
          { Null: { "aws:MultiFactorAuthPresent": "true" } },
        ),
      ],
    },
    {
      title: 'BoolIfExists "true" beside Null "false"',
      resources: [
        role({
          BoolIfExists: { "aws:MultiFactorAuthPresent": "true" },
          Null: { "aws:MultiFactorAuthPresent": "false" },
        }),
      ],
    },
    {
      title: "No MFA condition at all",
      resources: [policy({ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } })],
    },
  ],
  bad: [
    {
      title: "BoolIfExists under Allow",
      resources: [role({ BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } })],
      says: ["Statement[0], BoolIfExists on aws:MultiFactorAuthPresent", "access keys", '"Bool"'],
    },
    {
      title: 'Bool "false" under Deny',
      resources: [policy({ Bool: { "aws:MultiFactorAuthPresent": "false" } })],
      says: ["Statement[0], Bool", "is not denied", '"BoolIfExists"'],
    },
    {
      title: "Null, which only tests whether the key is present",
      resources: [role({ Null: { "aws:MultiFactorAuthPresent": "false" } })],
      says: ["Null on aws:MultiFactorAuthPresent", "in which the MFA key is false"],
    },
    {
      title: "Both true and false",
      resources: [role({ Bool: { "aws:MultiFactorAuthPresent": ["true", "false"] } })],
      says: ["true and false together"],
    },
    {
      title: "An MFA condition in a role's permissions",
      resources: [
        iam("RolePolicy", "deploy", {
          role: "deploy",
          policy: policyText({ Effect: "Allow", Action: "s3:*", Resource: "*", Condition: WITH_MFA }),
        }),
      ],
      says: ["a role's session does not carry the MFA"],
    },
    {
      title: "A misspelled key",
      resources: [role({ Bool: { "aws:MultifactorAuthPresents": "true" } })],
      says: ["AWS has no such condition key", "Right: aws:MultiFactorAuthPresent"],
    },
  ],
};
