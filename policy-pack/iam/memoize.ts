/** A `Map` or `WeakMap`. */
interface Cache<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** The cached value of a key, or the value that `make` returns, which is then cached. */
export function memoize<K, V>(cache: Cache<K, V>, key: K, make: () => V): V {
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const made = make();
  cache.set(key, made);
  return made;
}
