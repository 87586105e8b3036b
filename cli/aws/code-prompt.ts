import { codeFrom } from "../terminal/code-command";
import { readCode } from "../terminal/read-code";
import { explain } from "./explain";

/** Asks for a device's codes. */
export interface CodePrompt {
  /** `hint` says what was wrong with the code before. */
  code(serial: string, hint: string | undefined): Promise<string>;
  /** How often AWS may refuse a code until it is given up. */
  readonly attempts: number;
}

export interface CodeSource {
  /** Whether codes come on standard input. */
  readonly fromInput?: boolean | undefined;
  /** A command that prints the code: `mfa_process` of a profile, or `--code-command`. */
  readonly command?: string | undefined;
  /** What to do where nobody can be asked. */
  readonly instead: string;
}

/** Takes codes from standard input or from a program, or asks the person. */
export function codePrompt({ fromInput = false, command, instead }: CodeSource): CodePrompt {
  // The program would print the same code again.
  if (command && !fromInput) return { code: () => codeFrom(command), attempts: 1 };
  return {
    code: (serial, hint) => readCode(fromInput, `${hint ? `${hint}\n` : ""}MFA code for ${serial}:`, instead),
    // A person may mistype; what is on standard input stays the same.
    attempts: fromInput ? 1 : 3,
  };
}

/**
 * Calls AWS with a code of the device, and with another one where AWS says that the code itself was wrong.
 *
 * @throws what the call throws, for any other reason or after the last attempt
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
