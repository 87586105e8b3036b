import { describe, expect, test } from "vitest";
import { largeReport } from "../sample/large-report";
import { sampleReport } from "../sample/report";
import { entriesOf } from "./entry";
import { draw, wayOf } from "./map";

const drawing = draw(entriesOf(sampleReport), 25);

/** The connections of a role, as `principal: way`. */
function into(name: string): string[] {
  const role = drawing.targets.findIndex(({ subject }) => subject.name === name);
  return drawing.connections
    .filter((each) => each.target === role)
    .map(({ principal, way }) => `${drawing.principals[principal]?.principal}: ${way}`)
    .sort();
}

describe("the map", () => {
  test("shows who can assume a role with MFA, and who without", () => {
    expect(into("Billing")).toEqual([
      "arn:aws:iam::111122223333:root: mfa",
      "arn:aws:iam::111122223333:user/alice: mfa",
      "arn:aws:iam::111122223333:user/carol: open",
    ]);
  });

  test("has the most dangerous roles and the widest principals first", () => {
    expect(drawing.targets.slice(0, 3).map(({ subject }) => subject.name)).toEqual([
      "Release",
      "BackupOperator",
      "refunds",
    ]);
    expect(drawing.principals[0]?.principal).toBe("*");
    expect(drawing.omitted).toEqual({ principals: 0, targets: 0, connections: 0 });
  });

  test("merges both names of a principal into one connection, open if either needs no MFA", () => {
    const principal = "arn:aws:iam::111122223333:root";
    const [open] = entriesOf(sampleReport);
    if (open === undefined) throw new Error("The sample has no subject.");
    const assumableBy = [
      { principal, class: "account", mfa: "required" },
      { principal: "111122223333", class: "account", mfa: "not required" },
    ] as const;
    const { connections } = draw([{ ...open, subject: { ...open.subject, assumableBy } }], 25);
    expect(connections).toEqual([{ principal: 0, target: 0, way: "open" }]);
  });

  test("shows a service as open only if a finding names it as a way in", () => {
    const caller = { principal: "lambda.amazonaws.com", class: "service", mfa: "not required" } as const;
    const [{ subject }] = entriesOf(sampleReport) as [ReturnType<typeof entriesOf>[number]];
    expect(wayOf({ ...subject, standing: "open" }, caller)).toBe("exempt");
    const findings = subject.findings.map((finding) => ({
      ...finding,
      witnesses: finding.witnesses.map((witness) => ({ ...witness, principal: caller.principal })),
    }));
    expect(wayOf({ ...subject, standing: "open", findings }, caller)).toBe("open");
  });

  test("shows open users by their credentials", () => {
    expect(into("bob")).toEqual(["Access keys: open"]);
    expect(into("erin")).toEqual(["Passwords: open"]);
    expect(drawing.targets.map(({ subject }) => subject.name)).not.toContain("carol");
  });

  test("shows the password of a user with a device as with MFA, and the access key as open", () => {
    const setup = {
      mfaDevice: true,
      password: { lastUsed: null },
      accessKeys: [{ active: true, createdAt: null, lastUsed: null }],
      guardedBy: [],
    };
    const [bob] = entriesOf(sampleReport).filter(({ subject }) => subject.name === "bob");
    if (bob === undefined) throw new Error("The sample has no bob.");
    const { connections, principals } = draw([{ ...bob, subject: { ...bob.subject, setup } }], 25);
    expect(connections.map(({ principal, way }) => [principals[principal]?.principal, way])).toEqual([
      ["Access keys", "open"],
      ["Passwords", "mfa"],
    ]);
  });

  test("draws no more than the given number, open ones first, and counts the rest", () => {
    const { targets, principals, connections, omitted } = draw(entriesOf(largeReport(500, 0, 500)), 40);
    expect(targets).toHaveLength(40);
    expect(principals).toHaveLength(40);
    expect(new Set(targets.map(({ subject }) => subject.standing))).toEqual(new Set(["open"]));
    expect(omitted.targets).toBe(460);
    expect(connections.length + omitted.connections).toBe(80);
  });
});
