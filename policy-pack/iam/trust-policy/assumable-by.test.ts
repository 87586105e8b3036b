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

describe("who reaches a role", () => {
  test("a condition makes MFA required, and none does not", () => {
    expect(reached(allow({ AWS: ALICE }, MFA), allow({ AWS: BOB }))).toEqual([
      `${BOB} user not required`,
      `${ALICE} user required`,
    ]);
  });

  test("who has two ways in needs no MFA if one of them asks for none", () => {
    const ways = [allow({ AWS: ALICE }, MFA), allow({ AWS: ALICE })];
    expect(reached(...ways)).toEqual([`${ALICE} user not required`]);
    expect(reached(...ways.reverse())).toEqual([`${ALICE} user not required`]);
  });

  test("a maximum age asks for MFA too", () => {
    expect(reached(allow({ AWS: ALICE }, { NumericLessThan: { "aws:MultiFactorAuthAge": "3600" } }))).toEqual(
      [`${ALICE} user required`],
    );
  });

  test("whom a Deny stops does not get in", () => {
    const deny = { Effect: "Deny", Principal: { AWS: BOB }, Action: "sts:AssumeRole" };
    expect(reached(allow({ AWS: [ALICE, BOB] }), deny)).toEqual([`${ALICE} user not required`]);
  });

  test("a service gets in without MFA, and behind an MFA condition not at all", () => {
    expect(reached(allow({ Service: "ec2.amazonaws.com" }))).toEqual([
      "ec2.amazonaws.com service not required",
    ]);
    expect(reached(allow({ Service: "ec2.amazonaws.com" }, MFA))).toEqual([]);
  });

  test("nobody gets in where no action opens a session", () => {
    expect(reached(allow({ AWS: ALICE }, undefined, "sts:TagSession"))).toEqual([]);
  });

  test("anyone is named as the document names them", () => {
    expect(reached(allow("*", MFA))).toEqual(["* anyone required"]);
    expect(reached(allow("*"))).toEqual(["* anyone not required"]);
  });

  test("an account that a condition narrows is named once", () => {
    const narrowed = { StringLike: { "aws:PrincipalArn": "arn:*" } };
    expect(reached(allow({ AWS: "111122223333" }, { ...MFA, ...narrowed }))).toEqual([
      "111122223333 user required",
    ]);
  });
});
