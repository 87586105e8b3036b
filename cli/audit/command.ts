import { stat, writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { EXIT, Failure } from "../failure";
import { interruptible } from "../interruption";
import { writeToPipe } from "../output";
import { replaceFile } from "../replace-file";
import { asIs } from "../terminal/escape-controls";
import { withLine } from "../terminal/progress";
import { outputWidth } from "../terminal/wrap";
import { FAIL_ON, type FailOn } from "./exit-code";
import { unreadable } from "./input-text";
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
      "Checks what already exists against the pack's policies: the account of your credentials, or the files you name. " +
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
    .option("--account <id>", "the account of the templates, for AWS::AccountId")
    .option(
      "--parameters <file>",
      "the parameters of the templates: a file, NAME=VALUE or STACK:NAME=VALUE; repeatable",
      repeatable,
    )
    .option(
      "--scp <file[=accounts]>",
      "a service control policy on all accounts, or on these: FILE=111122223333,444455556666; repeatable",
      repeatable,
    )
    .option("--rcp <file[=accounts]>", "the same for a resource control policy; repeatable", repeatable)
    .option("--role-arn <arn>", "a role to assume first, such as one in another account")
    .option(
      "--organization <role>",
      "audit all accounts of the organization, through the role with this name in each",
    )
    .addOption(new Option("--format <form>", "the output format").choices(FORMATS).default("table"))
    .option("--output <file>", "write to a file instead of standard output")
    .option("--html <file>", "also write an HTML page: a map of who reaches which role, filters, details")
    .option("--all", "also list in the table what is protected")
    .addOption(
      new Option("--fail-on <what>", "exit with 1 for findings at or above this severity or policy level")
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
      "look up who uses what in CloudTrail's event history of 90 days; resumes if it was interrupted",
    )
    .option("--iam-policy", "print the IAM policy that the audit needs, and exit")
    .action(run);
}

async function run(paths: readonly string[], options: Options): Promise<void> {
  assertConsistent(paths, options);
  const { roleArn, organization, output, html, usage } = options;
  if (options.iamPolicy) {
    const { auditPolicy } = await import("./account/permissions.js");
    const assumes =
      organization !== undefined ? { organization } : roleArn !== undefined ? { roleArn } : undefined;
    process.stdout.write(asIs(`${JSON.stringify(auditPolicy(assumes, usage), undefined, 2)}\n`));
    return;
  }
  const report = await reportOf(paths, options).catch(unseen);
  const { exitCodeOf, EXIT_CODE, cautionOn } = await import("./exit-code.js");
  const text = await render(report, options);
  if (output === undefined) process.stdout.write(options.format === "table" ? text : asIs(text));
  else await write(output, text);
  if (html !== undefined) await write(html, (await import("./page/page.js")).htmlPage(report));
  if (process.exitCode === EXIT.interrupted) return;
  process.exitCode = exitCodeOf(report, options.failOn);
  const caution = process.exitCode === EXIT_CODE.nothingFound ? cautionOn(report) : undefined;
  if (caution !== undefined) process.stderr.write(`${caution}\n`);
}

/** Whatever the cause, the audit could not look, and its exit code says so. */
function unseen(error: unknown): never {
  if (!(error instanceof Failure)) {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new Failure("unseen", "Unexpected error.", what);
  }
  if (error.exit === "interrupted") throw error;
  throw new Failure("unseen", error.problem, error.remedy, error.detail);
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
  const settings =
    exemptions === undefined
      ? defaultSettings()
      : settingsFrom(await jsonOf(exemptions, "the policies' configuration"), exemptions);
  const earlier =
    baseline === undefined ? undefined : baselineIn(await jsonOf(baseline, "an earlier report"), baseline);
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
  return withUsage(earlier === undefined ? report : against(report, earlier), options);
}

/** The report with what CloudTrail logs show, if some are given or looked up. */
async function withUsage(report: Report, options: Options): Promise<Report> {
  const { trail, usage } = options;
  if ((trail === undefined && usage !== true) || process.exitCode === EXIT.interrupted) return report;
  const [{ readLogs }, { withTrail }] = await Promise.all([
    import("./usage/logs.js"),
    import("./usage/trail/attach.js"),
  ]);
  return withTrail(report, await readLogs(report, options));
}

async function render(report: Report, { format, all = false, output }: Options): Promise<string> {
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

/** Throws Failure (`usage`) for options that contradict each other, or that would be ignored. */
function assertConsistent(paths: readonly string[], options: Options): void {
  const { state, roleArn, organization, profile, region, account, parameters, trail = [], usage } = options;
  const given = (all: Readonly<Record<string, unknown>>) =>
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const hasPaths = paths.length > 0;
  const files = given({ [paths.length === 1 ? "a path" : "paths"]: paths[0], "--state": state });
  const ofAccount = given({
    "--role-arn": roleArn,
    "--organization": organization,
    "--profile": profile,
    "--region": hasPaths ? undefined : region,
    "--usage": usage,
  });
  const mistakes: readonly (readonly [boolean, string])[] = [
    [
      files.length > 0 && ofAccount.length > 0,
      `${listed(ofAccount)} for an account, and ${listed(files)} given`,
    ],
    [
      [...paths, state, ...trail].filter((each) => each === "-").length > 1,
      "Standard input is given more than once",
    ],
    [account !== undefined && !hasPaths, "--account is for templates, and no path is given"],
    [parameters !== undefined && !hasPaths, "--parameters is for templates, and no path is given"],
    [
      account !== undefined && !/^\d{12}$/.test(account),
      `--account is ${account}; expected 12 digits, such as 111122223333`,
    ],
    [
      roleArn !== undefined && organization !== undefined,
      "--role-arn is for one account, and --organization for all of them",
    ],
    [
      roleArn !== undefined && !/^arn:aws[a-z0-9-]*:iam::\d{12}:role\/.+$/.test(roleArn),
      `--role-arn: expected a role's ARN such as arn:aws:iam::111122223333:role/audit, got ${roleArn}`,
    ],
    [
      organization !== undefined && !/^[\w+=,.@/-]+$/.test(organization),
      `--organization: expected a role's name, with its path if it has one, got ${organization}`,
    ],
  ];
  const found = mistakes.flatMap(([isMistake, message]) => (isMistake ? [message] : []));
  if (found.length === 0) return;
  throw new Failure("usage", `${found.join(".\n")}.`, "aws-mfa audit --help describes the options.");
}

/** Such as `a path is` and `paths and --state are`. */
function listed(names: readonly string[]): string {
  return `${names.join(" and ")} ${names.length === 1 && names[0] !== "paths" ? "is" : "are"}`;
}

async function write(path: string, text: string): Promise<void> {
  try {
    const existing = await stat(path).catch(() => undefined);
    // Only a file may be replaced: a pipe or /dev/null would become one.
    if (existing === undefined || existing.isFile()) await replaceFile(path, text);
    else if (existing.isFIFO()) await writeToPipe(path, text);
    else await writeFile(path, text);
  } catch (error) {
    throw unreadable(path, error, "written");
  }
}
