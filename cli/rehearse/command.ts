import { Command, Option } from "commander";
import type { Report } from "../audit/report";
import type { LogOptions } from "../audit/usage/logs";
import { EXIT, Failure } from "../failure";
import { interruptible } from "../interruption";
import { replaceFile } from "../replace-file";
import { asIs } from "../terminal/escape-controls";
import { withLine } from "../terminal/progress";
import type { Asked, GivenPolicy } from "./change";
import type { Plan } from "./plan";

const FORMATS = ["text", "json", "markdown"] as const;

interface Options extends LogOptions {
  readonly guard?: boolean;
  readonly policy?: string;
  readonly role?: readonly string[];
  readonly scp?: readonly string[];
  readonly rcp?: readonly string[];
  readonly exemptions?: string;
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
        "Exit codes: 0 if nobody would be stopped, 1 if somebody would or might be, 2 if something that decides is missing.",
    )
    .argument(
      "[path...]",
      "saved AWS CLI output of an account, or folders of it, instead of the account of your credentials",
    )
    .option("--guard", "rehearse a guard on all users: without MFA they can only enroll a device")
    .option("--policy <file>", "the guard to rehearse, instead of the pack's own")
    .option("--role <name=file>", "rehearse another trust policy of a role; repeatable", repeatable)
    .option(
      "--scp <file[=accounts]>",
      "rehearse a service control policy on the accounts, or on these: FILE=111122223333,444455556666; repeatable",
      repeatable,
    )
    .option(
      "--rcp <file[=accounts]>",
      "rehearse a resource control policy, in the same way; repeatable",
      repeatable,
    )
    .option(
      "--trail <path...>",
      "CloudTrail log files with the recorded calls, or folders of them; - is standard input",
    )
    .option(
      "--usage",
      "look up the calls in CloudTrail's event history of 90 days; resumes where it was interrupted",
    )
    .option("--since <date>", "count only calls since this day, such as 2030-01-31")
    .option("--exemptions <file>", "the pack's configuration, such as exemptions, as for aws-mfa audit")
    .option("--profile <name>", "the profile with the credentials")
    .option("--region <name>", "the region to query")
    .option("--role-arn <arn>", "a role to assume first, such as one in another account")
    .option(
      "--organization <role>",
      "include all accounts of the organization, through the role of this name",
    )
    .addOption(new Option("--format <form>", "the output format").choices(FORMATS).default("text"))
    .option("--output <file>", "write to a file instead of standard output")
    .option("--html <file>", "also write an HTML page, with the audit's findings")
    .action(run);
}

async function run(paths: readonly string[], options: Options): Promise<void> {
  assertSense(paths, options);
  const { plan, report } = await rehearse(paths, options);
  const { planAsText, planAsMarkdown, partsOf } = await import("./words.js");
  const { format, output, html } = options;
  const text =
    format === "json"
      ? `${JSON.stringify(plan, undefined, 2)}\n`
      : format === "markdown"
        ? planAsMarkdown(plan)
        : planAsText(plan);
  if (output !== undefined) await replaceFile(output, text);
  else process.stdout.write(format === "text" ? text : asIs(text));
  if (html !== undefined) {
    const { htmlPage } = await import("../audit/page/page.js");
    await replaceFile(html, htmlPage(report, partsOf(plan)));
  }
  if (process.exitCode === EXIT.interrupted) return;
  process.exitCode = (await import("./rehearse.js")).exitCodeOf(plan);
}

async function rehearse(paths: readonly string[], options: Options): Promise<{ plan: Plan; report: Report }> {
  const [
    { audit },
    { settingsFrom, defaultSettings },
    { jsonOf },
    { changeOf },
    { accountOf },
    { Rehearsal, canComeIn },
    { planOf },
    { readLogs },
  ] = await Promise.all([
    import("../audit/audit.js"),
    import("../audit/settings.js"),
    import("../audit/input-text.js"),
    import("./change.js"),
    import("./arn.js"),
    import("./rehearsal.js"),
    import("./rehearse.js"),
    import("../audit/usage/logs.js"),
  ]);
  const { profile, region, roleArn, organization, exemptions, since } = options;
  const settings =
    exemptions === undefined
      ? defaultSettings()
      : settingsFrom(await jsonOf(exemptions, "the policies' configuration"), exemptions);
  const asked = await askedIn(options, jsonOf);
  const account = { who: { profile, region }, roleArn, organization };
  const report = await withLine((show) =>
    interruptible((abort) =>
      audit({ paths, states: [], account }, settings, abort, (id, { users, groups, roles }) =>
        show(`Reading ${id}: ${roles.length} roles, ${groups.length} groups, ${users.length} users`),
      ),
    ),
  );
  if (!report.places.some(({ kind }) => kind === "account")) {
    throw new Failure(
      "unseen",
      "The files contain no account, so there are no users or roles to rehearse.",
      "Give what aws iam get-account-authorization-details and get-credential-report print, or no path for the account of your credentials.",
    );
  }
  const now = new Date();
  const change = changeOf(asked, report, settings);
  const period = {
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    isLookedUp: options.usage === true,
    lacksRoleCalls: options.usage === true && options.trail === undefined,
  };
  const rehearsal = new Rehearsal(change, report, period, now);
  const able = rehearsal.touched("user").filter(({ setup }) => setup === undefined || canComeIn(setup));
  const read = await readLogs(report, options, rehearsal.add, ({ name }) =>
    able.flatMap((user) => (accountOf(user.id) === name ? [user.name] : [])),
  );
  return { plan: planOf(change, report, rehearsal, read, now), report };
}

async function askedIn(
  { guard, policy, role = [], scp, rcp }: Options,
  jsonOf: (path: string, what: string) => Promise<unknown>,
): Promise<Asked> {
  const given = async (file: string, what: string): Promise<GivenPolicy> => ({
    file,
    document: await jsonOf(file, what),
  });
  return {
    ...(guard === true || policy !== undefined
      ? { guard: policy === undefined ? {} : { policy: await given(policy, "a guard policy") } }
      : {}),
    roles: await Promise.all(
      role.map(async (each) => {
        const [name = "", ...file] = each.split("=");
        return { name, ...(await given(file.join("="), "a trust policy")) };
      }),
    ),
    limits: await (await import("../audit/limits/given.js")).givenLimits({ scp, rcp }),
  };
}

function assertSense(paths: readonly string[], { role = [], since, usage, ...account }: Options): void {
  const ofAccount = { "--usage": usage, "--profile": account.profile, "--role-arn": account.roleArn };
  const reaching = Object.entries({ ...ofAccount, "--organization": account.organization }).flatMap(
    ([name, value]) => (value === undefined || paths.length === 0 ? [] : [name]),
  );
  const mistakes = [
    ...reaching.map((name) => `${name} is for the account of your credentials, and a path takes its place`),
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
