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

/** The exit code of an audit with an earlier report as its baseline, which is written and read again. */
function ends(before: Report, after: Report): number {
  const baseline = baselineIn(JSON.parse(JSON.stringify(before)), "before.json");
  return exitCodeOf(against(after, baseline), "mandatory");
}

describe("an audit with a baseline", () => {
  test.each([
    ["the same document", [trust(FROM_OFFICE)]],
    [
      "a new first statement that requires MFA",
      [
        trust({ Bool: { "aws:MultiFactorAuthPresent": "true" } }, { AWS: "444455556666" }),
        trust(FROM_OFFICE),
      ],
    ],
    [
      "MFA added to the open statement",
      [trust({ ...FROM_OFFICE, Bool: { "aws:MultiFactorAuthPresent": "true" } })],
    ],
  ])("passes with %s", (_, now) => {
    expect(ends(audited([trust(FROM_OFFICE)]), audited(now))).toBe(0);
  });

  test.each([
    ["an IP address condition removed", [trust(FROM_OFFICE)], [trust({})]],
    ["a user condition removed", [trust(ALICE)], [trust({})]],
    ["another user of the same account", [trust(ALICE)], [trust(BOB)]],
    [
      "a guard that leaves everything open after one that left one call open",
      [guard(["iam:GetUser", "iam:ChangePassword"])],
      [guard(["iam:GetUser"], { Bool: NO_MFA.BoolIfExists })],
    ],
    [
      "a wider IP address range",
      [trust(FROM_OFFICE)],
      [trust({ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } })],
    ],
    ["a Deny removed", [trust({}), { ...trust(BOB), Effect: "Deny" }], [trust({})]],
    [
      "a guard that leaves a different call open",
      [guard(["iam:ChangePassword"])],
      [guard(["iam:CreateUser"])],
    ],
    [
      "a guard that lets in access keys after one that let in only sessions",
      [guard(["iam:GetUser"], { Null: { "aws:MultiFactorAuthPresent": "true" } })],
      [guard(["iam:GetUser"], { Bool: NO_MFA.BoolIfExists })],
    ],
  ])("fails with %s", (_, before, now) => {
    expect(ends(audited(before), audited(before))).toBe(0);
    expect(ends(audited(before), audited(now))).toBe(1);
  });

  test("fails for a finding that the baseline has as exempt if the exemption has expired", () => {
    const until = (expires: string) =>
      settingsFrom(
        { "iam-role-requires-mfa": { exemptions: [{ name: "policy.json", reason: "moving", expires }] } },
        "",
      );
    const before = audited([trust({})], until("2030-12-31"));
    expect(exitCodeOf(before, "mandatory")).toBe(0);
    expect(ends(before, audited([trust({})], until("2030-01-01")))).toBe(1);
  });

  describe("from a version without finding codes", () => {
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

    test("passes if its message contains all arguments of the finding, even if reworded", () => {
      expect(after(["an access key"])).toBe(0);
    });

    test("fails if its message lacks an argument of the finding", () => {
      expect(after(["an access key", "a console password"])).toBe(1);
    });

    test("recognizes a finding with witnesses by its unchanged fingerprint", () => {
      const [finding] = audited([trust({})]).places[0]?.subjects[0]?.findings ?? [];
      expect(finding?.fingerprint).toBe("891effff1dfcf891e15dae152e6b9769");
    });

    test("recognizes one beside a Deny whose principal is a template parameter, too", () => {
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
