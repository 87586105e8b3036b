import { describe, expect, test } from "vitest";
import { against, baselineIn } from "./baseline";
import { evaluateInput } from "./evaluate";
import { exitCodeOf } from "./exit-code";
import type { Finding, Report } from "./report";
import { inputIn } from "./sample/documents";
import { settingsFrom } from "./settings";

const NO_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } };
const FROM_OFFICE = { IpAddress: { "aws:SourceIp": "203.0.113.7/32" } };
const ALICE = { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/alice" } };
const BOB = { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:user/bob" } };

const trust = (condition: object, principal: object | string = { AWS: "111122223333" }) => ({
  Effect: "Allow",
  Principal: principal,
  Action: "sts:AssumeRole",
  Condition: condition,
});
const guard = (except: readonly string[], condition: object = NO_MFA) => ({
  Effect: "Deny",
  NotAction: except,
  Resource: "*",
  Condition: condition,
});

function audited(statements: readonly object[], settings = settingsFrom({}, "")): Report {
  const text = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const place = evaluateInput(inputIn(text, "policy.json"), settings, new Date("2030-01-31"));
  return { version: 1, madeAt: "2030-01-31T00:00:00.000Z", places: [place] };
}

/** How an audit ends after one of before, which was written down and read again. */
function ends(before: Report, after: Report): number {
  const baseline = baselineIn(JSON.parse(JSON.stringify(before)), "before.json");
  return exitCodeOf(against(after, baseline), "mandatory");
}

describe("with a baseline", () => {
  test.each([
    ["the same", [trust(FROM_OFFICE)]],
    [
      "the same after a statement that lets nobody in without MFA",
      [
        trust({ Bool: { "aws:MultiFactorAuthPresent": "true" } }, { AWS: "444455556666" }),
        trust(FROM_OFFICE),
      ],
    ],
    ["what gets in no more", [trust({ ...FROM_OFFICE, Bool: { "aws:MultiFactorAuthPresent": "true" } })]],
  ])("%s passes", (_, now) => {
    expect(ends(audited([trust(FROM_OFFICE)]), audited(now))).toBe(0);
  });

  test.each([
    ["an address that is asked for no more", [trust(FROM_OFFICE)], [trust({})]],
    ["a user that is asked for no more", [trust(ALICE)], [trust({})]],
    ["another user of the same account", [trust(ALICE)], [trust(BOB)]],
    [
      "a guard that leaves all open after one that left a call open",
      [guard(["iam:GetUser", "iam:ChangePassword"])],
      [guard(["iam:GetUser"], { Bool: NO_MFA.BoolIfExists })],
    ],
    [
      "an address range that is wider",
      [trust(FROM_OFFICE)],
      [trust({ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } })],
    ],
    ["a Deny that is gone", [trust({}), { ...trust(BOB), Effect: "Deny" }], [trust({})]],
    ["a guard that leaves open another call", [guard(["iam:ChangePassword"])], [guard(["iam:CreateUser"])]],
    [
      "access keys after sessions alone",
      [guard(["iam:GetUser"], { Null: { "aws:MultiFactorAuthPresent": "true" } })],
      [guard(["iam:GetUser"], { Bool: NO_MFA.BoolIfExists })],
    ],
  ])("%s fails", (_, before, now) => {
    expect(ends(audited(before), audited(before))).toBe(0);
    expect(ends(audited(before), audited(now))).toBe(1);
  });

  test("a finding that was exempt in it fails when its exemption has expired", () => {
    const until = (expires: string) =>
      settingsFrom(
        { "iam-role-requires-mfa": { exemptions: [{ name: "policy.json", reason: "moving", expires }] } },
        "",
      );
    const before = audited([trust({})], until("2030-12-31"));
    expect(exitCodeOf(before, "mandatory")).toBe(0);
    expect(ends(before, audited([trust({})], until("2030-01-01")))).toBe(1);
  });

  describe("from a version whose findings had no code", () => {
    const BOB_ARN = "arn:aws:iam::111122223333:user/bob";
    const withFinding = (finding: Pick<Finding, "message" | "fingerprint"> & Partial<Finding>): Report => ({
      version: 1,
      madeAt: "2030-01-31T00:00:00.000Z",
      places: [
        {
          kind: "account",
          name: "111122223333",
          subjects: [
            {
              kind: "user",
              name: "bob",
              id: BOB_ARN,
              standing: "open",
              reason: "",
              notes: [],
              findings: [
                {
                  policy: "iam-user-requires-mfa",
                  severity: "high",
                  level: "advisory",
                  witnesses: [],
                  state: "new",
                  ...finding,
                },
              ],
            },
          ],
        },
      ],
    });
    const found = (told: readonly string[]) =>
      withFinding({ code: "no-guard", arguments: told, message: "Reworded.", fingerprint: "other" });
    const message = "This user has an access key that works without MFA: the user is in no guarded group.";
    const baseline = baselineIn(withFinding({ message, fingerprint: "0f1e2d3c" }), "old.json");
    const after = (told: readonly string[]) => exitCodeOf(against(found(told), baseline), "advisory");

    test("what its message named is known, whatever the words are now", () => {
      expect(after(["an access key"])).toBe(0);
    });

    test("what its message did not name is new", () => {
      expect(after(["an access key", "a console password"])).toBe(1);
    });

    test("a finding with ways in goes by their fingerprint, which is the same as it was", () => {
      const [finding] = audited([trust({})]).places[0]?.subjects[0]?.findings ?? [];
      expect(finding?.fingerprint).toBe("891effff1dfcf891e15dae152e6b9769");
    });

    test("so does one beside a Deny of a principal that a template's parameter decides", () => {
      const statements = [trust({}), { Effect: "Deny", Principal: { Ref: "Who" }, Action: "sts:TagSession" }];
      const role = { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: statements } };
      const template = {
        Parameters: { Who: { Type: "String" } },
        Resources: { Role: { Type: "AWS::IAM::Role", Properties: role } },
      };
      const input = inputIn(JSON.stringify(template), "template.json");
      const place = evaluateInput(input, settingsFrom({}, ""), new Date("2030-01-31"));
      const [finding] = place.subjects[0]?.findings ?? [];
      expect(finding?.fingerprint).toBe("1363806385fb18b9e2a7d144ef051b5d");
    });
  });
});
