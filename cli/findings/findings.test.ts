import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report, Subject } from "../audit/report";
import { type Ended, runPlain } from "../testing/command";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-findings-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const PACK = { policyPackName: "aws-mfa", policyPackVersion: "0.1.0", policyPackVersionTag: "0.1.0" };
const ROLE = "urn:pulumi:dev::shop::aws:iam/role:Role::release";
const WORDS =
  "This role can be assumed without MFA.\n  Way in: long-term access keys.\nFix: add the condition.";

const violation = (more: object = {}) => ({
  policyEvent: {
    resourceUrn: ROLE,
    message: `Rejects an IAM role that a user, an account, a role or anyone can assume without MFA.\n${WORDS}\n`,
    color: "never",
    policyName: "iam-role-requires-mfa",
    enforcementLevel: "mandatory",
    ...PACK,
    ...more,
  },
});
const note = (message: string) =>
  violation({
    policyName: "iam-mfa-notes",
    enforcementLevel: "advisory",
    message: `Says which exemptions were used, and what could not be decided yet.\n${message}\n`,
  });
const ON_RESOURCE = {
  policyAnalyzeSummaryEvent: { resourceUrn: ROLE, passed: ["iam-mfa-seed-is-secret"], ...PACK },
};
const ON_STACK = {
  policyAnalyzeStackSummaryEvent: {
    passed: ["iam-group-requires-mfa", "iam-user-requires-mfa"],
    failed: ["iam-mfa-notes"],
    ...PACK,
  },
};
const WHOLE = [ON_RESOURCE, ON_STACK];

const lines = (events: readonly object[]) =>
  events
    .map((event, sequence) => `${JSON.stringify({ sequence, timestamp: 1_900_000_000, ...event })}\n`)
    .join("");

async function findings(events: readonly object[] | string, ...args: string[]): Promise<Ended> {
  const input = typeof events === "string" ? events : lines(events);
  return runPlain(["findings", "-", "--format", "json", ...args], {
    env: { PATH: process.env.PATH ?? "" },
    input,
  });
}

async function subjects(...events: object[]): Promise<readonly Subject[]> {
  const { code, stdout } = await findings([...events, ...WHOLE]);
  expect(code).toBe(0);
  return (JSON.parse(stdout) as Report).places.flatMap((place) => place.subjects);
}

describe("a policy event", () => {
  test("is reported with its resource, kind, and message, without the policy's description", async () => {
    expect(await subjects(violation())).toEqual([
      expect.objectContaining({
        kind: "role",
        name: "release",
        id: ROLE,
        standing: "open",
        reason: "This role can be assumed without MFA.",
        findings: [
          expect.objectContaining({
            policy: "iam-role-requires-mfa",
            severity: "critical",
            level: "mandatory",
            message: WORDS,
          }),
        ],
      }),
    ]);
  });

  test("is reported once if the log contains it twice, as after an update with a preview", async () => {
    expect((await subjects(violation(), violation()))[0]?.findings).toHaveLength(1);
  });

  test("is reported without the color codes of the engine and of terminals", async () => {
    const message = `<{%reset%}>${WORDS}<{%reset%}>\u001b[31m!\u001b[0m\n`;
    expect((await subjects(violation({ message })))[0]?.findings[0]?.message).toBe(`${WORDS}!`);
  });

  test.each([
    ["iam-role-requires-mfa: Exempt: goes in spring.", "exempt"],
    ["iam-role-requires-mfa: Anyone with MFA: assumeRolePolicy, Statement[0]: anyone.", "anyone-with-mfa"],
    ["iam-role-requires-mfa: In the template, Role: Not decided yet: the trust policy.", "unknown"],
    ["iam-role-requires-mfa: Not decided yet: the trust policy.", "unknown"],
  ])("of iam-mfa-notes is reported as a note: %s", async (message, standing) => {
    const [subject] = await subjects(note(message));
    expect(subject).toMatchObject({ standing, notes: [message], findings: [] });
  });

  test("of a remediation is reported as a note, without the role's properties", async () => {
    const remediated = {
      policyRemediationEvent: {
        resourceUrn: ROLE,
        policyName: "iam-role-requires-mfa",
        before: { description: "before-the-change" },
        after: { description: "after-the-change" },
        ...PACK,
      },
    };
    const [subject] = await subjects(remediated);
    expect(subject).toMatchObject({
      standing: "protected",
      notes: ["iam-role-requires-mfa: remediated before creation."],
    });
    expect(JSON.stringify(subject)).not.toContain("the-change");
  });

  test("keeps its fingerprint in the next run, and shares it with no other in its template", async () => {
    const template = { resourceUrn: "urn:pulumi:dev::shop::aws:cloudformation/stack:Stack::base" };
    const both = [
      violation({ ...template, message: "In the template, A: open" }),
      violation({ ...template, message: "In the template, B: open" }),
    ];
    const prints = async () =>
      (await subjects(...both)).flatMap((each) => each.findings.map((one) => one.fingerprint));
    const first = await prints();
    expect(new Set(first).size).toBe(2);
    expect(await prints()).toEqual(first);
  });

  test("of another policy pack is counted, but not reported", async () => {
    const { code, stdout, stderr } = await findings([violation({ policyPackName: "costs" }), ...WHOLE]);
    expect(code).toBe(0);
    expect(stdout).not.toContain("release");
    expect(stderr).toContain("Other policy packs reported 1 more");
  });
});

