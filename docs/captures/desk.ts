import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { COMMAND } from "../../cli/testing/command";
import { type PtySession, spawnOnPty } from "../../cli/testing/pty";
import { pythonEnvironment } from "../../local/moto/environment";

const ROWS = 30;

/** How wide a terminal is: as narrow as what is shown allows. */
export const WIDTHS = { narrow: 80, wide: 120 } as const;

/** A shell at a terminal, and a person who types into it. */
export interface Shell extends PtySession {
  readonly columns: number;
  /** Types a command and waits for nothing: it may ask. */
  starts(command: string): Promise<void>;
  /** Waits until the command is through and the shell asks for the next one. */
  isDone(): Promise<void>;
  runs(command: string): Promise<void>;
}

/** Where the commands that the guide names are found by their names. */
export async function commands(folder: string): Promise<string> {
  const bin = join(folder, "commands");
  await mkdir(bin);
  await symlink(COMMAND, join(bin, "aws-mfa"));
  // The scripts beside that Python name the folder in which it was made.
  const aws = join(bin, "aws");
  await writeFile(aws, `#!/bin/sh\nexec "${await pythonEnvironment()}" -m awscli "$@"\n`);
  await chmod(aws, 0o755);
  return bin;
}

/** A folder whose path is as long as `/home/alice`, so that the one can stand for the other on the screen. */
export async function newHome(): Promise<{ home: string; remove: () => Promise<void> }> {
  const home = await mkdtemp("/tmp/");
  return { home, remove: () => rm(home, { recursive: true, force: true }) };
}

/** Whose shell it is, where, and how wide. */
export interface Seat {
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly width?: keyof typeof WIDTHS;
}

/** A person sits down at a shell, types, and leaves. */
export async function atShell(
  { env, folder, width = "narrow" }: Seat,
  types: (shell: Shell) => Promise<void>,
): Promise<void> {
  const plain = { PS1: "$ ", PS2: "> ", LANG: "C.UTF-8", TERM: "xterm-256color", AWS_PAGER: "" };
  const columns = WIDTHS[width];
  const setting = { env: { ...env, ...plain }, cwd: folder };
  const sitting = spawnOnPty("/bin/sh", [], setting, { columns, rows: ROWS });
  try {
    await sitting.sees(/^\$$/);
    await types(shellOf(sitting, columns));
  } finally {
    sitting.kill("SIGHUP");
    await sitting.ends();
  }
}

function shellOf(sitting: PtySession, columns: number): Shell {
  const starts = async (command: string) => {
    for (const [index, line] of command.split("\n").entries()) {
      if (index > 0) await sitting.sees(/\n>$/);
      sitting.answers(line);
      await sitting.sees(line);
    }
  };
  const isDone = () => sitting.sees(/\n\$$/);
  return {
    ...sitting,
    columns,
    starts,
    isDone,
    runs: async (command) => {
      await starts(command);
      await isDone();
    },
  };
}
