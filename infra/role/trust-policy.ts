import { policyDocument } from "../policy-document";

/** Who may assume a role, and how fresh their MFA must be. */
export interface Trust {
  /** ARNs of users and of account roots. */
  readonly principals: readonly string[];
  /** Seconds since the code was given, at most. Absent: any age that AWS lets a session have. */
  readonly maxMfaAgeSeconds?: number | undefined;
}

/**
 * The trust policy that lets the principals in with MFA only.
 *
 * Under Allow the condition is `Bool "true"`: it holds neither where the key is absent (access keys)
 * nor where it is `false`. `BoolIfExists` would let access keys in.
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
