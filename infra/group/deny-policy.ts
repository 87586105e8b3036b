import { SELF_SERVICE_ACTIONS } from "../../policy-pack/iam/guard/verdict";
import { policyDocument } from "../policy-document";

/**
 * What a user without a device may do by themselves: make and enable one, enable the one that was made for them, or neither.
 * Whoever steals the access keys of such a user may do the same.
 */
export type SelfServiceDevices = true | "enable" | false;

const CLOSED = {
  true: [],
  enable: ["iam:CreateVirtualMFADevice"],
  false: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"],
};

/** The actions that stay open without MFA, in the order of the deny policy. */
export function openWithoutMfa(selfServiceDevices: SelfServiceDevices): string[] {
  const closed: readonly string[] = CLOSED[`${selfServiceDevices}`];
  return SELF_SERVICE_ACTIONS.filter((action) => !closed.includes(action));
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
