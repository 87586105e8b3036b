/** The value that is kept under a key; else makes and keeps it. */
export function memoize<K, V>(kept: Pick<Map<K, V>, "get" | "set">, key: K, make: () => V): V {
  const before = kept.get(key);
  if (before !== undefined) return before;
  const made = make();
  kept.set(key, made);
  return made;
}
