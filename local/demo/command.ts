import { join } from "node:path";
import { execa } from "execa";
import { pulumiCli } from "../pulumi/cli";
import { until } from "./host";
import { awsCli, type Member } from "./member";
import { QUOTED_WIDTH, quote, say } from "./output";
import type { Demo } from "./setup";

export const COMMAND = join(__dirname, "..", "..", "cli", "bin", "aws-mfa.js");

interface Options {
  readonly env: Readonly<Record<string, string>>;
  /** MFA codes for standard input. */
  readonly codes?: readonly string[];
  /** The expected exit code, by default 0. */
  readonly exit?: number;
}

/**
 * Runs this repository's `aws-mfa`, with the Pulumi CLI on PATH and without the user's AWS settings, and returns its output. Throws if the
 * exit code is not the expected one.
 */
export async function awsMfa(
  args: readonly string[],
  { env, codes = [], exit = 0 }: Options,
): Promise<string> {
  const { path } = await pulumiCli();
  const { all = "", exitCode } = await execa(process.execPath, [COMMAND, ...args], {
    all: true,
    reject: false,
    input: codes.map((code) => `${code}\n`).join(""),
    extendEnv: false,
    env: { ...env, PATH: path, AWS_EC2_METADATA_DISABLED: "true", COLUMNS: String(QUOTED_WIDTH) },
  });
  if (exitCode === exit) return all;
  throw new Error(`aws-mfa ${args.join(" ")}: expected exit code ${exit}, got ${exitCode}:\n${all}`);
}

/** The same, printing the command, without the `hidden` arguments, and its output. */
export async function showMfa(
  args: readonly string[],
  { hidden = [], ...options }: Options & { readonly hidden?: readonly string[] },
): Promise<string> {
  say(`$ aws-mfa ${args.join(" ")}`);
  const printed = await awsMfa([...args, ...hidden], options);
  quote(printed);
  return printed;
}

/**
 * Runs the AWS CLI as the member until its output is as expected, and prints the command and the output. Returns whether it is.
 *
 * @param shown the printed command, by default the arguments
 */
export async function showAws(
  { host }: Demo,
  member: Member,
  args: readonly string[],
  expected: RegExp,
  { shown = args.join(" "), profile = "default" } = {},
): Promise<boolean> {
  say(`$ aws ${shown}`);
  const printed = await until(host, expected, async () => (await awsCli(args, member, { profile })).printed);
  quote(printed);
  return expected.test(printed);
}
