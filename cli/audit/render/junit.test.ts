import * as fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import type { Report } from "../report";
import { anyReport } from "../sample/any-report";
import { sampleReport } from "../sample/report";
import { junit } from "./junit";

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Parses XML; a document that is not well-formed fails the test. */
function read(xml: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const path = [root];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element: Element = { name, attributes, children: [], text: "" };
    path.at(-1)?.children.push(element);
    path.push(element);
  });
  parser.on("text", (text) => {
    const inner = path.at(-1);
    if (inner !== undefined) inner.text += text;
  });
  parser.on("closetag", () => path.pop());
  parser.write(xml).close();
  const [suites] = root.children;
  if (suites === undefined) throw new Error("The document has no element.");
  return suites;
}

const casesIn = (suite: Element) => suite.children.filter(({ name }) => name === "testcase");
const casesOf = (report: Report) => read(junit(report, "audit")).children.flatMap(casesIn);

function caseOf(name: string): Element {
  const found = casesOf(sampleReport).find(({ attributes }) => attributes.name?.startsWith(`${name} (`));
  if (found === undefined) throw new Error(`There is no case for ${name}.`);
  return found;
}

/** As XML can represent it: a character that it cannot represent is replaced. */
const legal = (text: string) =>
  text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/\r\n?/g, "\n");

describe("the JUnit output", () => {
  test("is named after the command that made it", () => {
    expect(read(junit(sampleReport, "audit")).attributes.name).toBe("aws-mfa audit");
    expect(read(junit(sampleReport, "findings")).attributes.name).toBe("aws-mfa findings");
  });

  test("is well-formed for any report, with a suite per place, a case per subject and all findings", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const suites = read(junit(report, "audit")).children;
        expect(suites.map((suite) => casesIn(suite).length)).toEqual(
          report.places.map(({ subjects, trouble, passed = [] }) => {
            const more = passed === "unnamed" ? 1 : passed.length;
            return subjects.length + more + (trouble === undefined ? 0 : 1);
          }),
        );
        report.places.forEach(({ subjects, trouble }, index) => {
          const cases = suites[index]?.children.slice(trouble === undefined ? 0 : 1) ?? [];
          subjects.forEach(({ findings }, at) => {
            const text = cases[at]?.children.map((each) => each.text).join("\n") ?? "";
            for (const { policy, message } of findings) {
              expect(text).toContain(legal(policy));
              expect(text).toContain(legal(message));
            }
          });
        });
      }),
      { numRuns: 60 },
    );
  });

  test("reports a new finding as a failure, with the way in and the fix", () => {
    const [failure, ...others] = caseOf("role Release").children;
    // Beside it, what is advisory.
    expect(others.map(({ name, text }) => [name, text.split("\n")[0]])).toEqual([
      ["system-out", "New: [advisory, medium] iam-mfa-condition-is-effective"],
    ]);
    expect(failure?.name).toBe("failure");
    expect(failure?.attributes).toEqual({
      message: "Can be assumed without MFA.",
      type: "iam-role-requires-mfa",
    });
    expect(failure?.text).toMatch(/Way in: .*sts:AssumeRole to arn:aws:iam::111122223333:root/);
    expect(failure?.text).toContain('Fix: in Statement[0] set "Condition"');
  });

  test("reports an advisory finding as text in a passed case", () => {
    const [place] = sampleReport.places;
    const subjects = (place?.subjects ?? []).map((subject) => ({
      ...subject,
      findings: subject.findings.map((finding) => ({ ...finding, level: "advisory" as const })),
    }));
    const cases = casesOf({ ...sampleReport, places: [{ kind: "account", name: "111122223333", subjects }] });
    const release = cases.find(({ attributes }) => attributes.name?.startsWith("role Release ("));
    expect(release?.children.map(({ name }) => name)).toEqual(["system-out"]);
    expect(release?.children[0]?.text).toMatch(/^New: \[advisory, critical\] iam-role-requires-mfa/);
  });

  test.each([
    ["role BackupOperator", ["skipped", "system-out"], "In the baseline: Can be assumed without MFA."],
    ["role PartnerAccess", ["skipped", "system-out"], "Not decided: Its trust policy needs too many cases"],
    ["role DeployFromCi", ["system-out"], undefined],
    ["role MFABasedAccess", [], undefined],
  ])("gives the case of %s the elements %j", (name, children, message) => {
    const found = caseOf(name).children;
    expect(found.map((each) => each.name)).toEqual(children);
    if (message !== undefined) expect(found[0]?.attributes.message).toContain(message);
  });

  test("reports a place that could not be read as an error, with the remedy", () => {
    const suite = read(junit(sampleReport, "audit")).children[1];
    expect(suite?.attributes).toMatchObject({ name: "account 444455556666", tests: "1", errors: "1" });
    expect(suite?.children[0]?.children[0]?.text).toContain("aws-mfa audit --iam-policy");
  });

  test("has the notes of each place in its suite", () => {
    const [suite] = read(junit(sampleReport, "audit")).children;
    expect(suite?.children.at(-1)?.text).toBe("Last uses may be up to four hours old.");
  });

  test("has totals that are the sums of its suites", () => {
    const { attributes, children } = read(junit(sampleReport, "audit"));
    expect(attributes).toEqual({
      name: "aws-mfa audit",
      tests: "26",
      failures: "5",
      errors: "1",
      skipped: "4",
    });
    const sum = (of: string) => children.reduce((all, suite) => all + Number(suite.attributes[of]), 0);
    expect(["tests", "failures", "errors", "skipped"].map((of) => sum(of))).toEqual([26, 5, 1, 4]);
  });

  test("gives each case a unique name", () => {
    const names = casesOf(sampleReport).map(({ attributes }) => attributes.name);
    expect(new Set(names).size).toBe(names.length);
  });
});
