import { type IPty, spawn } from "@lydell/node-pty";
import { type IBuffer, Terminal } from "@xterm/headless";
import { COMMAND, type Setting } from "./command";

/**
 * Ends the wait for a command that hangs, so that the test reports the screen. It is below the timeout of a test, and so long that a busy
 * machine does not matter.
 */
const HANGS_MS = 600_000;

/** A person at a terminal: types, and waits for text on the screen. */
export interface PtySession {
  /** The text on the screen, without blank lines at its end. */
  screen(): string;
  /** The screen as cells with colors, and the cursor. */
  cells(): IBuffer;
  /** All output so far, with control sequences. */
  everything(): string;
  /** Waits until the screen shows this. Rejects with the screen if the command ends without it. */
  sees(what: string | RegExp): Promise<void>;
  /** Types a line and Enter. */
  answers(line: string): void;
  /** Presses a key, such as `\x03` for Ctrl-C. */
  presses(key: string): void;
  kill(signal: NodeJS.Signals): void;
  /** Closes the terminal window. */
  closes(): void;
  /** Waits for the end, and returns the exit code. */
  ends(): Promise<number>;
}

interface Size {
  readonly columns?: number;
  readonly rows?: number;
}

/** Runs the command on a pseudo-terminal. */
export function runOnPty(args: readonly string[], setting: Setting, size: Size = {}): PtySession {
  return spawnOnPty(process.execPath, [COMMAND, ...args], setting, size);
}

/** Runs any program on a pseudo-terminal. */
export function spawnOnPty(
  program: string,
  args: readonly string[],
  { env, cwd }: Setting,
  { columns = 400, rows = 40 }: Size = {},
): PtySession {
  const emulator = new Terminal({ cols: columns, rows, allowProposedApi: true });
  const pty: IPty = spawn(program, [...args], {
    name: "xterm-256color",
    cols: columns,
    rows,
    env: { ...env },
    ...(cwd && { cwd }),
  });
  let everything = "";
  let wake = () => {};
  let written = Promise.resolve();
  pty.onData((data) => {
    everything += data;
    written = new Promise((done) =>
      emulator.write(data, () => {
        done();
        wake();
      }),
    );
  });
  const ended = new Promise<number>((done) => {
    pty.onExit(({ exitCode, signal }) => {
      done(signal ? 128 + signal : exitCode);
      wake();
    });
  });
  let over = false;
  void ended.then(() => {
    over = true;
  });

  const screen = () => screenOf(emulator);
  const shows = (what: string | RegExp) =>
    typeof what === "string" ? screen().includes(what) : what.test(screen());
  return {
    screen,
    cells: () => emulator.buffer.active,
    everything: () => everything,
    sees: async (what) => {
      const until = Date.now() + HANGS_MS;
      while (!shows(what)) {
        const left = until - Date.now();
        if (over) await written;
        if (shows(what)) return;
        if (over || left <= 0) throw new Error(`${what} did not come; the screen is:\n${screen()}`);
        await new Promise<void>((done) => {
          const timer = setTimeout(done, left);
          wake = () => {
            clearTimeout(timer);
            done();
          };
        });
      }
    },
    answers: (line) => pty.write(`${line}\r`),
    presses: (key) => pty.write(key),
    kill: (signal) => pty.kill(signal),
    closes: () => {
      // Missing from the types, but present on Unix.
      if (!("destroy" in pty) || typeof pty.destroy !== "function") throw new Error("it cannot be closed");
      pty.destroy();
    },
    ends: async () => {
      const code = await ended;
      await written;
      return code;
    },
  };
}

/** Wrapped lines are joined. */
function screenOf(emulator: Terminal): string {
  const buffer = emulator.buffer.active;
  let text = "";
  for (let index = 0; index < buffer.length; index++) {
    const line = buffer.getLine(index);
    const goesOn = buffer.getLine(index + 1)?.isWrapped === true;
    text += `${line?.translateToString(!goesOn) ?? ""}${goesOn ? "" : "\n"}`;
  }
  return text.trimEnd();
}
