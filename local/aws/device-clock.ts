/** Seconds that a code is shown for (RFC 6238). */
export const STEP_SECONDS = 30;

/**
 * The time on all MFA devices, which is this machine's until somebody sets it ahead: a used code then costs no wait for the next.
 * Whoever makes codes in this process and the local AWS that checks them share it. It never goes back.
 */
class DeviceClock {
  #aheadSteps = 0;

  /** The current step: how often a code was shown since 1970. */
  step(): number {
    return Math.floor(Date.now() / 1000 / STEP_SECONDS) + this.#aheadSteps;
  }

  /** Sets the clock ahead until this step is current, or leaves it where it is later already. */
  advanceTo(step: number): void {
    this.#aheadSteps += Math.max(0, step - this.step());
  }

  /** How far it is ahead of this machine's, in seconds. */
  aheadSeconds(): number {
    return this.#aheadSteps * STEP_SECONDS;
  }
}

export const deviceClock = new DeviceClock();
