import fc from "fast-check";
import type { TrustRules } from "../../../policy-pack/iam";
import { ALICE, BUILD, BUILD_SESSION, HOME } from "./principal";

const setting = fc.constantFrom("enforce", "enforce", "exempt");

/** Configurations: who must prove MFA, who is trusted, and how old an MFA may be. */
export const rulesOf: fc.Arbitrary<TrustRules> = fc
  .record({
    principals: fc.record({
      service: setting,
      federated: setting,
      role: setting,
      user: setting,
      account: setting,
    }),
    trustedPrincipalArns: fc.uniqueArray(
      fc.constantFrom(
        ALICE,
        BUILD,
        BUILD_SESSION,
        `arn:aws:iam::${HOME}:user/*`,
        `arn:aws:iam::${HOME}:role/*`,
        "arn:aws:iam::*:role/team/*",
        "arn:aws:sts::*:assumed-role/*/x",
        "arn:aws:iam::*:user/team/?ob",
        "*:user/*",
      ),
      { maxLength: 2 },
    ),
    age: fc.constantFrom(undefined, undefined, 0, 299, 300, 3600),
  })
  .map(({ age, ...rules }) => (age === undefined ? rules : { ...rules, maxMfaAgeSeconds: age }));