describe("a resource that passed", () => {
  const urn = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
  const asked = (type: string, name: string, ...passed: string[]) => ({
    policyAnalyzeSummaryEvent: { resourceUrn: urn(type, name), passed, ...PACK },
  });
  const CLEAN = [
    asked("aws:iam/role:Role", "build", "iam-role-requires-mfa"),
    asked("aws:iam/role:Role", "deploy", "iam-role-requires-mfa"),
    asked("aws:iam/group:Group", "people"),
    asked("aws:iam/groupPolicy:GroupPolicy", "guard"),
    asked("aws:iam/accessKey:AccessKey", "key"),
    asked("aws:s3/bucket:Bucket", "logs"),
    ON_STACK,
  ];

  test("is listed with its kind and name if it is a role or a group", async () => {
    const { code, stdout } = await findings(CLEAN);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Report).places[0]?.passed).toEqual([
      { kind: "role", name: "build", id: urn("aws:iam/role:Role", "build") },
      { kind: "role", name: "deploy", id: urn("aws:iam/role:Role", "deploy") },
      { kind: "group", name: "people", id: urn("aws:iam/group:Group", "people") },
    ]);
  });

  test.each(["markdown", "table"])(
    "is counted in the conclusion of a clean preview as %s",
    async (format) => {
      const { stdout } = await findings(CLEAN, "--format", format);
      expect(stdout).toContain("2 roles and 1 group were checked; no way in without MFA was found");
      expect(stdout).not.toContain("Nothing was found");
    },
  );

  test("is a passed test case in JUnit", async () => {
    const { stdout } = await findings(CLEAN, "--format", "junit");
    expect(stdout).toContain('tests="3" failures="0" errors="0" skipped="0"');
    expect(stdout).toContain(`name="role build (${urn("aws:iam/role:Role", "build")})"`);
  });

  test("counts in the total if another resource is rejected", async () => {
    const { stdout } = await findings([...CLEAN, violation()], "--format", "markdown");
    expect(stdout).toContain("**Yes: 1 of 4 is bypassable**, of 3 roles and 1 group");
  });

  test("is not listed if its policy is disabled", async () => {
    const log = [
      asked("aws:iam/role:Role", "build", "iam-role-session-duration"),
      asked("aws:iam/group:Group", "people"),
      { policyAnalyzeStackSummaryEvent: { passed: ["iam-mfa-notes"], ...PACK } },
    ];
    const { stdout } = await findings(log);
    expect((JSON.parse(stdout) as Report).places[0]?.passed).toEqual([]);
  });

  test("is not listed if iam-mfa-notes is disabled, since an undecided one would look the same", async () => {
    const stack = { passed: ["iam-group-requires-mfa"], ...PACK };
    const { stdout } = await findings([...CLEAN.slice(0, -1), { policyAnalyzeStackSummaryEvent: stack }]);
    const [place] = (JSON.parse(stdout) as Report).places;
    expect(place?.passed).toBeUndefined();
    expect(place?.notes?.[0]).toContain("iam-mfa-notes is disabled");
  });
});

describe("the output of pulumi policy analyze --json", () => {
  const ended = (result: string) => ({
    summaryEvent: { maybeCorrupt: false, PolicyPacks: { "aws-mfa": "0.1.0" }, isPreview: false, result },
  });

  test("without violations is reported as clean, with a note that it lists no passed resources", async () => {
    const { code, stdout } = await findings([ended("succeeded")], "--format", "markdown");
    expect(code).toBe(0);
    expect(stdout).toContain("**No way in without MFA was found.**");
    expect(stdout).toContain("resources that passed are not listed here");
    const { stdout: cases } = await findings([ended("succeeded")], "--format", "junit");
    expect(cases).toContain('tests="1" failures="0" errors="0" skipped="0"');
  });

  test("with violations is reported with a note that it may be incomplete", async () => {
    const { code, stdout } = await findings([violation(), ended("failed")]);
    const [place] = (JSON.parse(stdout) as Report).places;
    expect(code).toBe(0);
    expect(place?.subjects).toEqual([expect.objectContaining({ name: "release", standing: "open" })]);
    expect(place?.notes?.join()).toContain("from one that stopped");
  });

  test("that failed without a violation ends with exit code 2", async () => {
    const { code, stdout } = await findings([ended("failed")]);
    expect(code).toBe(2);
    expect((JSON.parse(stdout) as Report).places[0]?.trouble?.problem).toContain(
      "before it evaluated everything",
    );
  });
});

