import { Secret, TOTP } from "otpauth";
import { deviceClock, STEP_SECONDS } from "./device-clock";
import { awsError } from "./error";

/** Steps around the current one whose codes are taken. AWS does not document its own window. */
const WINDOW = 2;
/**
 * The same for two codes in a row, when a device is turned on or resynchronized: a day. AWS takes old ones too, and leaves the device
 * out of sync then (IAM API, EnableMFADevice).
 */
const SEARCHED = (24 * 60 * 60) / STEP_SECONDS;

/** What is known of a device's codes: the seed, and which code was taken last. */
export class Device {
  readonly #totp: TOTP;
  #last = Number.NEGATIVE_INFINITY;

  /** @param seed in Base32 */
  constructor(seed: string) {
    this.#totp = new TOTP({ secret: Secret.fromBase32(seed), digits: 6, period: STEP_SECONDS });
  }

  /** Takes the code, once (RFC 6238, section 5.2). Whether it is right, of about now, and was not taken before. */
  takes(code: string): boolean {
    const step = around(deviceClock.step(), WINDOW).find((at) => this.#codeAt(at) === code);
    if (step === undefined || step <= this.#last) return false;
    this.#last = step;
    return true;
  }

  /** Takes two codes that follow each other. Throws AwsError where they do not, or are of another device. */
  synchronize(first: string, second: string): void {
    const now = deviceClock.step();
    const step = around(now, SEARCHED).find(
      (at) => this.#codeAt(at) === first && this.#codeAt(at + 1) === second,
    );
    if (step === undefined) throw awsError("enablingCode");
    this.#last = step + 1;
  }

  #codeAt(step: number): string {
    return this.#totp.generate({ timestamp: step * STEP_SECONDS * 1000 });
  }
}

/** The steps up to so many away, the nearest first. */
function around(step: number, most: number): number[] {
  return Array.from({ length: 2 * most + 1 }, (_, index) =>
    index % 2 === 0 ? step - index / 2 : step + (index + 1) / 2,
  );
}
