import { join } from "node:path";
import { execa } from "execa";

export const COMMAND = join(__dirname, "..", "bin", "aws-mfa.js");

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Setting {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Standard input; empty by default. */
  readonly input?: string;
}

/** Runs the command as a script would: pipes for everything, and no terminal to ask on. */
export async function runPlain(args: readonly string[], { env, cwd, input }: Setting): Promise<Ended> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [COMMAND, ...args], {
    env: { ...env },
    extendEnv: false,
    reject: false,
    // A new session has no terminal.
    detached: true,
    ...(cwd && { cwd }),
    ...(input === undefined ? { stdin: "ignore" } : { input }),
  });
  return { code: exitCode ?? -1, stdout, stderr };
}
