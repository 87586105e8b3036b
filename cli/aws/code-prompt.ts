import { readCode } from "../terminal/read-code";
import { explain } from "./explain";

/** Asks for a device's codes. */
export interface CodePrompt {
  /** `hint` says what was wrong with the code before. */
  code(serial: string, hint: string | undefined): Promise<string>;
  /** How often AWS may refuse a code until it is given up. */
  readonly attempts: number;
}

/**
 * Takes codes from standard input, or asks on the terminal.
 *
 * @param instead what to do where nobody can be asked
 */
export function codePrompt(fromInput: boolean, instead: string): CodePrompt {
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
