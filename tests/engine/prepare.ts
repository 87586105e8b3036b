import { pythonEnvironment } from "../../local/moto/environment";
import { pulumiCli } from "../../local/pulumi/cli";

/** Once for all engine tests: the Pulumi CLI and moto, from the cache or made now. */
export async function setup(): Promise<void> {
  await pulumiCli();
  await pythonEnvironment();
}
