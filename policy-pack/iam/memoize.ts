/** A map, which keeps its keys alive or not. */
interface Kept<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** The value that is kept under a key; else makes and keeps it. */
export function memoize<K, V>(kept: Kept<K, V>, key: K, make: () => V): V {
  const before = kept.get(key);
  if (before !== undefined) return before;
  const made = make();
  kept.set(key, made);
  return made;
}
