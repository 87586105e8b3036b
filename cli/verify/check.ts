import type { Exit } from "../failure";

/** The steps on the way to a session, in the order in which they are taken. */
const STEPS = ["profile", "keys", "clock", "device", "role", "session"] as const;
export type Step = (typeof STEPS)[number];

/**
 * What one step came to. `unknown`: it could not be looked at, which is no mistake. Steps after one that ends the way are
 * left out.
 */
export type Check =
  | { readonly step: Step; readonly outcome: "ok"; readonly found: string }
  | { readonly step: Step; readonly outcome: "unknown"; readonly found: string }
  | {
      readonly step: Step;
      readonly outcome: "failed";
      readonly found: string;
      /** What to do about it. */
      readonly remedy: string;
      readonly exit: Exit;
      /** AWS's own words. */
      readonly said?: string;
    };

export const ok = (step: Step, found: string): Check => ({ step, outcome: "ok", found });

export const unknown = (step: Step, found: string): Check => ({ step, outcome: "unknown", found });

export const failed = (step: Step, found: string, remedy: string, exit: Exit = "failed"): Check => ({
  step,
  outcome: "failed",
  found,
  remedy,
  exit,
});

/** A step that has failed and ends the way: nothing after it can be looked at. */
export class DeadEnd extends Error {
  override readonly name = "DeadEnd";

  constructor(readonly check: Check) {
    super(check.found);
  }
}
