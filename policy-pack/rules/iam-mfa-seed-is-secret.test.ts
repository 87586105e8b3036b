import { expect, test } from "vitest";
import { iam } from "./example";
import { iamMfaSeedIsSecret } from "./iam-mfa-seed-is-secret";
import { assessed } from "./testing";

const device = (...secretOutputs: string[]) => ({ ...iam("VirtualMfaDevice", "alice", {}), secretOutputs });

test.each([
  [["base32StringSeed", "qrCodePng"], []],
  [["base32StringSeed"], ["alice: open seed-in-clear-text, violation"]],
  [["qrCodePng"], ["alice: open seed-in-clear-text, violation"]],
  [[], ["alice: open seed-in-clear-text, violation"]],
])("a virtual MFA device with the secret outputs %j has the findings %j", (secretOutputs, expected) => {
  expect(assessed(iamMfaSeedIsSecret, [device(...secretOutputs)])).toEqual(expected);
});
