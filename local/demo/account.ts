import { mkdir, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { cached, cacheFolder } from "../cache";
import { pulumiCli } from "../pulumi/cli";
import type { Shutdown } from "../shutdown";
import { deleteAll } from "./clean-up";
import { type AccountHost, accountHost, type Host } from "./host";
import { quote, say, step } from "./output";
import { demoOn } from "./setup";
import { runSteps } from "./steps";
import { type Answered, askUndocumented } from "./undocumented";

/** The file for AWS's answers. */
const answersOf = ({ account, suffix }: AccountHost) => cached(`demo-aws-${account}${suffix}.md`);

/**
 * Runs the demo in the sandbox account of a profile (docs/on-aws.md): asks first, and deletes everything at the end. AWS_ENDPOINT_URL, if
 * set, replaces AWS, and the stand-in then replaces Pulumi's aws provider.
 *
 * @param ask asks for confirmation, by default on the terminal
 * @param code generates codes, by default after waiting for each
 * @returns the file with AWS's answers to what its documentation does not say
 * @throws without confirmation, or if a step fails
 */
export async function runInAccount(
  profile: string,
  shutdown: Shutdown,
  { ask = onTerminal, code }: { ask?: typeof onTerminal; code?: Host["code"] } = {},
): Promise<string> {
  step("What this runs on");
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const host = await accountHost(profile, { endpoint, code });
  const { command } = await pulumiCli();
  say(`The Pulumi engine ${command.version}, the policy pack, the AWS CLI.`);
  say(
    endpoint
      ? `Stand-ins: ${endpoint} for AWS, and a small replacement for Pulumi's aws provider.`
      : "AWS itself, and Pulumi's aws provider.",
  );
  describe(host);
  const answer = await ask(`   Continue in account ${host.account}? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Error("Nothing was created.");
  const demo = demoOn(host, shutdown);
  shutdown.after(async () => {
    say(`Deleting what is left in account ${host.account} …`);
    const deleted: string[] = [];
    // A call in progress may create something after the first round.
    for (let round = 0; round < 2; round++) deleted.push(...(await deleteAll(demo, host.suffix)));
    say(deleted.length === 0 ? "Nothing was left." : `Deleted: ${deleted.join(", ")}.`);
  });
  let answers: readonly Answered[] = [];
  await runSteps(demo, async (keys, seed) => {
    answers = await askUndocumented(demo, keys, seed);
  });
  await mkdir(cacheFolder(), { recursive: true });
  const file = answersOf(host);
  await writeFile(file, reportOf(answers, host));
  say(`AWS's answers are in ${file}.`);
  return file;
}

function describe(host: AccountHost): void {
  say(`As ${host.arn}, the demo creates in account ${host.account} (${host.region}):`);
  quote(Object.values(host.names).join("\n"));
  say(
    `and other roles and groups. Every name contains ${host.suffix}. Everything is deleted at the end, and on Ctrl-C. For some minutes the account has a user with access keys and AdministratorAccess, and a role that can be assumed without MFA from inside the account: use a sandbox account.`,
  );
}

async function onTerminal(question: string): Promise<string> {
  process.stdout.write(question);
  for await (const line of createInterface({ input: process.stdin })) return line;
  return "";
}

function reportOf(answers: readonly Answered[], { endpoint }: AccountHost): string {
  const lines = answers.map(({ question, answer }) => `- ${question}: **${answer}**`);
  const source = endpoint ? `the stand-in at ${endpoint}` : "AWS";
  return `# What ${source} answered on ${new Date().toISOString().slice(0, 10)}\n\n${lines.join("\n")}\n`;
}
