import { policyDocument } from "../policy-document";

/** Who may assume a role, and how recent their MFA must be. */
export interface Trust {
  /** ARNs of users and of account roots. */
  readonly principals: readonly string[];
  /** The maximum number of seconds since the MFA code was entered. Default: any age. */
  readonly maxMfaAgeSeconds?: number | undefined;
}

/**
 * The trust policy that lets the principals assume the role with MFA only.
 *
 * In an Allow, `Bool "true"` does not match if the key is absent (access keys) or `false`. `BoolIfExists` would match an absent key.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
 */
export function trustPolicy({ principals, maxMfaAgeSeconds }: Trust): string {
  return policyDocument([
    {
      Sid: "AssumeWithMFA",
      Effect: "Allow",
      Principal: { AWS: [...principals] },
      Action: "sts:AssumeRole",
      Condition: {
        Bool: { "aws:MultiFactorAuthPresent": "true" },
        ...(maxMfaAgeSeconds !== undefined && {
          NumericLessThan: { "aws:MultiFactorAuthAge": String(maxMfaAgeSeconds) },
        }),
      },
    },
  ]);
}
