import { closeSync, openSync, writeSync } from "node:fs";
import { ReadStream, WriteStream } from "node:tty";
import { Failure } from "../failure";
import { hangUp } from "../interruption";
import { printable } from "./escape-controls";
import { isInForeground } from "./foreground";
import { wrapWords } from "./wrap";

/** The person's terminal, whatever standard input and output are connected to. */
export interface Terminal {
  readonly input: ReadStream;
  /** A stream for one prompt, which ends it. */
  output(): WriteStream;
  readonly columns: number;
  readonly rows: number;
  /** Writes at once, also while the process ends. */
  write(text: string): void;
  close(): void;
}

const [INPUT, OUTPUT] =
  process.platform === "win32" ? ["\\\\.\\CONIN$", "\\\\.\\CONOUT$"] : ["/dev/tty", "/dev/tty"];

/**
 * Opens the terminal that the process belongs to. Prompts go there and never to standard output, which a
 * `credential_process` hands to another program.
 *
 * @param instead what to do where there is none, for the message
 * @throws Failure (`terminal`) where there is none, or this runs in the background
 */
function openTerminal(instead: string): Terminal {
  const terminal = opened();
  if (terminal === undefined) {
    throw new Failure("terminal", "Cannot ask: there is no terminal.", instead);
  }
  if (!isInForeground()) {
    terminal.close();
    throw new Failure("terminal", "Cannot ask: this runs in the background.", instead);
  }
  return terminal;
}

/** Opens the terminal for `work` and closes it afterwards, however `work` ends. */
export async function withTerminal<T>(instead: string, work: (terminal: Terminal) => Promise<T>): Promise<T> {
  const terminal = openTerminal(instead);
  try {
    return await work(terminal);
  } finally {
    terminal.close();
  }
}

/**
 * Says something to the person at the terminal, also where standard error goes to another program: the AWS CLI and the SDKs keep that of
 * a `credential_process` to themselves.
 *
 * @returns whether there is a terminal that can be asked on
 */
export function tellPerson(text: string): boolean {
  const terminal = opened();
  const isHere = terminal !== undefined && isInForeground();
  if (isHere && !process.stderr.isTTY) terminal.write(wrapWords(text, terminal.columns));
  else process.stderr.write(text);
  terminal?.close();
  return isHere;
}

/** Whether there is a terminal that can be asked on. */
export function canAsk(): boolean {
  const terminal = opened();
  terminal?.close();
  return terminal !== undefined && isInForeground();
}

function opened(): Terminal | undefined {
  try {
    const descriptor = openSync(OUTPUT, "r+");
    const { columns, rows } = sizeOf();
    const input = new ReadStream(openSync(INPUT, "r+"));
    // What is typed while nobody asks belongs to the shell.
    input.pause();
    input.on("end", hangUp).on("error", hangUp);
    return {
      input,
      output: () => new WriteStream(openSync(OUTPUT, "r+")).on("error", hangUp),
      columns,
      rows,
      write: (text) => {
        try {
          writeSync(descriptor, printable(text));
        } catch {
          // The terminal is gone, which ends its input too.
        }
      },
      close: () => {
        input.destroy();
        closeSync(descriptor);
      },
    };
  } catch {
    return undefined;
  }
}

function sizeOf(): { columns: number; rows: number } {
  const output = new WriteStream(openSync(OUTPUT, "r+"));
  const { columns, rows } = output;
  output.destroy();
  return { columns, rows };
}
