import { cacheFolder } from "./cache";

/** What `find` gives, found once for the same environment: each search starts programs. */
export function oncePerEnvironment<T>(find: () => Promise<T>): () => Promise<T> {
  const found = new Map<string, Promise<T>>();
  return () => {
    const key = JSON.stringify([process.env.PATH, process.env.AWS_MFA_PULUMI, cacheFolder()]);
    const search = found.get(key) ?? find();
    found.set(key, search);
    return search;
  };
}
