import { closeSync, openSync, writeSync } from "node:fs";
import { ReadStream, WriteStream } from "node:tty";
import { Failure } from "../failure";

/** The person's terminal, whatever standard input and output are connected to. */
export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
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
 * @throws Failure (`terminal`) where there is none
 */
export function openTerminal(instead: string): Terminal {
  const terminal = opened();
  if (terminal === undefined) {
    throw new Failure("terminal", "There is no terminal to ask on.", instead);
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

function opened(): Terminal | undefined {
  try {
    const output = openSync(OUTPUT, "r+");
    const input = openSync(INPUT, "r+");
    return terminal(input, output);
  } catch {
    return undefined;
  }
}

function terminal(inputFd: number, outputFd: number): Terminal {
  const input = new ReadStream(inputFd);
  const output = new WriteStream(outputFd);
  // What stands in `input` when nobody reads it belongs to the shell.
  input.pause();
  const writeFd = openSync(OUTPUT, "r+");
  return {
    input,
    output,
    write: (text) => {
      writeSync(writeFd, text);
    },
    close: () => {
      input.destroy();
      output.destroy();
      closeSync(writeFd);
    },
  };
}
