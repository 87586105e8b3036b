/** AWS's time, from its last response. Codes are compared with it, so that an error of this computer's clock is not blamed on the phone. */
export class AwsClock {
  #aheadMs = 0;

  /** @param date the Date header of a response, if it has one */
  set(date: string | undefined): void {
    const time = Date.parse(date ?? "");
    // The header has whole seconds: on average, half a second has passed since.
    if (!Number.isNaN(time)) this.#aheadMs = time + 500 - Date.now();
  }

  /** Milliseconds since 1970, by AWS's clock if AWS has answered, else by this computer's. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  /** How far AWS's clock is ahead of this computer's, in seconds. */
  aheadSeconds(): number {
    return Math.round(this.#aheadMs / 1000);
  }
}
