import { InvalidArgumentError, Option } from "commander";

/** Seconds. A service that is well answers within one or two. */
const USUAL = 20;
const MOST = 3600;

let seconds = USUAL;

/**
 * How long AWS, a proxy or the keyring may be silent until the command gives up, in milliseconds. A person who is asked, a change
 * that Pulumi makes and a program that the person's own settings start may take as long as they need.
 */
export function silenceMs(): number {
  return seconds * 1000;
}

/** `--timeout` and `AWS_MFA_TIMEOUT`, the same for every command that asks somebody. */
export function timeoutOption(): Option {
  return new Option("--timeout <seconds>", "how long to wait for an answer from AWS, Pulumi or the keyring")
    .env("AWS_MFA_TIMEOUT")
    .default(USUAL)
    .argParser((text) => {
      const given = Number(text);
      if (/^\d{1,4}$/.test(text) && given >= 1 && given <= MOST) {
        seconds = given;
        return given;
      }
      throw new InvalidArgumentError(`Expected a whole number of seconds from 1 to ${MOST}.`);
    });
}
