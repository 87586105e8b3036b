import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { baselineIn } from "../baseline";
import { inJson } from "../render/not-looked-at";
import { anyReport } from "../sample/any-report";
import { sampleReport } from "../sample/report";
import { EVERYTHING, entriesOf, passing } from "./entry";
import { csvOf, jsonOf } from "./export";

const open = passing(entriesOf(sampleReport), { ...EVERYTHING, standings: new Set(["open"]) });

/** As UTF-8 encodes it: unpaired surrogates are replaced. */
const wellFormed = (text: string) => Buffer.from(text).toString();

describe("the export as CSV", () => {
  test("has a row for each subject that is shown, with its danger and its fixes", () => {
    const rows: Record<string, string>[] = parse(csvOf(open), { columns: true });
    expect(rows.map(({ name }) => name)).toEqual(open.map(({ subject }) => subject.name));
    expect(rows[0]).toEqual({
      MFA: "bypassable",
      danger: "escalation",
      kind: "role",
      name: "Release",
      place: "account 111122223333 (example-production)",
      id: "arn:aws:iam::111122223333:role/Release",
      why: "Can be assumed without MFA.",
      severity: "critical",
      policies: "iam-role-requires-mfa\niam-mfa-condition-is-effective",
      fix: [
        'Fix: in Statement[0] set "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}} ("Bool", not "BoolIfExists").',
        'Fix: use "Bool".',
      ].join("\n"),
      new: "yes",
      "last used": "2026-02-27",
    });
  });

  test("keeps every name, and has no value that a spreadsheet would run as a formula", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const entries = entriesOf(report);
        const [, ...rows]: string[][] = parse(csvOf(entries), { relax_column_count: false });
        expect(rows.map(([, , , name = ""]) => name.replace(/^'(?=[=+\-@＝＋－＠\t\r\n])/, ""))).toEqual(
          entries.map(({ subject }) => wellFormed(subject.name)),
        );
        for (const value of rows.flat()) expect(value).not.toMatch(/^[=+\-@＝＋－＠\t\r\n]/);
      }),
      { numRuns: 100 },
    );
  });

  test.each(["=1+1", "＝1+1", "\n=1+1"])("marks the name %j as text", (name) => {
    const [entry] = open;
    if (entry === undefined) throw new Error("The sample has nothing open.");
    const csv = csvOf([{ ...entry, subject: { ...entry.subject, name } }]);
    expect(parse(csv, { columns: true })).toEqual([expect.objectContaining({ name: `'${name}` })]);
  });
});

describe("the export as JSON", () => {
  test("of everything equals the output of --format json", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        expect(JSON.parse(jsonOf(report, entriesOf(report)))).toEqual(
          JSON.parse(JSON.stringify(inJson(report))),
        );
      }),
      { numRuns: 50 },
    );
  });

  test("of the subjects that are shown is a valid --baseline", () => {
    const report: unknown = JSON.parse(jsonOf(sampleReport, open));
    const findings = open.flatMap(({ subject }) => subject.findings);
    expect(baselineIn(report, "shown.json").fingerprints).toEqual(
      new Set(findings.map(({ fingerprint }) => fingerprint)),
    );
  });
});
