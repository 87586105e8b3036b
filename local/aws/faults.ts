import { awsError } from "./error";

/** Faults of AWS that tests can cause: throttling and eventual consistency. */
export class Faults {
  #throttled = 0;
  #settled = 0;
  /** The time until AWS knows a new access key. */
  newKeyDelayMs = 0;
  /** The time until AWS applies a policy change. */
  policyDelayMs = 0;

  /** Throttles the next calls. */
  throttleNext(calls: number): void {
    this.#throttled = calls;
  }

  /** Throws AwsError for a throttled call. */
  throttle(): void {
    if (this.#throttled === 0) return;
    this.#throttled -= 1;
    throw awsError("throttled");
  }

  /** Whether a change that is made now has taken effect: after the delay, or once all changes have settled. */
  takesEffectAfter(delayMs: number): () => boolean {
    const [from, settled] = [Date.now() + delayMs, this.#settled];
    return () => from <= Date.now() || settled < this.#settled;
  }

  /** Lets all changes so far take effect. */
  settle(): void {
    this.#settled += 1;
  }

  reset(): void {
    this.#throttled = 0;
    this.newKeyDelayMs = 0;
    this.policyDelayMs = 0;
  }
}
