import { policyDocument } from "../policy-document";
import type { SelfServiceDevices } from "./self-service";

/** The actions that a guard allows without MFA at most: enough to enroll a device and start a session. */
const SELF_SERVICE_ACTIONS: readonly string[] = [
  "iam:CreateVirtualMFADevice",
  "iam:EnableMFADevice",
  "iam:GetUser",
  "iam:ListMFADevices",
  "iam:ListVirtualMFADevices",
  "iam:ResyncMFADevice",
  "sts:GetSessionToken",
];

/** The actions that each setting denies. A thief with the access keys of a user without a device may do the others. */
const CLOSED: Readonly<Record<SelfServiceDevices, readonly string[]>> = {
  createAndEnable: [],
  enable: ["iam:CreateVirtualMFADevice"],
  none: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"],
};

/** The actions that are allowed without MFA, in the order of the deny policy. */
export function openWithoutMfa(selfServiceDevices: SelfServiceDevices): string[] {
  return SELF_SERVICE_ACTIONS.filter((action) => !CLOSED[selfServiceDevices].includes(action));
}

/**
 * The policy that denies a request without MFA everything but the enrollment calls.
 *
 * `BoolIfExists "false"` matches if the key `aws:MultiFactorAuthPresent` is `false` (a session without MFA) or absent (long-term access
 * keys). `Bool "false"` would not match an absent key.
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
