import { Secret, TOTP } from "otpauth";
import { deviceClock, STEP_SECONDS } from "./device-clock";
import { awsError } from "./error";

/** The accepted deviation, in steps. AWS does not document its own. */
const WINDOW = 2;
/**
 * The accepted deviation for two consecutive codes, when a device is enabled or resynchronized: a day. AWS accepts old codes too, but
 * then the device is out of sync (IAM API, EnableMFADevice).
 */
const SYNC_WINDOW = (24 * 60 * 60) / STEP_SECONDS;

/** A virtual MFA device: its seed, and the last code that was accepted. */
export class Device {
  readonly #totp: TOTP;
  #last = Number.NEGATIVE_INFINITY;

  /** @param seed in Base32 */
  constructor(seed: string) {
    this.#totp = new TOTP({ secret: Secret.fromBase32(seed), digits: 6, period: STEP_SECONDS });
  }

  /** Accepts a correct, current code, once (RFC 6238, section 5.2). */
  accepts(code: string): boolean {
    const step = around(deviceClock.step(), WINDOW).find((at) => this.#codeAt(at) === code);
    if (step === undefined || step <= this.#last) return false;
    this.#last = step;
    return true;
  }

  /** Accepts two consecutive codes. Throws AwsError for any others. */
  synchronize(first: string, second: string): void {
    const now = deviceClock.step();
    const step = around(now, SYNC_WINDOW).find(
      (at) => this.#codeAt(at) === first && this.#codeAt(at + 1) === second,
    );
    if (step === undefined) throw awsError("enablingCode");
    this.#last = step + 1;
  }

  #codeAt(step: number): string {
    return this.#totp.generate({ timestamp: step * STEP_SECONDS * 1000 });
  }
}

/** The steps within a distance, the nearest first. */
function around(step: number, distance: number): number[] {
  return Array.from({ length: 2 * distance + 1 }, (_, index) =>
    index % 2 === 0 ? step - index / 2 : step + (index + 1) / 2,
  );
}
