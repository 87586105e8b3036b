import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomFrom } from "../random";
import type { AttackClass } from "./class";

export interface Outcome {
  readonly tried: number;
  /** What did not hold, with the seed that repeats it alone. */
  readonly broken: readonly { readonly seed: number; readonly what: string }[];
}

/**
 * Makes this many attacks of a class. The nth has the seed `seed + n`, so that one can be repeated without the others:
 * `npm run attack -- --class NAME --seed N --runs 1`.
 */
export async function attacked(each: AttackClass, runs: number, seed: number): Promise<Outcome> {
  const broken: Outcome["broken"][number][] = [];
  const folder = await mkdtemp(join(tmpdir(), "aws-mfa-attack-"));
  const target = await each.open(folder);
  try {
    for (let nth = 0; nth < runs; nth++) {
      // Seeds that follow each other would give numbers that do.
      const random = randomFrom(Math.imul(seed + nth, 0x9e3779b1));
      await target.attack(random, seed + nth).catch((error: unknown) => {
        broken.push({ seed: seed + nth, what: error instanceof Error ? error.message : String(error) });
      });
    }
  } finally {
    await target.close?.();
    await rm(folder, { recursive: true, force: true });
  }
  return { tried: runs, broken };
}
