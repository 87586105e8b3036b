import * as fc from "fast-check";
import { expect, test } from "vitest";
import { exitCodeOf, FAIL_ON } from "./exit-code";
import type { Finding, Place, Report, Subject } from "./report";
import { anyReport } from "./sample/any-report";

function report(findings: readonly Partial<Finding>[], trouble?: Place["trouble"]): Report {
  const finding: Finding = {
    policy: "iam-role-requires-mfa",
    severity: "critical",
    level: "mandatory",
    message: "",
    witnesses: [],
    fingerprint: "",
    state: "new",
  };
  const subject = {
    kind: "role",
    name: "deploy",
    id: "deploy",
    standing: "open",
    reason: "",
    notes: [],
  } as const;
  const subjects = [{ ...subject, findings: findings.map((each) => ({ ...finding, ...each })) }];
  const place: Place = { kind: "state", name: "app/prod", subjects, ...(trouble && { trouble }) };
  return { version: 1, madeAt: "2030-01-31T12:00:00.000Z", places: [place] };
}

function account(kind: Subject["kind"]): Report {
  const unknown = {
    kind,
    name: "x",
    id: "x",
    standing: "unknown",
    reason: "",
    findings: [],
    notes: [],
  } as const;
  const place = { kind: "account", name: "111122223333", subjects: [unknown] } as const;
  return { ...report([]), places: [place] };
}

const TROUBLE = { problem: "AWS refused.", remedy: "Ask for the right." };

test.each([
  ["0 if nothing was found", report([]), "mandatory", 0],
  ["1 for a mandatory finding", report([{}]), "mandatory", 1],
  ["0 for an advisory finding", report([{ level: "advisory" }]), "mandatory", 0],
  ["1 for an advisory finding with --fail-on advisory", report([{ level: "advisory" }]), "advisory", 1],
  ["1 for a finding as severe as --fail-on", report([{ severity: "high" }]), "high", 1],
  ["1 for a finding more severe than --fail-on", report([{ severity: "critical" }]), "low", 1],
  ["0 for a finding less severe than --fail-on", report([{ severity: "medium" }]), "high", 0],
  ["0 for a finding in the baseline", report([{ state: "known" }]), "mandatory", 0],
  ["0 for an exempt finding", report([{ state: "exempt" }]), "low", 0],
  ["2 if something could not be read", report([], TROUBLE), "mandatory", 2],
  ["2 if a role of an account is unknown", account("role"), "mandatory", 2],
  ["0 if a policy of an account is unknown", account("policy"), "mandatory", 0],
  ["1 if something was found and something else could not be read", report([{}], TROUBLE), "mandatory", 1],
] as const)("the exit code is %s", (_, given, failOn, code) => {
  expect(exitCodeOf(given, failOn)).toBe(code);
});

test("the exit code does not depend on the danger", () => {
  fc.assert(
    fc.property(anyReport, fc.constantFrom(...FAIL_ON), (given, failOn) => {
      const places = given.places.map((place) => ({
        ...place,
        subjects: place.subjects.map(({ danger: _, ...subject }) => subject),
      }));
      expect(exitCodeOf({ ...given, places }, failOn)).toBe(exitCodeOf(given, failOn));
    }),
  );
});
