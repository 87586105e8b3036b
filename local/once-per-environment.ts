import { cacheFolder } from "./cache";

/** Caches the result of `find`, which starts programs, for each environment. */
export function oncePerEnvironment<T>(find: () => Promise<T>): () => Promise<T> {
  const found = new Map<string, Promise<T>>();
  return () => {
    const key = JSON.stringify([process.env.PATH, process.env.AWS_MFA_PULUMI, cacheFolder()]);
    const search = found.get(key) ?? find();
    found.set(key, search);
    return search;
  };
}
