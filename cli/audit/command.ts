import { stat, writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { EXIT, Failure, reasonOf } from "../failure";
import { interruptible } from "../interruption";
import { writeToPipe } from "../output";
import { replaceFile } from "../replace-file";
import { asIs } from "../terminal/escape-controls";
import { withLine } from "../terminal/progress";
import { outputWidth } from "../terminal/wrap";
import { FAIL_ON, type FailOn } from "./exit-code";
import type { Report } from "./report";
import type { LogOptions } from "./usage/logs";

interface Options extends Omit<LogOptions, "since"> {
  readonly account?: string;
  readonly parameters?: readonly string[];
  readonly state?: string;
  readonly format: Format;
  readonly output?: string;
  readonly html?: string;
  readonly all?: boolean;
  readonly failOn: FailOn;
  readonly scp?: readonly string[];
  readonly rcp?: readonly string[];
  readonly exemptions?: string;
  readonly baseline?: string;
  readonly iamPolicy?: boolean;
}

const FORMATS = ["table", "json", "sarif", "junit", "markdown"] as const;
type Format = (typeof FORMATS)[number];

const repeatable = (value: string, all: readonly string[] = []) => [...all, value];

export function auditCommand(): Command {
  return new Command("audit")
    .summary("find who gets in without MFA: in an account, a Pulumi state, or policy files")
    .description(
      "Checks what already exists against the pack's policies: the account of your credentials, or the files that you name. " +
        "Changes nothing. Exit codes: 0 for no findings, 1 for findings, 2 if something could not be read.",
    )
    .argument(
      "[path...]",
      "policies, CloudFormation templates, Terraform plans or states, Pulumi states or previews, saved AWS CLI output, or folders of them; - is standard input",
    )
    .option("--state <file>", "the output of `pulumi stack export`; - is standard input")
    .option("--profile <name>", "the profile with the credentials")
    .option(
      "--region <name>",
      "the region to query (IAM is the same in all regions of a partition), or that of the templates",
    )
    .option("--account <id>", "the account of the templates: AWS::AccountId in them")
    .option(
      "--parameters <file>",
      "the parameters that templates are deployed with: a file, NAME=VALUE or STACK:NAME=VALUE; repeatable",
      repeatable,
    )
    .option(
      "--scp <file[=accounts]>",
      "a service control policy on all accounts, or on these: FILE=111122223333,444455556666; repeatable",
      repeatable,
    )
    .option("--rcp <file[=accounts]>", "a resource control policy, in the same way; repeatable", repeatable)
    .option("--role-arn <arn>", "a role to assume first, such as one in another account")
    .option("--organization <role>", "audit all accounts of the organization, through the role of this name")
    .addOption(new Option("--format <form>", "the output format").choices(FORMATS).default("table"))
    .option("--output <file>", "write to a file instead of standard output")
    .option("--html <file>", "also write an HTML page: a map of who reaches which role, filters, details")
    .option("--all", "list in the table what is protected too")
    .addOption(
      new Option(
        "--fail-on <what>",
        "exit with 1 for findings at or above this: a severity, or a policy's level",
      )
        .choices(FAIL_ON)
        .default("high"),
    )
    .option(
      "--exemptions <file>",
      "the pack's configuration, such as exemptions, as for pulumi --policy-pack-config",
    )
    .option("--baseline <file>", "an earlier JSON report: only new findings fail")
    .option(
      "--trail <path...>",
      "CloudTrail log files that show who uses what, or folders of them; - is standard input",
    )
    .option(
      "--usage",
      "look up who uses what in CloudTrail's event history of 90 days; resumes where it was interrupted",
    )
    .option("--iam-policy", "print the IAM policy that the audit needs, and do nothing else")
    .action(run);
}

async function run(paths: readonly string[], options: Options): Promise<void> {
  assertSense(paths, options);
  const { roleArn, organization, output, html } = options;
  if (options.iamPolicy) {
    const { auditPolicy } = await import("./account/permissions.js");
    const assumes = organization === undefined ? roleArn && { roleArn } : { organization };
    process.stdout.write(
      asIs(`${JSON.stringify(auditPolicy(assumes || undefined, options.usage), undefined, 2)}\n`),
    );
    return;
  }
  const report = await reportOf(paths, options);
  const { exitCodeOf, EXIT_CODE, cautionOn } = await import("./exit-code.js");
  const text = await inForm(report, options);
  if (output === undefined) process.stdout.write(options.format === "table" ? text : asIs(text));
  else await write(output, text);
  if (html !== undefined) await write(html, (await import("./page/page.js")).htmlPage(report));
  if (process.exitCode === EXIT.interrupted) return;
  const outcome = exitCodeOf(report, options.failOn);
  const caution = outcome === EXIT_CODE.nothingFound ? cautionOn(report) : undefined;
  if (caution !== undefined) process.stderr.write(`${caution}\n`);
  process.exitCode = outcome;
}

async function reportOf(paths: readonly string[], options: Options): Promise<Report> {
  const [
    { audit },
    { settingsFrom, defaultSettings },
    { against, baselineIn },
    { jsonOf },
    { parametersIn },
    { givenLimits },
  ] = await Promise.all([
    import("./audit.js"),
    import("./settings.js"),
    import("./baseline.js"),
    import("./input-text.js"),
    import("./file/parameters.js"),
    import("./limits/given.js"),
  ]);
  const { state, profile, region, account, parameters, roleArn, organization, exemptions, baseline } =
    options;
  try {
    const settings =
      exemptions === undefined
        ? defaultSettings()
        : settingsFrom(await jsonOf(exemptions, "the policies' configuration"), exemptions);
    const known =
      baseline === undefined ? undefined : baselineIn(await jsonOf(baseline, "a report of before"), baseline);
    const asked = {
      paths,
      states: state === undefined ? [] : [state],
      deployed: {
        ...(account !== undefined && { account }),
        ...(region !== undefined && { region }),
        ...(parameters !== undefined && { parameters: await parametersIn(parameters) }),
      },
      limits: await givenLimits(options),
      account: { who: { profile, region }, roleArn, organization },
    };
    const report = await withLine((show) =>
      interruptible((abort) =>
        audit(asked, settings, abort, (id, { users, groups, roles }) =>
          show(`Reading ${id}: ${roles.length} roles, ${groups.length} groups, ${users.length} users`),
        ),
      ),
    );
    return await used(known === undefined ? report : against(report, known), options);
  } catch (error) {
    // Whatever the cause: the audit could not look, and its exit code says so.
    if (!(error instanceof Failure)) {
      const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw new Failure("unseen", "Unexpected error.", what);
    }
    if (error.exit === "interrupted") throw error;
    throw new Failure("unseen", error.problem, error.remedy, error.detail);
  }
}

/** The report with what the CloudTrail logs show, where some are given or looked up. */
async function used(report: Report, options: Options): Promise<Report> {
  const { trail, usage } = options;
  if ((trail === undefined && usage !== true) || process.exitCode === EXIT.interrupted) return report;
  const [{ readLogs }, { withTrail }] = await Promise.all([
    import("./usage/logs.js"),
    import("./usage/trail/attach.js"),
  ]);
  return withTrail(report, await readLogs(report, options));
}

async function inForm(report: Report, { format, all = false, output }: Options): Promise<string> {
  switch (format) {
    case "json":
      return `${JSON.stringify((await import("./render/not-looked-at.js")).inJson(report), undefined, 2)}\n`;
    case "sarif":
      return (await import("./render/sarif.js")).sarif(report);
    case "junit":
      return (await import("./render/junit.js")).junit(report, "audit");
    case "markdown":
      return (await import("./render/markdown.js")).markdown(report);
    case "table": {
      const { tableOf } = await import("./render/table.js");
      return tableOf(report, { all, columns: output === undefined ? outputWidth() : undefined });
    }
  }
}

/** Options that would be passed over in silence. */
function assertSense(paths: readonly string[], options: Options): void {
  const { state, roleArn, organization, profile, region, account, parameters, trail, usage } = options;
  const instead = [
    ...(paths.length > 0 ? [paths.length === 1 ? "a path" : "paths"] : []),
    ...(state === undefined ? [] : ["--state"]),
  ];
  const ofAccount = Object.entries({
    "--role-arn": roleArn,
    "--organization": organization,
    "--profile": profile,
    "--region": paths.length > 0 ? undefined : region,
    "--usage": usage,
  }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const mistakes = [
    ...(instead.length > 0 && ofAccount.length > 0
      ? [
          `${inOneName(ofAccount, "reaches", "assumableBy")} an account, and ${inOneName(instead, "takes", "take")} its place`,
        ]
      : []),
    ...([...paths, state, ...(trail ?? [])].filter((each) => each === "-").length > 1
      ? ["Standard input is given more than once"]
      : []),
    ...(account !== undefined && paths.length === 0
      ? ["--account is for templates, and no path is given"]
      : []),
    ...(parameters !== undefined && paths.length === 0
      ? ["--parameters is for templates, and no path is given"]
      : []),
    ...(account !== undefined && !/^\d{12}$/.test(account)
      ? [`--account is ${account}; expected 12 digits, such as 111122223333`]
      : []),
    ...(roleArn !== undefined && organization !== undefined
      ? ["--role-arn is for one account, and --organization for all of them"]
      : []),
    ...(roleArn !== undefined && !/^arn:aws[a-z0-9-]*:iam::\d{12}:role\/.+$/.test(roleArn)
      ? [`--role-arn: expected a role's ARN such as arn:aws:iam::111122223333:role/audit, got ${roleArn}`]
      : []),
    ...(organization !== undefined && !/^[\w+=,.@/-]+$/.test(organization)
      ? [`--organization: expected a role's name, with its path if it has one, got ${organization}`]
      : []),
  ];
  if (mistakes.length === 0) return;
  throw new Failure("usage", `${mistakes.join(".\n")}.`, "aws-mfa audit --help describes the options.");
}

function inOneName(names: readonly string[], one: string, many: string): string {
  return `${names.join(" and ")} ${names.length === 1 ? one : many}`;
}

async function write(path: string, text: string): Promise<void> {
  try {
    const there = await stat(path).catch(() => undefined);
    // What is there and is no file, such as a pipe or /dev/null, would be replaced by one.
    if (there === undefined || there.isFile()) await replaceFile(path, text);
    else if (there.isFIFO()) await writeToPipe(path, text);
    else await writeFile(path, text);
  } catch (error) {
    throw new Failure(
      "unseen",
      `${path} cannot be written: ${reasonOf(error)}.`,
      "Check the path and its permissions.",
    );
  }
}
