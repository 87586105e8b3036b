/** Seconds that a code is shown for (RFC 6238). */
export const STEP_SECONDS = 30;

/**
 * The time on all MFA devices. It is this machine's until somebody sets it, and stands still from then on until it is set ahead: a used
 * code costs no wait for the next, and no code grows too old on a slow machine. Whoever makes codes in this process and the local
 * AWS that checks them share it. It never goes back.
 */
class DeviceClock {
  #set: number | undefined;

  /** The current step: how often a code was shown since 1970. */
  step(): number {
    return this.#set ?? Math.floor(Date.now() / 1000 / STEP_SECONDS);
  }

  /** Sets the clock to this step, or to the current one where that is later. */
  advanceTo(step: number): void {
    this.#set = Math.max(step, this.step());
  }
}

export const deviceClock = new DeviceClock();
