import { Command, Option } from "commander";
import { EXIT, Failure } from "../failure";
import { replaceFile } from "../replace-file";
import { asIs } from "../terminal/escape-controls";
import { exitCodeOf } from "./plan";
import type { RehearseOptions } from "./rehearse";

const FORMATS = ["text", "json", "markdown"] as const;

interface Options extends RehearseOptions {
  readonly format: (typeof FORMATS)[number];
  readonly output?: string;
  readonly html?: string;
}

const repeatable = (value: string, all: readonly string[] = []) => [...all, value];

export function rehearseCommand(): Command {
  return new Command("rehearse")
    .summary("show who would be stopped by a change, before it is made")
    .description(
      "Replays recorded calls against a change, and shows who would have been stopped, on which calls, and the way out for each. " +
        "Without --guard, --role, --scp and --rcp, the change is to fix all findings of aws-mfa audit. Changes nothing. " +
        "Exit codes: 0 if nobody would be stopped, 1 if someone would or might be, 2 if a record that decides it is missing.",
    )
    .argument(
      "[path...]",
      "saved AWS CLI output of an account, or folders of it, instead of the account of your credentials",
    )
    .option("--guard", "rehearse a guard on all users: without MFA they can only enroll a device")
    .option("--policy <file>", "the guard to rehearse, instead of the pack's own")
    .option("--role <name=file>", "rehearse another trust policy for a role; repeatable", repeatable)
    .option(
      "--scp <file[=accounts]>",
      "rehearse a service control policy on all accounts, or on these: FILE=111122223333,444455556666; repeatable",
      repeatable,
    )
    .option("--rcp <file[=accounts]>", "the same for a resource control policy; repeatable", repeatable)
    .option(
      "--trail <path...>",
      "CloudTrail log files with the recorded calls, or folders of them; - is standard input",
    )
    .option(
      "--usage",
      "look up the calls in CloudTrail's event history of 90 days; resumes if it was interrupted",
    )
    .option("--since <date>", "count only calls since this day, such as 2030-01-31")
    .option("--exemptions <file>", "the pack's configuration, such as exemptions, as for aws-mfa audit")
    .option("--profile <name>", "the profile with the credentials")
    .option("--region <name>", "the region to query")
    .option("--role-arn <arn>", "a role to assume first, such as one in another account")
    .option(
      "--organization <role>",
      "include all accounts of the organization, through the role with this name in each",
    )
    .addOption(new Option("--format <form>", "the output format").choices(FORMATS).default("text"))
    .option("--output <file>", "write to a file instead of standard output")
    .option("--html <file>", "also write an HTML page, with the audit's findings")
    .action(run);
}

async function run(paths: readonly string[], options: Options): Promise<void> {
  assertConsistent(paths, options);
  const [{ rehearse }, { planAsText, planAsMarkdown, partsOf }] = await Promise.all([
    import("./rehearse.js"),
    import("./words.js"),
  ]);
  const { plan, report } = await rehearse(paths, options);
  const { format, output, html } = options;
  const text = {
    json: () => `${JSON.stringify(plan, undefined, 2)}\n`,
    markdown: () => planAsMarkdown(plan),
    text: () => planAsText(plan),
  }[format]();
  if (output !== undefined) await replaceFile(output, text);
  else process.stdout.write(format === "text" ? text : asIs(text));
  if (html !== undefined) {
    const { htmlPage } = await import("../audit/page/page.js");
    await replaceFile(html, htmlPage(report, partsOf(plan)));
  }
  if (process.exitCode !== EXIT.interrupted) process.exitCode = exitCodeOf(plan);
}

/** Rejects options that would be ignored, and values of the wrong form. */
function assertConsistent(paths: readonly string[], options: Options): void {
  const { role = [], since, usage, profile, roleArn, organization } = options;
  const ofAccount = {
    "--usage": usage,
    "--profile": profile,
    "--role-arn": roleArn,
    "--organization": organization,
  };
  const mistakes = [
    ...Object.entries(ofAccount)
      .filter(([, value]) => value !== undefined && paths.length > 0)
      .map(([name]) => `${name} is for the account of your credentials, and a path takes its place`),
    ...role
      .filter((each) => !/^[^=]+=.+/.test(each))
      .map((each) => `--role: expected NAME=FILE, got ${each}`),
    ...(since !== undefined && Number.isNaN(Date.parse(since))
      ? [`--since: expected a day such as 2030-01-31, got ${since}`]
      : []),
  ];
  if (mistakes.length === 0) return;
  throw new Failure("usage", `${mistakes.join(".\n")}.`, "aws-mfa rehearse --help describes the options.");
}
