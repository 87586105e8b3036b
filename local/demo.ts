import { parseArgs } from "node:util";
import pc from "picocolors";
import { startLocalAws } from "./aws/server";
import { playInAccount } from "./demo/account";
import { localHost } from "./demo/host";
import { say, step } from "./demo/narrator";
import { sceneOn } from "./demo/scene";
import { play } from "./demo/steps";
import { pulumiCli } from "./pulumi/cli";
import { Shutdown } from "./shutdown";

/** On this machine alone. */
async function playHere(shutdown: Shutdown): Promise<void> {
  step("What this runs on");
  const [{ command }, aws] = await Promise.all([pulumiCli(), startLocalAws()]);
  shutdown.after(() => aws.stop());
  say(`Real: the Pulumi engine ${command.version}, the policy pack, the AWS CLI.`);
  say(
    `Stand-ins: a local AWS (${aws.endpoint}), which checks keys and codes, decides by a policy evaluator that we did not write, and has moto do the rest; and a small provider for Pulumi's aws provider.`,
  );
  await Promise.race([play(sceneOn(localHost(aws), shutdown)), aws.died]);
}

async function main(): Promise<void> {
  const started = Date.now();
  // The AWS SDK announces on every start which Node it will want next year: nothing that the demo shows.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const shutdown = new Shutdown();
  shutdown.onInterrupt(() => process.stderr.write(pc.yellow("\nInterrupted: stopping what was started.\n")));
  try {
    const { values } = parseArgs({ options: { account: { type: "string" } } });
    const played = values.account ? playInAccount(values.account, shutdown) : playHere(shutdown);
    await played;
    await shutdown.close();
    console.log(pc.bold(pc.green(`\nEvery step passed, in ${Math.round((Date.now() - started) / 1000)} s.`)));
  } catch (error) {
    // An interrupt makes whatever was under way fail, and says so itself.
    if (!shutdown.signal.aborted) {
      process.stderr.write(pc.red(`\n${error instanceof Error ? error.message : String(error)}\n`));
      process.exitCode = 1;
    }
    await shutdown.close();
  }
}

void main();
