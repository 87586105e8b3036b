import { awsError } from "./error";

/** What AWS does now and then, and the local AWS when it is asked to. */
export class Faults {
  #throttled = 0;
  #settled = 0;
  /** How long AWS does not know a new access key yet. */
  newKeysCountAfterMs = 0;
  /** How long AWS still decides by the policies from before a change. */
  policiesCountAfterMs = 0;

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

  /** Whether a change that is made now counts: after so long, or as soon as all is settled. */
  countsAfter(ms: number): () => boolean {
    const [from, settled] = [Date.now() + ms, this.#settled];
    return () => from <= Date.now() || settled < this.#settled;
  }

  /** What was changed until now counts. */
  settle(): void {
    this.#settled += 1;
  }

  reset(): void {
    this.#throttled = 0;
    this.newKeysCountAfterMs = 0;
    this.policiesCountAfterMs = 0;
  }
}
