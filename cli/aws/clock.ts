import type { Pluggable } from "@smithy/types";

/**
 * AWS's own time, from the last answer. Codes are compared with it, so that a wrong clock of this computer is not taken
 * for a wrong clock of the phone.
 */
export class AwsClock {
  #ahead = 0;

  /** Looks at the answers of a client. */
  plugin<Input extends object, Output extends object>(): Pluggable<Input, Output> {
    return {
      applyToStack: (stack) => {
        stack.add(
          (next) => async (args) => {
            const result = await next(args);
            this.#see(result.response);
            return result;
          },
          { step: "deserialize", name: "awsClock", priority: "low" },
        );
      },
    };
  }

  /** Milliseconds since 1970, by AWS's clock where AWS has answered, else by this computer's. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  /** How far AWS's clock is ahead of this computer's, in seconds. */
  aheadSeconds(): number {
    return Math.round(this.#ahead / 1000);
  }

  #see(response: unknown): void {
    const date = Date.parse(headersOf(response).date ?? "");
    // The header has whole seconds: half of one is the best guess for the rest.
    if (!Number.isNaN(date)) this.#ahead = date + 500 - Date.now();
  }
}

function headersOf(response: unknown): Record<string, string | undefined> {
  if (typeof response !== "object" || response === null || !("headers" in response)) return {};
  const { headers } = response;
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}
