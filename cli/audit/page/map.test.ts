import { describe, expect, test } from "vitest";
import { largeReport } from "../sample/large-report";
import { sampleReport } from "../sample/report";
import { entriesOf } from "./entry";
import { draw, wayOf } from "./map";

const drawing = draw(entriesOf(sampleReport), 25);

/** The lines into a role, as `principal: way`. */
function into(name: string): string[] {
  const role = drawing.roles.findIndex(({ subject }) => subject.name === name);
  return drawing.lines
    .filter((line) => line.role === role)
    .map(({ principal, way }) => `${drawing.principals[principal]?.principal}: ${way}`)
    .sort();
}

describe("the map", () => {
  test("shows with and without MFA who reaches a role", () => {
    expect(into("Billing")).toEqual([
      "arn:aws:iam::111122223333:root: mfa",
      "arn:aws:iam::111122223333:user/alice: mfa",
      "arn:aws:iam::111122223333:user/carol: open",
    ]);
  });

  test("has the most dangerous roles first, and puts the widest principals at the top", () => {
    expect(drawing.roles.slice(0, 3).map(({ subject }) => subject.name)).toEqual([
      "Billing",
      "OrganizationAudit",
      "Release",
    ]);
    expect(drawing.principals[0]?.principal).toBe("*");
    expect(drawing.left).toEqual({ principals: 0, roles: 0, lines: 0 });
  });

  test("a principal that may come with and without MFA comes without, by whichever name", () => {
    const principal = "arn:aws:iam::111122223333:root";
    const [open] = entriesOf(sampleReport);
    if (open === undefined) throw new Error("The sample has no subject.");
    const assumableBy = [
      { principal, class: "account", mfa: "required" },
      { principal: "111122223333", class: "account", mfa: "not required" },
    ] as const;
    const { lines } = draw([{ ...open, subject: { ...open.subject, assumableBy } }], 25);
    expect(lines).toEqual([{ principal: 0, role: 0, way: "open" }]);
  });

  test("a service is a way in only where a finding says so", () => {
    const caller = { principal: "lambda.amazonaws.com", class: "service", mfa: "not required" } as const;
    const [{ subject }] = entriesOf(sampleReport) as [ReturnType<typeof entriesOf>[number]];
    expect(wayOf({ ...subject, standing: "open" }, caller)).toBe("exempt");
    const findings = subject.findings.map((finding) => ({
      ...finding,
      witnesses: finding.witnesses.map((witness) => ({ ...witness, principal: caller.principal })),
    }));
    expect(wayOf({ ...subject, standing: "open", findings }, caller)).toBe("open");
  });

  test("of many it draws as many as there is room for, the open ones first, and counts the rest", () => {
    const { roles, principals, lines, left } = draw(entriesOf(largeReport(500, 0, 500)), 40);
    expect(roles).toHaveLength(40);
    expect(principals).toHaveLength(40);
    expect(new Set(roles.map(({ subject }) => subject.standing))).toEqual(new Set(["open"]));
    expect(left.roles).toBe(460);
    expect(lines.length + left.lines).toBe(80);
  });
});
