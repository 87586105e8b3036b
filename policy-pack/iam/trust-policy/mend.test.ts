import { describe, expect, test } from "vitest";
import { mendTrust } from "./mend";
import { DEFAULT_TRUST_RULES } from "./verdict";

const MFA = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
const BOB = "arn:aws:iam::111122223333:user/bob";
const BUILD = "arn:aws:iam::111122223333:role/build";
const ALLOW = { Effect: "Allow", Principal: { AWS: BOB }, Action: "sts:AssumeRole" };

function document(...statements: readonly object[]) {
  return { Version: "2012-10-17", Statement: statements };
}

describe("mending a trust policy", () => {
  test.each<[string, object, object]>([
    ["adds the condition where there is none", ALLOW, { ...ALLOW, Condition: MFA }],
    [
      "adds it beside another condition",
      { ...ALLOW, Condition: { StringEquals: { "sts:ExternalId": "x" } } },
      { ...ALLOW, Condition: { StringEquals: { "sts:ExternalId": "x" }, ...MFA } },
    ],
    [
      "puts the right value in place of a wrong one, in the spelling that stands there",
      { ...ALLOW, condition: { bool: { "AWS:multifactorauthpresent": ["true", "false"] } } },
      { ...ALLOW, condition: { bool: { "AWS:multifactorauthpresent": "true" } } },
    ],
    [
      "keeps a condition that does not help, and adds the one that does",
      { ...ALLOW, Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } } },
      { ...ALLOW, Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" }, ...MFA } },
    ],
    [
      "holds anyone to MFA",
      { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" },
      { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole", Condition: MFA },
    ],
  ])("%s", (_, before, after) => {
    expect(mendTrust(document(before))).toEqual({ kind: "mended", document: document(after) });
    expect(mendTrust(document(after))).toEqual({ kind: "sound" });
  });

  test("a Statement that is one object stays one", () => {
    expect(mendTrust({ Version: "2012-10-17", Statement: ALLOW })).toEqual({
      kind: "mended",
      document: { Version: "2012-10-17", Statement: { ...ALLOW, Condition: MFA } },
    });
  });

  test("text stays text", () => {
    const mended = mendTrust(JSON.stringify(document(ALLOW)));
    expect(mended).toEqual({
      kind: "mended",
      document: JSON.stringify(document({ ...ALLOW, Condition: MFA })),
    });
  });

  test("a statement with exempt principals is split, and the Sid stays with the part that was not changed", () => {
    const mixed = { Sid: "Both", ...ALLOW, Principal: { AWS: [BOB, BUILD], Service: "ec2.amazonaws.com" } };
    const rules = { ...DEFAULT_TRUST_RULES, trustedPrincipalArns: [BUILD] };
    expect(mendTrust(document(mixed), rules)).toEqual({
      kind: "mended",
      document: document(
        { ...mixed, Principal: { AWS: [BUILD], Service: "ec2.amazonaws.com" } },
        { ...ALLOW, Principal: { AWS: [BOB] }, Condition: MFA },
      ),
    });
  });

  test("with a maximum age, the condition asks for that too", () => {
    const mended = mendTrust(document(ALLOW), { ...DEFAULT_TRUST_RULES, maxMfaAgeSeconds: 900 });
    const condition = { ...MFA, NumericLessThanEquals: { "aws:MultiFactorAuthAge": "900" } };
    expect(mended).toEqual({ kind: "mended", document: document({ ...ALLOW, Condition: condition }) });
  });

  test.each<[string, unknown, string]>([
    ["a role principal", document({ ...ALLOW, Principal: { AWS: BUILD } }), "cannot prove MFA"],
    ["a document that AWS refuses", document({ ...ALLOW, Effect: "allow" }), "not a valid trust policy"],
    ["text that is no JSON", "{", "not a valid trust policy"],
  ])("leaves %s alone and says why", (_, given, reason) => {
    const mended = mendTrust(given);
    expect(mended.kind).toBe("unmendable");
    expect(mended.kind === "unmendable" && mended.reason).toContain(reason);
  });

  test("the document that was given is never changed in place", () => {
    const given = document(ALLOW);
    const before = structuredClone(given);
    mendTrust(given);
    expect(given).toEqual(before);
  });
});
