import { SELF_SERVICE_ACTIONS } from "../../policy-pack/iam/guard/verdict";
import { policyDocument } from "../policy-document";

/**
 * The actions that stay open without MFA, in the order of the deny policy.
 *
 * @param selfServiceDevices whether a user may make a device of their own. Whoever steals the keys of
 *   a user without an enabled device could make one too, so it can be closed.
 */
export function openWithoutMfa(selfServiceDevices: boolean): string[] {
  return SELF_SERVICE_ACTIONS.filter(
    (action) => selfServiceDevices || action !== "iam:CreateVirtualMFADevice",
  );
}

/**
 * The policy that denies everything but the enrolment calls to a request without MFA.
 *
 * `BoolIfExists "false"` holds both where the key `aws:MultiFactorAuthPresent` is `false` (a session
 * without MFA) and where it is absent (long-term access keys). `Bool "false"` would miss the latter.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
 */
export function denyPolicy(selfServiceDevices: boolean): string {
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
