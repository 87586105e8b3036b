import { join } from "node:path";
import { execa } from "execa";
import { pulumiCli } from "../pulumi/cli";
import { QUOTED_WIDTH } from "./narrator";

export const COMMAND = join(__dirname, "..", "..", "cli", "bin", "aws-mfa.js");

/**
 * Runs this repository's own `aws-mfa`, with the Pulumi CLI on PATH and nothing of the person's own AWS settings. Gives
 * what it printed. Throws what it says where it ends with another exit code than `exit`.
 *
 * @param codes for its standard input, one a line, since nobody types here
 * @param exit 0 by default
 */
export async function awsMfa(
  args: readonly string[],
  {
    env,
    codes = [],
    exit = 0,
  }: { env: Readonly<Record<string, string>>; codes?: readonly string[]; exit?: number },
): Promise<string> {
  const { path } = await pulumiCli();
  const { all = "", exitCode } = await execa(process.execPath, [COMMAND, ...args], {
    all: true,
    reject: false,
    input: codes.map((code) => `${code}\n`).join(""),
    extendEnv: false,
    env: {
      ...env,
      PATH: path,
      AWS_EC2_METADATA_DISABLED: "true",
      COLUMNS: String(QUOTED_WIDTH),
    },
  });
  if (exitCode === exit) return all;
  throw new Error(`aws-mfa ${args.join(" ")} ended with ${exitCode}, not with ${exit}:\n${all}`);
}
