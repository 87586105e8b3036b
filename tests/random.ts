/** Gives whole numbers from 0 up to but not including `below`. */
export type Random = (below: number) => number;

/** A small generator of numbers, so that a seed repeats everything. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** One of the list. */
export function oneOf<T>(random: Random, list: readonly [T, ...T[]]): T {
  return list[random(list.length)] ?? list[0];
}

/** One of the list. Consecutive seeds give each in turn. */
export function inTurn<T>(seed: number, list: readonly [T, ...T[]]): T {
  return list[seed % list.length] ?? list[0];
}
