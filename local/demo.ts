import { parseArgs } from "node:util";
import pc from "picocolors";
import { startLocalAws } from "./aws/server";
import { runInAccount } from "./demo/account";
import { localHost } from "./demo/host";
import { say, step } from "./demo/output";
import { demoOn } from "./demo/setup";
import { runSteps } from "./demo/steps";
import { pulumiCli } from "./pulumi/cli";
import { Shutdown } from "./shutdown";

async function runLocally(shutdown: Shutdown): Promise<void> {
  step("What this runs on");
  const [{ command }, aws] = await Promise.all([pulumiCli(), startLocalAws()]);
  shutdown.after(() => aws.stop());
  say(`Real: the Pulumi engine ${command.version}, the policy pack, the AWS CLI.`);
  say(
    `Stand-ins: a local AWS (${aws.endpoint}) that verifies keys and codes, decides with an independent policy evaluator, and leaves the rest to moto; and a small replacement for Pulumi's aws provider.`,
  );
  await Promise.race([runSteps(demoOn(localHost(aws), shutdown)), aws.died]);
}

async function main(): Promise<void> {
  const started = Date.now();
  // The AWS SDK warns about future Node requirements.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const shutdown = new Shutdown();
  shutdown.onInterrupt(() => process.stderr.write(pc.yellow("\nInterrupted. Cleaning up.\n")));
  try {
    const { values } = parseArgs({ options: { account: { type: "string" } } });
    await (values.account ? runInAccount(values.account, shutdown) : runLocally(shutdown));
    await shutdown.close();
    console.log(pc.bold(pc.green(`\nAll steps passed in ${Math.round((Date.now() - started) / 1000)} s.`)));
  } catch (error) {
    // After an interrupt, errors are expected.
    if (!shutdown.signal.aborted) {
      process.stderr.write(pc.red(`\n${error instanceof Error ? error.message : String(error)}\n`));
      process.exitCode = 1;
    }
    await shutdown.close();
  }
}

void main();
