/** The time step of the codes, in seconds (RFC 6238). */
export const STEP_SECONDS = 30;

/**
 * The clock of all MFA devices, shared by the local AWS and the code generators of this process. It is this machine's clock until it is
 * first set; from then on it stands still until it is set ahead, and never goes back. So nobody waits for the next code, and no code
 * expires on a slow machine.
 */
class DeviceClock {
  #set: number | undefined;

  /** The current time step: the number of codes since 1970. */
  step(): number {
    return this.#set ?? Math.floor(Date.now() / 1000 / STEP_SECONDS);
  }

  /** Sets the clock to this step, unless it is already later. */
  advanceTo(step: number): void {
    this.#set = Math.max(step, this.step());
  }
}

export const deviceClock = new DeviceClock();
