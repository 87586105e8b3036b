import { Secret, TOTP } from "otpauth";

/** Seconds that a code is shown for (RFC 6238). */
const STEP_SECONDS = 30;

/**
 * What two codes say, given in the order in which they were shown.
 * `good`: AWS will take them. `mistake`: it would not, or the device would fail later, for the reason given.
 */
export type Verdict = { readonly kind: "good" } | { readonly kind: "mistake"; readonly reason: string };

/** How far a device's clock may be off, in steps. AWS takes codes about as old as that. */
const TOLERANCE = 2;
/** A day either way: also a phone that is in the wrong time zone is found. */
const SEARCHED = (24 * 60 * 60) / STEP_SECONDS;
/** How far apart two codes are looked for that were not given in a row. */
const NEAR = 20;

/** What can be said of two codes without the seed. */
export function compareCodes(first: string, second: string): Verdict {
  if (first !== second) return { kind: "good" };
  return mistake("Both codes are the same. Wait about 30 seconds for the next one.");
}

/**
 * Compares two codes with the device's seed.
 *
 * @param seed in Base32, a secret
 * @param now milliseconds since 1970, by a clock that is right
 */
export function checkCodes(seed: string, first: string, second: string, now: number): Verdict {
  const same = compareCodes(first, second);
  if (same.kind === "mistake") return same;
  const device = new TOTP({ secret: Secret.fromBase32(seed), digits: 6, period: STEP_SECONDS });
  const current = Math.floor(now / 1000 / STEP_SECONDS);
  const codeAt = (step: number) => device.generate({ timestamp: (current + step) * STEP_SECONDS * 1000 });

  const steps = around(SEARCHED);
  const inARow = steps.find((step) => codeAt(step) === first && codeAt(step + 1) === second);
  // The second code is the one that is shown now.
  if (inARow !== undefined) return clock(inARow + 1);
  const swapped = steps.find((step) => codeAt(step) === second && codeAt(step + 1) === first);
  if (swapped !== undefined) {
    return mistake("The codes are in the wrong order. Enter the older one first.");
  }
  const near = around(NEAR);
  const [one, two] = [first, second].map((code) => near.find((step) => codeAt(step) === code));
  if (one !== undefined && two !== undefined) {
    return mistake(`The codes are ${Math.abs(two - one)} apart. Enter two consecutive codes.`);
  }
  if (one !== undefined)
    return mistake("The second code is not from this device: it is mistyped, or from another entry.");
  if (two !== undefined)
    return mistake("The first code is not from this device: it is mistyped, or from another entry.");
  return mistake("The codes are from another device. Check that the app shows the entry you just scanned.");
}

function clock(step: number): Verdict {
  if (Math.abs(step) <= TOLERANCE) return { kind: "good" };
  const direction = step > 0 ? "fast" : "slow";
  return mistake(
    `The codes are right, but the phone's clock is about ${duration(Math.abs(step) * STEP_SECONDS)} ${direction}. ` +
      "Set it from the network, then enter two new codes.",
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

function mistake(reason: string): Verdict {
  return { kind: "mistake", reason };
}
