import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { COMMAND } from "../../cli/testing/command";
import { type PtySession, spawnOnPty } from "../../cli/testing/pty";
import { pythonEnvironment } from "../../local/moto/environment";

const ROWS = 30;

/** The widths of a terminal, in columns. */
export const COLUMNS = { narrow: 80, wide: 120 } as const;

/** A shell in a terminal. */
export interface Shell extends PtySession {
  readonly columns: number;
  /** Types a command, and does not wait for its end: it may prompt. */
  type(command: string): Promise<void>;
  /** Waits for the end of the command. */
  finished(): Promise<void>;
  run(command: string): Promise<void>;
}

export interface ShellOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly width?: keyof typeof COLUMNS;
}

/** Creates a folder for PATH with the commands of the guide. */
export async function commandFolder(parent: string): Promise<string> {
  const bin = join(parent, "commands");
  await mkdir(bin);
  await symlink(COMMAND, join(bin, "aws-mfa"));
  // The scripts of a Python environment contain the path of the folder in which they were created.
  const aws = join(bin, "aws");
  await writeFile(aws, `#!/bin/sh\nexec "${await pythonEnvironment()}" -m awscli "$@"\n`);
  await chmod(aws, 0o755);
  return bin;
}

/** Starts a shell, and closes its terminal after `use`. */
export async function withShell(
  { env, folder, width = "narrow" }: ShellOptions,
  use: (shell: Shell) => Promise<void>,
): Promise<void> {
  const terminal = { PS1: "$ ", PS2: "> ", LANG: "C.UTF-8", TERM: "xterm-256color", AWS_PAGER: "" };
  const setting = { env: { ...env, ...terminal }, cwd: folder };
  const columns = COLUMNS[width];
  const session = spawnOnPty("/bin/sh", [], setting, { columns, rows: ROWS });
  const type = async (command: string) => {
    for (const [index, line] of command.split("\n").entries()) {
      if (index > 0) await session.sees(/\n>$/);
      session.answers(line);
      await session.sees(line);
    }
  };
  const finished = () => session.sees(/\n\$$/);
  const run = async (command: string) => {
    await type(command);
    await finished();
  };
  try {
    await session.sees(/^\$$/);
    await use({ ...session, columns, type, finished, run });
  } finally {
    session.kill("SIGHUP");
    await session.ends();
  }
}
