import { policyDocument } from "../policy-document";
import type { SelfServiceDevices } from "./self-service";

/** What stays open without MFA at most: enough to enroll a device and to open a session. */
const SELF_SERVICE_ACTIONS: readonly string[] = [
  "iam:CreateVirtualMFADevice",
  "iam:EnableMFADevice",
  "iam:GetUser",
  "iam:ListMFADevices",
  "iam:ListVirtualMFADevices",
  "iam:ResyncMFADevice",
  "sts:GetSessionToken",
];

/** Whoever steals the access keys of a user without a device may do what is not closed here. */
const CLOSED: Readonly<Record<SelfServiceDevices, readonly string[]>> = {
  createAndEnable: [],
  enable: ["iam:CreateVirtualMFADevice"],
  none: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"],
};

/** The actions that stay open without MFA, in the order of the deny policy. */
export function openWithoutMfa(selfServiceDevices: SelfServiceDevices): string[] {
  return SELF_SERVICE_ACTIONS.filter((action) => !CLOSED[selfServiceDevices].includes(action));
}

/**
 * The policy that denies everything but the enrollment calls to a request without MFA.
 *
 * `BoolIfExists "false"` holds both where the key `aws:MultiFactorAuthPresent` is `false` (a session
 * without MFA) and where it is absent (long-term access keys). `Bool "false"` would miss the latter.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
 */
export function denyPolicy(selfServiceDevices: SelfServiceDevices): string {
  return policyDocument([
    {
      Sid: "DenyAllAboveExceptBelowOperationsIfNoMFACode",
      Effect: "Deny",
      NotAction: openWithoutMfa(selfServiceDevices),
      Resource: "*",
      Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
    },
  ]);
}
