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
  /** A new stream for one prompt, which ends it. */
  output(): WriteStream;
  readonly columns: number;
  readonly rows: number;
  /** Synchronous, so that it works while the process exits. */
  write(text: string): void;
  close(): void;
}

const [INPUT, OUTPUT] =
  process.platform === "win32" ? ["\\\\.\\CONIN$", "\\\\.\\CONOUT$"] : ["/dev/tty", "/dev/tty"];

/**
 * Opens the process's terminal for `work`, and closes it afterwards. Prompts go there and never to standard output, which another program
 * reads from a `credential_process`.
 *
 * @param instead the remedy if there is no terminal
 * @throws Failure (`terminal`) if there is none, or the process is in the background
 */
export async function withTerminal<T>(instead: string, work: (terminal: Terminal) => Promise<T>): Promise<T> {
  const terminal = opened();
  if (terminal === undefined) throw new Failure("terminal", "Cannot ask: there is no terminal.", instead);
  try {
    if (!isInForeground()) {
      throw new Failure("terminal", "Cannot ask: this runs in the background.", instead);
    }
    return await work(terminal);
  } finally {
    terminal.close();
  }
}

/**
 * Writes to the terminal if standard error goes elsewhere: the AWS CLI and the SDKs do not show that of a `credential_process`.
 *
 * @returns whether there is a terminal for prompts
 */
export function tellPerson(text: string): boolean {
  const terminal = opened();
  const isHere = terminal !== undefined && isInForeground();
  if (isHere && !process.stderr.isTTY) terminal.write(wrapWords(text, terminal.columns));
  else process.stderr.write(text);
  terminal?.close();
  return isHere;
}

/** Whether there is a terminal for prompts. */
export function canAsk(): boolean {
  const terminal = opened();
  terminal?.close();
  return terminal !== undefined && isInForeground();
}

function opened(): Terminal | undefined {
  const output = () => new WriteStream(openSync(OUTPUT, "r+")).on("error", hangUp);
  try {
    const descriptor = openSync(OUTPUT, "r+");
    const screen = output();
    const { columns, rows } = screen;
    screen.destroy();
    const input = new ReadStream(openSync(INPUT, "r+"));
    // Keys that are pressed between prompts are for the shell.
    input.pause();
    input.on("end", hangUp).on("error", hangUp);
    return {
      input,
      output,
      columns,
      rows,
      write: (text) => {
        try {
          writeSync(descriptor, printable(text));
        } catch {
          // The terminal is closed. Its input ends too.
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
