import confirm from "@inquirer/confirm";
import input from "@inquirer/input";
import { Interrupted } from "../failure";
import { printable } from "./escape-controls";
import type { Terminal } from "./terminal";

/**
 * Asks for a six-digit code until the answer is one, and then removes it from the screen.
 *
 * @throws Interrupted on Ctrl-C
 */
export async function askCode(terminal: Terminal, message: string): Promise<string> {
  const validate = (text: string) => isCode(text) || "Expected six digits.";
  return plainCode(await ask(terminal, { message, validate }, { clearPromptOnDone: true }));
}

export interface Question {
  readonly message: string;
  /** The answer of Enter alone. */
  readonly default?: string;
  /** The problem with an answer, if there is one. */
  readonly mistake: (text: string) => string | undefined;
  /** Masks the answer. */
  readonly isSecret?: boolean;
}

/** Asks for a line until it is valid. Returns it trimmed. Throws Interrupted on Ctrl-C. */
export async function askLine(
  terminal: Terminal,
  { mistake, isSecret = false, ...question }: Question,
): Promise<string> {
  const given = await ask(terminal, {
    ...question,
    validate: (text) => mistake(text.trim()) ?? true,
    ...(isSecret && { transformer: (text) => "*".repeat(text.length) }),
  });
  return given.trim();
}

/** Asks for one of these choices. The default is the first. Throws Interrupted on Ctrl-C. */
export function askOne(terminal: Terminal, message: string, choices: readonly string[]): Promise<string> {
  const list = choices.join(", ");
  return askLine(terminal, {
    message: `${message} ${list}:`,
    default: choices[0] ?? "",
    mistake: (text) => (choices.includes(text) ? undefined : `Expected one of ${list}.`),
  });
}

/** Waits for Enter. Throws Interrupted on Ctrl-C. */
export async function askEnter(terminal: Terminal, message: string): Promise<void> {
  await ask(terminal, { message });
}

/** Asks yes or no. The default is no. Throws Interrupted on Ctrl-C. */
export function askYes(terminal: Terminal, message: string): Promise<boolean> {
  return answered(confirm({ message: printable(message), default: false }, streams(terminal)));
}

/** Apps show a code as `123 456`. */
export function plainCode(text: string): string {
  return text.replaceAll(/\s/g, "");
}

export function isCode(text: string): boolean {
  return /^\d{6}$/.test(plainCode(text));
}

function ask(
  terminal: Terminal,
  question: Parameters<typeof input>[0],
  context: Parameters<typeof input>[1] = {},
): Promise<string> {
  const message = printable(question.message);
  return answered(input({ ...question, message }, { ...streams(terminal), ...context }));
}

function streams(terminal: Terminal) {
  return { input: terminal.input, output: terminal.output() };
}

async function answered<T>(prompt: Promise<T>): Promise<T> {
  try {
    return await prompt;
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") throw new Interrupted();
    throw error;
  }
}
