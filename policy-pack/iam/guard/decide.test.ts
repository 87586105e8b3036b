import { describe, expect, test } from "vitest";
import type { Policy } from "../document/model";
import { parsePolicy } from "../document/parse";
import { Opaque } from "../opaque";
import { decideGuard } from "./decide";
import { SELF_SERVICE_ACTIONS } from "./verdict";

const NO_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } };

function policy(...statements: readonly unknown[]): Policy {
  return policyOf("2012-10-17", statements);
}

function policyOf(Version: string, statements: readonly unknown[]): Policy {
  const parsed = parsePolicy({ Version, Statement: statements }, "identity");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.policy;
}

const guard = (more: object = {}) => ({
  Effect: "Deny",
  NotAction: SELF_SERVICE_ACTIONS,
  Resource: "*",
  Condition: NO_MFA,
  ...more,
});
const deny = (actions: unknown, Condition: object = NO_MFA) => ({
  Effect: "Deny",
  Action: actions,
  Resource: "*",
  Condition,
});

describe("a guard denies everything but a short list, in both worlds, on every resource", () => {
  test.each<[string, unknown[], string]>([
    ["the deny policy of the stack", [guard()], "guarded"],
    ["a shorter list", [guard({ NotAction: "iam:EnableMFADevice" })], "guarded"],
    ["nothing at all without MFA", [deny("*")], "guarded"],
    ["a longer list", [guard({ NotAction: [...SELF_SERVICE_ACTIONS, "iam:ChangePassword"] })], "open"],
    [
      "a pattern that reaches farther",
      [guard({ NotAction: [...SELF_SERVICE_ACTIONS, "iam:List*"] })],
      "open",
    ],
    [
      "a pattern that holds more names than one of the list",
      [guard({ NotAction: [...SELF_SERVICE_ACTIONS, "IAM:listvirtualMFA*s"] })],
      "open",
    ],
    ["Bool, which lets access keys through", [guard({ Condition: { Bool: NO_MFA.BoolIfExists } })], "open"],
    [
      "by the age that is not there",
      [guard({ Condition: { Null: { "aws:MultiFactorAuthAge": "true" } } })],
      "guarded",
    ],
    ["one resource only", [guard({ Resource: "arn:aws:s3:::*" })], "open"],
    [
      "some resources, and the rest",
      [guard({ Resource: "arn:aws:s3:::*" }), guard({ Resource: undefined, NotResource: "arn:aws:s3:::*" })],
      "guarded",
    ],
    [
      "a further condition",
      [guard({ Condition: { ...NO_MFA, IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } })],
      "open",
    ],
    [
      "a resource that depends on the user",
      [guard({ Resource: `arn:aws:iam::*:user/\${aws:username}` })],
      "open",
    ],
    [
      "one service in one statement, the rest in another",
      [deny("s3:*"), guard({ NotAction: [...SELF_SERVICE_ACTIONS, "s3:*"] })],
      "guarded",
    ],
    [
      "a part of a service, and not the rest",
      [deny("s3:Get*"), guard({ NotAction: [...SELF_SERVICE_ACTIONS, "s3:*"] })],
      "open",
    ],
    [
      "a service in patterns that meet",
      [deny(["s3:*a*", "s3:*e*"]), deny("s3:*"), guard({ NotAction: [...SELF_SERVICE_ACTIONS, "s3:*"] })],
      "guarded",
    ],
    ["every ARN, but no call on nothing in particular", [guard({ Resource: "arn:*:*:*:*:*" })], "open"],
    ["every ARN and the rest", [guard({ Resource: ["arn:*:*:*:*:*", "*"] })], "guarded"],
    ["every action that has a name", [deny("*:?*")], "guarded"],
    ["an Allow, which guards nothing", [{ ...guard(), Effect: "Allow" }], "open"],
    [
      "one Deny for each world",
      [
        guard({ Condition: { Bool: NO_MFA.BoolIfExists } }),
        guard({ Condition: { Null: { "aws:MultiFactorAuthPresent": "true" } } }),
      ],
      "guarded",
    ],
  ])("%s", (_, statements, verdict) => {
    expect(decideGuard([policy(...statements)]).kind).toBe(verdict);
  });

  test("several policies guard together", () => {
    const parts = [policy(deny("s3:*")), policy(guard({ NotAction: [...SELF_SERVICE_ACTIONS, "s3:*"] }))];
    expect(decideGuard(parts).kind).toBe("guarded");
    expect(decideGuard(parts.slice(0, 1)).kind).toBe("open");
  });

  test("the same text is another condition in a policy of another version, where it holds a variable", () => {
    const is = deny("*", { StringEquals: { "aws:username": `\${aws:userid}` } });
    const isNot = deny("*", { StringNotEquals: { "aws:username": `\${aws:userid}` } });
    expect(decideGuard([policyOf("2012-10-17", [is]), policyOf("2012-10-17", [isNot])]).kind).toBe("guarded");
    expect(decideGuard([policyOf("2012-10-17", [is]), policyOf("2008-10-17", [isNot])]).kind).toBe("open");
  });

  test("the list is configurable", () => {
    const wider = policy(guard({ NotAction: [...SELF_SERVICE_ACTIONS, "iam:ChangePassword"] }));
    expect(decideGuard([wider], { allowedWithoutMfa: [...SELF_SERVICE_ACTIONS, "iam:Change*"] }).kind).toBe(
      "guarded",
    );
    expect(decideGuard([policy(guard())], { allowedWithoutMfa: [] }).kind).toBe("open");
  });

  test("no policy is no guard, and the witness is a call", () => {
    expect(decideGuard([])).toMatchObject({
      kind: "open",
      witness: { action: "s3:ListAllMyBuckets", resource: "*", world: { kind: "absent" } },
    });
  });
});

describe("what is not known yet", () => {
  const later = new Opaque("later");

  test.each<[string, (Policy | Opaque)[], string]>([
    ["a proven guard stays one beside an unknown policy", [policy(guard()), later], "guarded"],
    ["an unknown policy may be the guard", [policy(deny("s3:*")), later], "unknown"],
    ["an unknown statement may be the guard", [policy(later)], "unknown"],
    ["an unknown exception may be any action", [policy(guard({ NotAction: [later] }))], "unknown"],
    ["an unknown action of a Deny may be all", [policy(deny([later]))], "unknown"],
    ["an unknown resource of a Deny may be one", [policy(guard({ Resource: later }))], "unknown"],
    [
      "an unknown value of the MFA condition",
      [policy(guard({ Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": later } } }))],
      "unknown",
    ],
    [
      "an unknown Allow changes nothing",
      [policy({ Effect: "Allow", Action: later, Resource: later })],
      "open",
    ],
  ])("%s", (_, policies, verdict) => {
    expect(decideGuard(policies).kind).toBe(verdict);
  });
});
