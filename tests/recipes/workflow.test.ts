import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { COMMAND } from "../../cli/testing/command";

const WORKFLOW = resolve(__dirname, "../../.github/workflows/mfa-preview.yml");

const step = z.object({
  uses: z.string().optional(),
  id: z.string().optional(),
  if: z.string().optional(),
  run: z.string().default(""),
});
const workflow = z.object({ jobs: z.object({ preview: z.object({ steps: z.array(step) }) }) });

const PACK = { policyPackName: "aws-mfa", passed: [] };
const ROLE = "urn:pulumi:dev::shop::aws:iam/role:Role::release";
const ON_RESOURCE = JSON.stringify({
  sequence: 1,
  policyAnalyzeSummaryEvent: { resourceUrn: ROLE, ...PACK },
});
const ON_STACK = JSON.stringify({ sequence: 2, policyAnalyzeStackSummaryEvent: PACK });

let home: string;
let steps: z.output<typeof step>[];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "aws-mfa-workflow-"));
  steps = workflow.parse(parse(await readFile(WORKFLOW, "utf8"))).jobs.preview.steps;
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** The step that makes the reports, run as a runner does: by bash with -e, with what the steps before it left. */
async function reports(log: string | undefined) {
  const job = await mkdtemp(join(home, "job-"));
  const output = join(job, "output");
  const summary = join(job, "summary");
  const policy = join(job, "temporary", "policy");
  await mkdir(join(policy, "node_modules", ".bin"), { recursive: true });
  await symlink(COMMAND, join(policy, "node_modules", ".bin", "aws-mfa"));
  await Promise.all([output, summary].map((file) => writeFile(file, "")));
  if (log !== undefined) await writeFile(join(policy, "events"), log);
  const script = steps.find(({ id }) => id === "reports")?.run ?? "";
  const { exitCode, all = "" } = await execa("bash", ["-e", "-c", script], {
    cwd: job,
    env: {
      WORK_DIR: ".",
      STACK: "my-org/dev",
      RUNNER_TEMP: join(job, "temporary"),
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
    },
    all: true,
    reject: false,
  });
  return {
    exitCode,
    said: all,
    artifact: /^artifact=(.*)$/m.exec(await readFile(output, "utf8"))?.[1],
    made: (await readFile(output, "utf8")).includes("made=true"),
    files: existsSync(join(job, "mfa-reports")) ? (await readdir(join(job, "mfa-reports"))).toSorted() : [],
    summary: await readFile(summary, "utf8"),
    keptLog: existsSync(join(policy, "events")),
  };
}

describe("the reusable workflow's reports", () => {
  test.each([
    ["saw the whole stack", `${ON_RESOURCE}\n${ON_STACK}\n`, 0],
    ["ended early", `${ON_RESOURCE}\n`, 2],
  ])("are written for a preview that %s", async (_, log, code) => {
    const { exitCode, made, artifact, files, summary, keptLog } = await reports(log);
    expect({ exitCode, made, artifact, files, keptLog }).toEqual({
      exitCode: code,
      made: true,
      artifact: "mfa-reports-my-org-dev",
      files: ["mfa.junit.xml", "mfa.sarif"],
      keptLog: false,
    });
    expect(summary).toContain("Can anyone get in without MFA?");
  });

  test.each([
    ["ended before it wrote its events", undefined, "pulumi preview failed before it ran the program"],
    ["did not run the pack", '{"sequence":1}\n', "The policy pack aws-mfa did not run"],
    ["left an unreadable log", "no event\n", "line 1, is not an engine event"],
  ])("are not written for a preview that %s, and the log says why once", async (_, log, why) => {
    const { exitCode, said, made, files, summary, keptLog } = await reports(log);
    expect({ made, files, summary, keptLog }).toEqual({
      made: false,
      files: [],
      summary: "",
      keptLog: false,
    });
    expect(exitCode).not.toBe(0);
    expect(said.split(why)).toHaveLength(2);
    expect(said.split("No reports")).toHaveLength(2);
  });

  test("are uploaded only if they were written", () => {
    const uploads = steps.filter(({ uses }) => uses?.includes("upload"));
    expect(uploads).toHaveLength(2);
    for (const upload of uploads) expect(upload.if).toContain("steps.reports.outputs.made == 'true'");
  });
});
