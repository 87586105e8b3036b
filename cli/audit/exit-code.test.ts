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
  ["nothing was found", report([]), "mandatory", 0],
  ["a mandatory policy found something", report([{}]), "mandatory", 1],
  ["only an advisory policy did", report([{ level: "advisory" }]), "mandatory", 0],
  ["an advisory policy did, and that is to fail", report([{ level: "advisory" }]), "advisory", 1],
  ["it is as severe as what fails", report([{ severity: "high" }]), "high", 1],
  ["it is more severe", report([{ severity: "critical" }]), "low", 1],
  ["it is less severe", report([{ severity: "medium" }]), "high", 0],
  ["it was there before", report([{ state: "known" }]), "mandatory", 0],
  ["it is exempt", report([{ state: "exempt" }]), "low", 0],
  ["something could not be read", report([], TROUBLE), "mandatory", 2],
  ["a role of an account is unknown", account("role"), "mandatory", 2],
  ["a policy of an account is no guard by itself", account("policy"), "mandatory", 0],
  ["something could not be read and something was found", report([{}], TROUBLE), "mandatory", 1],
] as const)("where %s", (_, given, failOn, code) => {
  expect(exitCodeOf(given, failOn)).toBe(code);
});

test("what fails is the same, whatever the danger", () => {
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
