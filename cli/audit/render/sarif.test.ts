import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import * as fc from "fast-check";
import type { Log } from "sarif";
import { describe, expect, test } from "vitest";
import type { Report } from "../report";
import { anyReport } from "../sample/any-report";
import { sampleReport } from "../sample/report";
import { placed } from "./order";
import { sarif } from "./sarif";

const validate = addFormats(new Ajv({ strict: false, unicodeRegExp: false })).compile<Log>(
  require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"),
);

/** The log's only run. A log that is invalid by OASIS's schema fails the test. */
function runOf(report: Report, repository?: string) {
  const log: unknown = JSON.parse(sarif(report, repository));
  if (!validate(log)) throw new Error(JSON.stringify(validate.errors));
  const [run] = log.runs;
  if (run === undefined) throw new Error("The log has no run.");
  return { ...run, results: run.results ?? [], rules: run.tool.driver.rules ?? [] };
}

const found = placed(sampleReport).flatMap(({ place, subject }) =>
  subject.findings.map((finding) => ({ place, subject, finding })),
);

describe("the SARIF output", () => {
  test("is a valid log of any report, with each finding under its rule", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const { results, rules } = runOf(report);
        const findings = placed(report).flatMap(({ subject }) => subject.findings);
        expect(results.map(({ ruleId, partialFingerprints }) => [ruleId, partialFingerprints])).toEqual(
          findings.map(({ policy, fingerprint }) => [
            policy,
            { "awsMfaFinding/v1": fingerprint, primaryLocationLineHash: fingerprint },
          ]),
        );
        expect(results.map(({ ruleIndex = -1 }) => rules[ruleIndex]?.id)).toEqual(
          findings.map(({ policy }) => policy),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("ranks each result by the danger of its subject", () => {
    const ranks = runOf(sampleReport).results.map(({ rank }) => rank);
    expect(ranks).toEqual(found.map(({ subject }) => subject.danger?.rank));
    expect(ranks).toContain(80);
  });

  test("gives each result a path within the repository, which GitHub requires", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const outside = /^([/\\]|[A-Za-z]:[/\\])/;
        const relative = report.places.filter(({ name, file }) => !outside.test(file ?? name));
        const { results } = runOf({ ...report, places: relative });
        for (const { locations = [] } of results) {
          expect(locations.map((each) => each.physicalLocation?.artifactLocation?.uri)).toEqual([
            expect.stringMatching(/^[A-Za-z0-9%_.!~*'()/-]+$/),
          ]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("locates a finding of an account by the role's ARN and a path named after the account", () => {
    const release = runOf(sampleReport).results.find(({ message }) => message.text?.includes("Release"));
    expect(release?.locations).toEqual([
      {
        physicalLocation: { artifactLocation: { uri: "aws/111122223333" }, region: { startLine: 1 } },
        logicalLocations: [
          {
            name: "Release",
            fullyQualifiedName: "arn:aws:iam::111122223333:role/Release",
            kind: "aws-iam-role",
          },
        ],
      },
    ]);
    expect(release?.level).toBe("error");
  });

  test("reports an advisory finding as a warning or a note", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const advisory = runOf(report).results.filter(
          ({ properties }) => properties?.policyLevel === "advisory",
        );
        for (const { level } of advisory) expect(["warning", "note"]).toContain(level);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ["policies/break glass.json", "policies/break%20glass.json"],
    ["./policies/role.json", "policies/role.json"],
    ["policies\\role.json", "policies/role.json"],
    ["/srv/policies/role.json", "file:///srv/policies/role.json"],
  ])("locates a finding of the file %s at %s", (name, uri) => {
    const [place] = sampleReport.places;
    const report = {
      ...sampleReport,
      places: [{ kind: "file", name, subjects: place?.subjects ?? [] }],
    } as const;
    const paths = runOf(report).results.map(
      (each) => each.locations?.[0]?.physicalLocation?.artifactLocation?.uri,
    );
    expect(new Set(paths)).toEqual(new Set([uri]));
  });

  test("locates findings at the repository file of their place", () => {
    const places = sampleReport.places.map((place) => ({ ...place, file: "infra/Pulumi.yaml" }));
    const paths = runOf({ ...sampleReport, places }).results.map(
      (each) => each.locations?.[0]?.physicalLocation?.artifactLocation?.uri,
    );
    expect(new Set(paths)).toEqual(new Set(["infra/Pulumi.yaml"]));
  });

  test("gives a rule its help, a link, and the severity that GitHub sorts by", () => {
    const rule = runOf(sampleReport).rules.find(({ id }) => id === "iam-role-requires-mfa");
    expect(rule?.help?.text).toContain("BoolIfExists lets every access key through");
    expect(rule?.helpUri).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    expect(rule?.properties?.["security-severity"]).toBe("9.5");
  });

  test("links a rule to its page in the project's repository, at the version that found it", () => {
    const { rules } = runOf(sampleReport, "https://github.com/example/mfa");
    const rule = rules.find(({ id }) => id === "iam-role-requires-mfa");
    expect(rule?.helpUri).toMatch(
      /^https:\/\/github\.com\/example\/mfa\/blob\/v\d+\.\d+\.\d+\/docs\/rules\/iam-role-requires-mfa\.md$/,
    );
    expect(rule?.help?.markdown).toContain(`(${rule?.helpUri})`);
    expect(rule?.help?.markdown).toContain("(https://docs.aws.amazon.com/");
  });

  test("suppresses exempt findings with the reason, and marks those in the baseline as unchanged", () => {
    const { results } = runOf(sampleReport);
    const states = results.map(({ suppressions, baselineState }) => ({ suppressions, baselineState }));
    expect(states).toEqual(
      found.map(({ subject, finding }) => ({
        suppressions:
          finding.state === "exempt"
            ? [{ kind: "external", status: "accepted", justification: subject.notes[0] }]
            : undefined,
        baselineState: { new: "new", known: "unchanged", exempt: undefined }[finding.state],
      })),
    );
  });

  test("marks findings as new only if there is a baseline", () => {
    const places = sampleReport.places.map((place) => ({
      ...place,
      subjects: place.subjects.filter(({ findings }) => findings.every(({ state }) => state === "new")),
    }));
    const { baseline: _, ...alone } = sampleReport;
    const states = (report: Report) => runOf({ ...report, places }).results.map((each) => each.baselineState);
    expect(states(alone).length).toBeGreaterThan(3);
    expect(new Set(states(sampleReport))).toEqual(new Set(["new"]));
    expect(new Set(states(alone))).toEqual(new Set([undefined]));
  });

  test("marks the run as unsuccessful for an unread place, and warns of unknown subjects", () => {
    const [invocation] = runOf(sampleReport).invocations ?? [];
    const said = invocation?.toolExecutionNotifications?.map(({ level, message }) => [level, message.text]);
    expect(invocation?.executionSuccessful).toBe(false);
    expect(said?.[0]).toEqual([
      "error",
      expect.stringContaining("AWS refuses iam:GetAccountAuthorizationDetails"),
    ]);
    expect(said?.slice(1).map(([level, text]) => [level, text?.split(", unknown: ")[0]])).toEqual([
      ["warning", "role PartnerAccess"],
      ["warning", "group Auditors"],
      ["warning", "group payments-team"],
      ["note", "account 111122223333: Last uses may be up to four hours old."],
    ]);
  });

  test("has no link from a name", () => {
    const subjects = found.map(({ subject }) => ({ ...subject, name: "[x](https://example.com)" }));
    const { results } = runOf({ ...sampleReport, places: [{ kind: "state", name: "dev", subjects }] });
    for (const { message } of results) expect(message.text).not.toMatch(/\]\(/);
  });
});