test("a JUnit report is named aws-mfa findings", async () => {
  const { stdout } = await findings([violation(), ...WHOLE], "--format", "junit");
  expect(stdout).toContain('<testsuites name="aws-mfa findings"');
});

describe("other content of the log", () => {
  test("is shown in no format: configuration, diagnostics, inputs, and outputs", async () => {
    const secrets = [
      { preludeEvent: { config: { "shop:key": "hunter-config" } } },
      { diagnosticEvent: { severity: "debug", message: "hunter-debug" } },
      { resourcePreEvent: { metadata: { urn: ROLE, new: { inputs: { name: "hunter-input" } } } } },
      { resOutputsEvent: { metadata: { urn: ROLE, new: { outputs: { seed: "hunter-output" } } } } },
    ];
    for (const format of ["table", "markdown", "sarif", "junit", "json"]) {
      const { code, stdout, stderr } = await findings(
        [...secrets, violation(), ...WHOLE],
        "--format",
        format,
      );
      expect(code).toBe(0);
      expect(stdout).toContain("release");
      expect(stdout + stderr).not.toContain("hunter");
    }
  });

  test("is not quoted from a line that is not an engine event", async () => {
    const { code, stdout, stderr } = await findings(`${lines(WHOLE)}{"hunter": 2}\n`);
    expect({ code, stdout }).toEqual({ code: 7, stdout: "" });
    expect(stderr).toContain("Standard input, line 3, is not an engine event.");
    expect(stderr).not.toContain("hunter");
  });
});

describe("an incomplete preview", () => {
  test("is an error if the pack did not run", async () => {
    const { code, stdout, stderr } = await findings([{ summaryEvent: { resourceChanges: { create: 3 } } }]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("The policy pack aws-mfa did not run");
  });

  test("without summaries, as from an older CLI, shows its violations and exits with 2", async () => {
    const { code, stdout, stderr } = await findings([violation()]);
    const [place] = (JSON.parse(stdout) as Report).places;
    expect(code).toBe(2);
    expect(stderr).not.toContain("did not run");
    expect(place?.trouble?.problem).toContain(
      "not known whether other resources, groups and users were checked",
    );
    expect(place?.trouble?.remedy).toContain("Pulumi CLI 3.200 or later");
    expect(place?.subjects).toEqual([expect.objectContaining({ name: "release", standing: "open" })]);
  });

  test("without summaries or violations is reported as not known, never as clean", async () => {
    const log = [
      { preludeEvent: { config: {} } },
      { summaryEvent: { PolicyPacks: { "aws-mfa": "v0.1.0" } } },
    ];
    const { code, stdout } = await findings(log, "--format", "markdown");
    expect(code).toBe(2);
    expect(stdout).toContain("is not known");
    expect(stdout).not.toContain("No way in");
  });

  test("that stopped before the stack policies says so, shows its violations, and exits with 2", async () => {
    const { code, stdout } = await findings([violation(), ON_RESOURCE]);
    const [place] = (JSON.parse(stdout) as Report).places;
    expect(code).toBe(2);
    expect(place?.trouble?.problem).toContain("nothing is known about its groups and users");
    expect(place?.subjects).toHaveLength(1);
  });
});

describe("the log file", () => {
  test("is named in the error if it does not exist", async () => {
    const path = join(folder, "no-such-file");
    const { code, stderr } = await runPlain(["findings", path], { env: {} });
    expect(code).toBe(7);
    expect(stderr).toContain(`${path} cannot be read: it does not exist (ENOENT).`);
  });

  test("is read, and SARIF locates its results at the path in --file", async () => {
    const path = join(folder, "events");
    await writeFile(path, lines([violation(), ...WHOLE]));
    const args = ["findings", path, "--format", "sarif", "--file", "shop/Pulumi.yaml"];
    const { stdout } = await runPlain(args, { env: {} });
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [
        {
          results: [{ locations: [{ physicalLocation: { artifactLocation: { uri: "shop/Pulumi.yaml" } } }] }],
        },
      ],
    });
  });
});
