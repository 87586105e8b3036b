import { codeFrom } from "../terminal/code-command";
import { readCode } from "../terminal/read-code";
import { explain } from "./explain";

/** Where a device's codes come from. */
export interface CodePrompt {
  /** `hint` says what was wrong with the previous code. */
  code(serial: string, hint: string | undefined): Promise<string>;
  /** The number of codes to try. */
  readonly attempts: number;
}

export interface CodeSource {
  /** Whether to read codes from standard input. */
  readonly fromInput?: boolean | undefined;
  /** A command that prints a code: `mfa_process` of a profile, or `--code-command`. */
  readonly command?: string | undefined;
  /** The remedy if nobody can be asked. */
  readonly instead: string;
}

/** Reads codes from standard input, runs a command, or asks the person. */
export function codePrompt({ fromInput = false, command, instead }: CodeSource): CodePrompt {
  // The command would print the same code again.
  if (command && !fromInput) return { code: () => codeFrom(command), attempts: 1 };
  return {
    code: (serial, hint) => readCode(fromInput, `${hint ? `${hint}\n` : ""}MFA code for ${serial}:`, instead),
    // A person may mistype; standard input does not change.
    attempts: fromInput ? 1 : 3,
  };
}

/**
 * Calls AWS with a code of the device, and again with another one if AWS says that the code was wrong.
 *
 * @throws the error of the call, if it has another reason or was the last attempt
 */
export async function withCode<T>(
  serial: string,
  { code, attempts }: CodePrompt,
  call: (code: string) => Promise<T>,
): Promise<T> {
  for (let nth = 1, hint: string | undefined; ; nth++) {
    const given = await code(serial, hint);
    try {
      return await call(given);
    } catch (error) {
      const { cause, said } = explain(error);
      if (nth >= attempts || !/one time pass code/i.test(said)) throw error;
      hint = `${cause.charAt(0).toUpperCase()}${cause.slice(1)}.`;
    }
  }
}
