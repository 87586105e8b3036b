import { SELF_SERVICE_ACTIONS } from "../../policy-pack/iam";
import { type Form, type GroupEntry, IF_NO_MFA, policy } from "./entry";

const ALL = { Effect: "Allow", Action: "*", Resource: "*" };
const GUARD = {
  Effect: "Deny",
  NotAction: SELF_SERVICE_ACTIONS,
  Resource: "*",
  Condition: IF_NO_MFA,
};

/** Identity policies that scanners and people get wrong, as the one policy of a group. */
export const UNSAFE_GROUP: readonly Form<GroupEntry>[] = [
  {
    id: "group-deny-bool",
    title: 'Deny with Bool "false"',
    why: "Access keys carry no key: the Deny stops the console alone.",
    document: policy(ALL, { ...GUARD, Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } }),
  },
  {
    id: "group-deny-absent",
    title: 'Deny with Null "true"',
    why: "A session without MFA carries the key, as false.",
    document: policy(ALL, { ...GUARD, Condition: { Null: { "aws:MultiFactorAuthPresent": "true" } } }),
  },
  {
    id: "group-deny-true",
    title: "A Deny of requests with MFA",
    why: "The value is the wrong way round.",
    document: policy(ALL, { ...GUARD, Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
  },
  {
    id: "group-allow-if-exists",
    title: 'Allow with BoolIfExists "true"',
    why: "Access keys meet IfExists, and nothing is denied.",
    document: policy({ ...ALL, Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } } }),
  },
  {
    id: "group-key-in-an-allow-of-nothing",
    title: "The MFA key in a statement of one harmless call",
    why: "The key's name stands in the text, and everything is allowed.",
    document: policy(ALL, {
      Effect: "Allow",
      Action: "s3:ListAllMyBuckets",
      Resource: "*",
      Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
    }),
  },
  {
    id: "group-deny-some-services",
    title: "A Deny of some services",
    why: "All other services stay open.",
    document: policy(ALL, {
      Effect: "Deny",
      Action: ["ec2:*", "s3:*", "rds:*"],
      Resource: "*",
      Condition: IF_NO_MFA,
    }),
  },
  {
    id: "group-deny-some-resources",
    title: "A Deny on one kind of resource",
    why: "What is not an object of S3 stays open.",
    document: policy(ALL, { ...GUARD, Resource: "arn:aws:s3:::*" }),
  },
  {
    id: "group-leaves-iam-open",
    title: "A Deny that leaves all of IAM open",
    why: "iam:* lets a stolen key make itself an administrator.",
    document: policy(ALL, { ...GUARD, NotAction: ["iam:*", "sts:GetSessionToken"] }),
  },
  {
    id: "group-leaves-assume-role-open",
    title: "A Deny that leaves sts:AssumeRole open",
    why: "Without MFA each role that trusts the account is in reach.",
    document: policy(ALL, { ...GUARD, NotAction: [...SELF_SERVICE_ACTIONS, "sts:AssumeRole"] }),
  },
  {
    id: "group-deny-true-or-false",
    title: "A Deny with both values",
    why: "Access keys carry no key, so neither value matches.",
    document: policy(ALL, {
      ...GUARD,
      Condition: { Bool: { "aws:MultiFactorAuthPresent": ["true", "false"] } },
    }),
  },
  {
    id: "group-deny-elsewhere",
    title: "A Deny that applies only outside the office",
    why: "Operators are ANDed: from the office no MFA is needed.",
    document: policy(ALL, {
      ...GUARD,
      Condition: { ...IF_NO_MFA, NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
    }),
  },
  {
    id: "group-deny-misspelt-key",
    title: "A Deny on a misspelled key",
    why: "No request carries the key, so Bool never matches.",
    document: policy(ALL, { ...GUARD, Condition: { Bool: { "aws:MultiFactorAuthPresen": "false" } } }),
  },
  {
    id: "group-deny-both-at-once",
    title: "A Deny that requires false and absent at once",
    why: "A key cannot be false and absent, so the Deny never fires.",
    document: policy(ALL, {
      ...GUARD,
      Condition: {
        Bool: { "aws:MultiFactorAuthPresent": "false" },
        Null: { "aws:MultiFactorAuthPresent": "true" },
      },
    }),
  },
];

/** Those that are right though they look wrong. */
export const RIGHT_GROUP: readonly Form<GroupEntry>[] = [
  {
    id: "group-two-denies",
    title: "Two Denies, one for false and one for absent",
    why: "One stops false, the other absent.",
    document: policy(
      ALL,
      { ...GUARD, Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } },
      { ...GUARD, Condition: { Null: { "aws:MultiFactorAuthPresent": "true" } } },
    ),
  },
  {
    id: "group-deny-no-age",
    title: "A Deny if the age is absent",
    why: "There is an age exactly when MFA was used.",
    document: policy(ALL, { ...GUARD, Condition: { Null: { "aws:MultiFactorAuthAge": "true" } } }),
  },
  {
    id: "group-deny-old-mfa",
    title: "A Deny without MFA in the last hour",
    why: "IfExists under Deny fires where there is no age.",
    document: policy(ALL, {
      ...GUARD,
      Condition: { NumericGreaterThanIfExists: { "aws:MultiFactorAuthAge": "3600" } },
    }),
  },
  {
    id: "group-denies-share-the-services",
    title: "Denies that cover everything together",
    why: "One denies S3, the other all that is not S3.",
    document: policy(
      ALL,
      { Effect: "Deny", Action: "s3:*", Resource: "*", Condition: IF_NO_MFA },
      { Effect: "Deny", NotAction: ["s3:*", ...SELF_SERVICE_ACTIONS], Resource: "*", Condition: IF_NO_MFA },
    ),
  },
  {
    id: "group-one-statement-object",
    title: "A guard of one statement instead of a list",
    why: "One object is as good as a list of one.",
    document: { Version: "2012-10-17", Statement: GUARD },
  },
  {
    id: "group-key-in-other-case",
    title: "A guard with the key in lower case",
    why: "Condition keys are compared without regard to case.",
    document: policy(ALL, { ...GUARD, Condition: { BoolIfExists: { "aws:multifactorauthpresent": false } } }),
  },
  {
    id: "group-deny-everything",
    title: "A Deny of everything without MFA",
    why: "It denies more than it must: sts:GetSessionToken too, so that only the console gets a session.",
    document: policy(ALL, { Effect: "Deny", Action: "*", Resource: "*", Condition: IF_NO_MFA }),
  },
];
