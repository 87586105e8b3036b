import { Secret, TOTP } from "otpauth";

/** Two consecutive codes, in the order in which the device showed them. */
export type Codes = readonly [first: string, second: string];

/** How long a code is shown (RFC 6238). */
const STEP_SECONDS = 30;
/** How far a device's clock may be off, in steps: AWS accepts codes about that old. */
const TOLERANCE = 2;
/** A day either way, which includes a phone in the wrong time zone. */
const SEARCHED = (24 * 60 * 60) / STEP_SECONDS;
/** How far apart codes that are not consecutive are searched for, in steps. */
const NEAR = 20;

/**
 * Why AWS would reject the codes, or why the device would fail later; `undefined` if they are right.
 *
 * @param seed the device's, in Base32, a secret; without it only equal codes are found
 * @param now milliseconds since 1970, from a clock that is right
 */
export function mistakeIn([first, second]: Codes, seed: string | undefined, now: number): string | undefined {
  if (first === second) return "Both codes are the same. Wait about 30 seconds for the next one.";
  if (seed === undefined) return undefined;
  const device = new TOTP({ secret: Secret.fromBase32(seed), digits: 6, period: STEP_SECONDS });
  const current = Math.floor(now / 1000 / STEP_SECONDS);
  const codeAt = (step: number) => device.generate({ timestamp: (current + step) * STEP_SECONDS * 1000 });

  const steps = around(SEARCHED);
  const consecutive = steps.find((step) => codeAt(step) === first && codeAt(step + 1) === second);
  // The device shows the second code now.
  if (consecutive !== undefined) return clockMistake(consecutive + 1);
  if (steps.some((step) => codeAt(step) === second && codeAt(step + 1) === first)) {
    return "The codes are in the wrong order. Enter the older one first.";
  }
  const near = around(NEAR);
  const [one, two] = [first, second].map((code) => near.find((step) => codeAt(step) === code));
  if (one !== undefined && two !== undefined) {
    return `The codes are ${Math.abs(two - one)} apart. Enter two consecutive codes.`;
  }
  if (one === undefined && two === undefined) {
    return "The codes are from another device. Check that the app shows the entry you just scanned.";
  }
  const wrong = one === undefined ? "first" : "second";
  return `The ${wrong} code is not from this device: it is mistyped, or from another entry.`;
}

function clockMistake(step: number): string | undefined {
  if (Math.abs(step) <= TOLERANCE) return undefined;
  const off = duration(Math.abs(step) * STEP_SECONDS);
  return (
    `The codes are right, but the phone's clock is about ${off} ${step > 0 ? "fast" : "slow"}. ` +
    "Set it from the network, then enter two new codes."
  );
}

function duration(seconds: number): string {
  if (seconds < 600) return `${seconds} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 6) / 10} hours`;
}

/** 0, 1, -1, 2, -2, …: the likeliest first. */
function around(most: number): number[] {
  return Array.from({ length: 2 * most + 1 }, (_, index) => (index % 2 === 0 ? -index / 2 : (index + 1) / 2));
}
