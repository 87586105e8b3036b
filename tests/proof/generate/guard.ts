import fc from "fast-check";
import { conditionOn, documentOf, onEveryRequest, oneOrMore } from "./condition";

/** What the compared guards may leave open. */
export const EXEMPT = [
  "iam:EnableMFADevice",
  "iam:ListMFADevices",
  "sts:GetSessionToken",
  "sts:GetFederationToken",
];

const guardAction = fc.oneof(
  oneOrMore(
    fc.constantFrom("*", "s3:*", "s3:Get*", "iam:*", "iam:Create*", "ec2:*", "sts:*", "IAM:enablemfadevice"),
  ).map((Action) => ({ Action })),
  fc
    .uniqueArray(
      fc.constantFrom(
        "iam:EnableMFADevice",
        "iam:ListMFADevices",
        "sts:GetSessionToken",
        "sts:GetFederationToken",
        "s3:*",
        "ec2:*",
        "iam:List*",
        "iam:*",
      ),
      { minLength: 1, maxLength: 5 },
    )
    .map((NotAction) => ({ NotAction })),
);
const guardResource = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ Resource: "*" }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { Resource: "arn:aws:s3:::*" },
      { NotResource: "arn:aws:s3:::*" },
      { Resource: ["*"] },
    ),
  },
);
const guardStatement = fc
  .tuple(
    fc.constantFrom("Deny", "Deny", "Deny", "Allow"),
    guardAction,
    guardResource,
    conditionOn(onEveryRequest),
  )
  .map(([Effect, action, resource, Condition]) => ({ Effect, ...action, ...resource, Condition }));

/** Ways to ask whether there is no MFA, each complete; those of several statements fire one for the other. */
const complete: readonly (readonly object[])[] = [
  [{ BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } }],
  [{ BoolIfExists: { "AWS:multifactorauthpresent": ["false"] } }],
  [{ Null: { "aws:MultiFactorAuthAge": "true" } }],
  [{ NumericGreaterThanIfExists: { "aws:MultiFactorAuthAge": "3600" } }],
  [{ Bool: { "aws:MultiFactorAuthPresent": false } }, { Null: { "aws:MultiFactorAuthPresent": true } }],
  [{ "ForAllValues:Bool": { "aws:MultiFactorAuthPresent": "false" } }],
  [{}],
];
/** Ways to name every action but the allowed ones; several together do. */
const all: readonly (readonly object[])[] = [
  [{ NotAction: EXEMPT }],
  [{ NotAction: "iam:ListMFADevices" }],
  [{ Action: "*" }],
  [{ NotAction: ["s3:*", "IAM:enablemfadevice"] }, { Action: ["s3:*"] }],
  [{ NotAction: ["iam:*"] }, { Action: "iam:*" }],
];
const USERS = "arn:*:iam::*:user/*";
const SESSIONS = "arn:*:sts::*:federated-user/*";
/** What does not stop a Deny from firing, and what may. */
const beside = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<object>(
      { Bool: { "aws:SecureTransport": "true" } },
      { StringEquals: { "aws:PrincipalType": "User" } },
      { StringEquals: { "aws:PrincipalType": ["User", "FederatedUser"] } },
      { StringLike: { "aws:userid": "AIDA*" } },
      { ArnLike: { "aws:PrincipalArn": USERS } },
      { ArnLike: { "aws:PrincipalArn": [USERS, SESSIONS] } },
      { ArnNotLike: { "aws:PrincipalArn": "arn:*:iam::*:role/*" } },
    ),
  },
);

/** A guard, and sometimes one with a hole, beside other statements. */
const nearlyGuard = fc
  .tuple(
    fc.constantFrom(...complete),
    fc.constantFrom(...all),
    beside,
    fc.constantFrom<object>({ Resource: "*" }, { Resource: ["*"] }, { Resource: "*" }, { Resource: "arn:*" }),
    fc.array(guardStatement, { maxLength: 2 }),
  )
  .map(([conditions, actions, more, resource, others]) => ({
    Version: "2012-10-17",
    Statement: [
      ...actions.flatMap((action) =>
        conditions.map((each) => ({
          Effect: "Deny",
          ...action,
          ...resource,
          Condition: { ...each, ...more },
        })),
      ),
      ...others,
    ],
  }));

/** Policies of a group, about half of them guards. */
export const guardDocument = fc.oneof(
  { weight: 2, arbitrary: nearlyGuard },
  { weight: 1, arbitrary: documentOf(guardStatement) },
);
