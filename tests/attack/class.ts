import type { Random } from "../random";

/** One way to do the project harm. Each has a file of its own, and a line in `classes.ts`. */
export interface AttackClass {
  /** As `--class` names it, such as `killed`. */
  readonly name: string;
  /** What is done, and what has to hold all the same: two sentences for the table. */
  readonly attack: string;
  readonly holds: string;
  /** How many attacks a full run makes, and how many `npm test` does. */
  readonly runs: { readonly full: number; readonly short: number };
  /** Prepares what the attacks share. `folder`: a new one, removed after the last attack. */
  open(folder: string): Promise<Target>;
}

export interface Target {
  /** Makes one attack. Everything that varies comes from `random` and `seed`. Rejects where something did not hold. */
  attack(random: Random, seed: number): Promise<void>;
  close?(): Promise<void>;
}
