import { SELF_SERVICE_ACTIONS } from "../../policy-pack/iam";
import { type GroupEntry, IF_MFA, IF_NO_MFA, policy } from "./entry";

// biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
const OWN_USER = "arn:aws:iam::*:user/${aws:username}";
const OWN_DEVICE = "arn:aws:iam::*:mfa/*";

const OWN_DEVICE_CALLS = [
  {
    Effect: "Allow",
    Action: ["iam:GetUser", "iam:ListMFADevices", "iam:EnableMFADevice", "iam:ResyncMFADevice"],
    Resource: OWN_USER,
  },
  { Effect: "Allow", Action: "iam:CreateVirtualMFADevice", Resource: OWN_DEVICE },
];

function denyAllBut(...actions: readonly string[]) {
  return { Effect: "Deny", NotAction: actions, Resource: "*", Condition: IF_NO_MFA };
}

/** Identity policies in the forms that AWS's IAM user guide shows, rebuilt, as the one policy of a group. */
export const DOCUMENTED_GROUP: readonly Omit<GroupEntry, "from">[] = [
  {
    id: "group-own-credentials",
    title: "Own credentials with MFA, nothing else without",
    verdict: "guarded",
    why: "Seven calls stay open without MFA, enough to enrol a device and to open a session.",
    document: policy(...OWN_DEVICE_CALLS, denyAllBut(...SELF_SERVICE_ACTIONS)),
  },
  {
    id: "group-own-credentials-newer",
    title: "The same, with iam:GetMFADevice open too",
    verdict: "guarded",
    why: "That call is read only and in the default list.",
    document: policy(...OWN_DEVICE_CALLS, denyAllBut(...SELF_SERVICE_ACTIONS, "iam:GetMFADevice")),
  },
  {
    id: "group-own-device",
    title: "Own device and a list of users, nothing else without MFA",
    verdict: "guarded",
    rules: { allowedWithoutMfa: [...SELF_SERVICE_ACTIONS, "iam:ListUsers"] },
    why: "With iam:ListUsers in allowedWithoutMfa, the one call beyond the default list.",
    document: policy(
      ...OWN_DEVICE_CALLS,
      denyAllBut(
        "iam:CreateVirtualMFADevice",
        "iam:EnableMFADevice",
        "iam:ListMFADevices",
        "iam:ListUsers",
        "iam:ListVirtualMFADevices",
        "iam:ResyncMFADevice",
      ),
    ),
  },
  {
    id: "group-change-password",
    title: "Changing the password stays open too",
    verdict: "open",
    why: "AWS mentions this addition and advises against it: a stolen password could be changed without MFA.",
    document: policy(
      ...OWN_DEVICE_CALLS,
      denyAllBut(...SELF_SERVICE_ACTIONS, "iam:ChangePassword", "iam:GetAccountPasswordPolicy"),
    ),
  },
  {
    id: "group-own-credentials-without-mfa",
    title: "Own credentials, without MFA",
    verdict: "open",
    why: "Nothing is denied.",
    document: policy(...OWN_DEVICE_CALLS, {
      Effect: "Allow",
      Action: ["iam:CreateAccessKey", "iam:ListAccessKeys", "iam:DeleteAccessKey"],
      Resource: OWN_USER,
    }),
  },
  {
    id: "group-stop-instances-with-mfa",
    title: "Two calls are allowed with MFA",
    verdict: "open",
    why: "Right for these calls; but an Allow stops nothing that another policy allows.",
    document: policy({
      Effect: "Allow",
      Action: ["ec2:StopInstances", "ec2:TerminateInstances"],
      Resource: "*",
      Condition: IF_MFA,
    }),
  },
  {
    id: "group-terminate-denied-without-mfa",
    title: "All of EC2, two calls denied without MFA",
    verdict: "open",
    why: "The Deny is sound and covers two calls.",
    document: policy(
      { Effect: "Allow", Action: "ec2:*", Resource: "*" },
      {
        Effect: "Deny",
        Action: ["ec2:StopInstances", "ec2:TerminateInstances"],
        Resource: "*",
        Condition: IF_NO_MFA,
      },
    ),
  },
  {
    id: "group-production-bucket",
    title: "One bucket is denied without recent MFA",
    verdict: "open",
    why: "The Deny is sound and covers one bucket.",
    document: policy(
      { Effect: "Allow", Action: "s3:*", Resource: "*" },
      {
        Effect: "Deny",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::example-production", "arn:aws:s3:::example-production/*"],
        Condition: { NumericGreaterThanIfExists: { "aws:MultiFactorAuthAge": "1800" } },
      },
    ),
  },
  {
    id: "group-dates-with-mfa",
    title: "Access with MFA between two dates",
    verdict: "open",
    why: "An Allow stops nothing that another policy allows.",
    document: policy({
      Effect: "Allow",
      Action: "dynamodb:*",
      Resource: "*",
      Condition: {
        ...IF_MFA,
        DateGreaterThan: { "aws:CurrentTime": "2030-01-01T00:00:00Z" },
        DateLessThan: { "aws:CurrentTime": "2030-12-31T23:59:59Z" },
      },
    }),
  },
  {
    id: "group-source-address",
    title: "Denied from outside the office",
    verdict: "open",
    why: "An address is no second factor.",
    document: policy({
      Effect: "Deny",
      Action: "*",
      Resource: "*",
      Condition: { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
    }),
  },
  {
    id: "group-administrator",
    title: "Everything is allowed",
    verdict: "open",
    why: "Nothing is denied.",
    document: policy({ Effect: "Allow", Action: "*", Resource: "*" }),
  },
  {
    id: "group-assume-role",
    title: "Some roles can be assumed",
    verdict: "open",
    why: "Nothing is denied; the roles' own trust policies decide about them alone.",
    document: policy({
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Resource: "arn:aws:iam::111122223333:role/team-*",
    }),
  },
];
