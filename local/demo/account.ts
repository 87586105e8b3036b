import { mkdir, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { cached, cacheFolder } from "../cache";
import { pulumiCli } from "../pulumi/cli";
import type { Shutdown } from "../shutdown";
import { type AccountHost, accountHost, type Host } from "./host";
import { quote, say, step } from "./narrator";
import { sceneOn } from "./scene";
import { play } from "./steps";
import { takeAway } from "./take-away";
import { type Answered, askUndocumented } from "./undocumented";

/** Where what AWS answered is written. */
const answersOf = ({ account, suffix }: AccountHost) => cached(`demo-aws-${account}${suffix}.md`);

/**
 * The same steps in the sandbox account of a profile (docs/on-aws.md): asks first, and takes all away when the scene closes. Where
 * AWS_ENDPOINT_URL is set, that stands in place of AWS, and the stand-in provider in place of Pulumi's own.
 *
 * Gives the file with what AWS answered where its documentation is silent.
 *
 * @param ask asks whether to go on; by default on the terminal
 * @param code where codes come from; by default each is waited for
 * @throws where nobody agrees, or something does not come out
 */
export async function playInAccount(
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
      ? `Stand-ins: ${endpoint} for AWS, and a small provider for Pulumi's aws provider.`
      : "AWS itself, and Pulumi's aws provider.",
  );
  describe(host);
  const answer = await ask(`   Go on in account ${host.account}? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Error("Nothing was made.");
  const scene = sceneOn(host, shutdown);
  shutdown.after(async () => {
    say(`Taking away what is left in account ${host.account} …`);
    const gone: string[] = [];
    // A call that was under way may have made something after the first look.
    for (let round = 0; round < 2; round++) gone.push(...(await takeAway(scene, host.suffix)));
    say(gone.length === 0 ? "Nothing was left." : `Deleted: ${gone.join(", ")}.`);
  });
  let answers: readonly Answered[] = [];
  await play(scene, async (keys, seed) => {
    answers = await askUndocumented(scene, keys, seed);
  });
  await mkdir(cacheFolder(), { recursive: true });
  const file = answersOf(host);
  await writeFile(file, reportOf(answers, host));
  say(`What AWS answered is in ${file}.`);
  return file;
}

function describe(host: AccountHost): void {
  say(`This makes, in account ${host.account} (${host.region}), as ${host.arn}:`);
  quote(Object.values(host.names).join("\n"));
  say(
    `and roles and groups beside them. Every name has ${host.suffix}. All is deleted at the end and on Ctrl-C. For some minutes a user with AdministratorAccess has access keys there, and a role can be assumed without MFA from inside the account: use a sandbox account.`,
  );
}

async function onTerminal(question: string): Promise<string> {
  process.stdout.write(question);
  for await (const line of createInterface({ input: process.stdin })) return line;
  return "";
}

function reportOf(answers: readonly Answered[], { endpoint }: AccountHost): string {
  const lines = answers.map(({ question, answer }) => `- ${question}: **${answer}**`);
  const whom = endpoint ? `the stand-in at ${endpoint}` : "AWS";
  return `# What ${whom} answered on ${new Date().toISOString().slice(0, 10)}\n\n${lines.join("\n")}\n`;
}
