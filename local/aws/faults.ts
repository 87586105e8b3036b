import { awsError } from "./error";

/** What AWS does now and then, and the local AWS when it is asked to. */
export class Faults {
  #throttled = 0;
  /** How long AWS does not know a new access key yet. */
  newKeysCountAfterMs = 0;

  /** The next so many calls are refused, since there were too many. */
  throttleNext(calls: number): void {
    this.#throttled = calls;
  }

  /** Throws AwsError. */
  throttle(): void {
    if (this.#throttled === 0) return;
    this.#throttled -= 1;
    throw awsError("throttled");
  }

  reset(): void {
    this.#throttled = 0;
    this.newKeysCountAfterMs = 0;
  }
}
