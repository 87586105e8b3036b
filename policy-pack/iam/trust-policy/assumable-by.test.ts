import { describe, expect, test } from "vitest";
import { parsePolicy } from "../policy/parse";
import { assumableBy } from "./assumable-by";

const MFA = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
const ALICE = "arn:aws:iam::111122223333:user/alice";
const BOB = "arn:aws:iam::111122223333:user/bob";

function reached(...statements: readonly object[]) {
  const parsed = parsePolicy({ Version: "2012-10-17", Statement: statements }, "trust");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return assumableBy(parsed.policy).map(
    ({ principal, class: judged, mfa }) => `${principal} ${judged} ${mfa}`,
  );
}

const allow = (principal: object | string, condition?: object, action = "sts:AssumeRole") => ({
  Effect: "Allow",
  Principal: principal,
  Action: action,
  ...(condition && { Condition: condition }),
});

describe("a principal that can assume a role", () => {
  test("requires MFA exactly if its statement has an MFA condition", () => {
    expect(reached(allow({ AWS: ALICE }, MFA), allow({ AWS: BOB }))).toEqual([
      `${BOB} user not required`,
      `${ALICE} user required`,
    ]);
  });

  test("does not require MFA if one of its two statements does not", () => {
    const ways = [allow({ AWS: ALICE }, MFA), allow({ AWS: ALICE })];
    expect(reached(...ways)).toEqual([`${ALICE} user not required`]);
    expect(reached(...ways.reverse())).toEqual([`${ALICE} user not required`]);
  });

  test("requires MFA under a maximum MFA age", () => {
    expect(reached(allow({ AWS: ALICE }, { NumericLessThan: { "aws:MultiFactorAuthAge": "3600" } }))).toEqual(
      [`${ALICE} user required`],
    );
  });

  test("is not listed if a Deny stops it", () => {
    const deny = { Effect: "Deny", Principal: { AWS: BOB }, Action: "sts:AssumeRole" };
    expect(reached(allow({ AWS: [ALICE, BOB] }), deny)).toEqual([`${ALICE} user not required`]);
  });

  test("may be a service without MFA, but not under an MFA condition", () => {
    expect(reached(allow({ Service: "ec2.amazonaws.com" }))).toEqual([
      "ec2.amazonaws.com service not required",
    ]);
    expect(reached(allow({ Service: "ec2.amazonaws.com" }, MFA))).toEqual([]);
  });

  test("is not listed for an action that assumes no role", () => {
    expect(reached(allow({ AWS: ALICE }, undefined, "sts:TagSession"))).toEqual([]);
  });

  test("is * for anyone, as in the document", () => {
    expect(reached(allow("*", MFA))).toEqual(["* anyone required"]);
    expect(reached(allow("*"))).toEqual(["* anyone not required"]);
  });

  test("is listed once for an account that a condition narrows", () => {
    const narrowed = { StringLike: { "aws:PrincipalArn": "arn:*" } };
    expect(reached(allow({ AWS: "111122223333" }, { ...MFA, ...narrowed }))).toEqual([
      "111122223333 user required",
    ]);
  });
});
