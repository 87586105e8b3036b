import { delimiter, dirname, isAbsolute, join } from "node:path";
import execa from "execa";
import { pulumiCli } from "../pulumi/cli";

const COMMAND = join(__dirname, "..", "..", "cli", "bin", "aws-mfa.js");

/**
 * Runs this repository's own `aws-mfa`, with the Pulumi CLI on PATH and nothing of the person's own AWS settings. Gives
 * what it printed. Throws what it says where it fails.
 *
 * @param codes for its standard input, one a line, since nobody types here
 */
export async function awsMfa(
  args: readonly string[],
  { env, codes = [] }: { env: Readonly<Record<string, string>>; codes?: readonly string[] },
): Promise<string> {
  const { command } = await pulumiCli();
  const path = process.env.PATH ?? "";
  const { all = "" } = await execa(process.execPath, [COMMAND, ...args], {
    all: true,
    input: codes.map((code) => `${code}\n`).join(""),
    extendEnv: false,
    env: {
      ...env,
      PATH: isAbsolute(command) ? `${dirname(command)}${delimiter}${path}` : path,
      AWS_EC2_METADATA_DISABLED: "true",
    },
  });
  return all;
}
