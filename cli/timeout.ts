import { InvalidArgumentError, Option } from "commander";

/** In seconds. A healthy service answers within one or two. */
const DEFAULT = 20;
const MOST = 3600;

let seconds = DEFAULT;

/**
 * The time limit for an answer from AWS, a proxy or the keyring, in milliseconds. A person, a Pulumi update and a program from the
 * person's own settings may take any time.
 */
export function timeoutMs(): number {
  return seconds * 1000;
}

/** `--timeout` and `AWS_MFA_TIMEOUT`, an option of every command. */
export function timeoutOption(): Option {
  return new Option("--timeout <seconds>", "how long to wait for a response from AWS, Pulumi or the keyring")
    .env("AWS_MFA_TIMEOUT")
    .default(DEFAULT)
    .argParser((text) => {
      const given = Number(text);
      if (/^\d{1,4}$/.test(text) && given >= 1 && given <= MOST) {
        seconds = given;
        return given;
      }
      throw new InvalidArgumentError(`Expected a whole number of seconds from 1 to ${MOST}.`);
    });
}
