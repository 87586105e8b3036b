import { join } from "node:path";
import type { SessionCredentials } from "../aws/session-credentials";
import { locked } from "../lock";
import { mayHaveDialog } from "../terminal/dialog";
import { tellPerson } from "../terminal/terminal";
import { timeoutMs } from "../timeout";
import { cacheKey, sessionFolder } from "./cache-key";
import { makeSecretFolder } from "./file-store";
import { sessionStore } from "./session-store";

/** How long a process waits while another one asks for the code. */
const WAIT_MS = 5 * 60_000;

/**
 * The session of a profile: the cached one, or a new one from `start`, which is then cached. If several processes run at once, one
 * starts the session, and the others wait and use it too.
 *
 * @throws Failure (`file`) before `start` is called, if the session could not be cached; (`busy`) if another process takes longer than
 *   five minutes, or than `--timeout` if nobody can be told about the wait
 */
export async function cachedSession(
  profile: string,
  start: () => Promise<SessionCredentials>,
): Promise<SessionCredentials> {
  const folder = await sessionFolder();
  const store = sessionStore(folder);
  const name = await cacheKey(profile);
  const cached = await store.read(name);
  if (cached) return cached;
  await makeSecretFolder(folder);
  return locked(
    join(folder, name),
    "this session",
    async () => {
      const meanwhile = await store.read(name);
      if (meanwhile) return meanwhile;
      const session = await start();
      await store.write(name, session);
      return session;
    },
    {
      waitMs: WAIT_MS,
      onWait: (process) => {
        const isTold = tellPerson(
          `Another aws-mfa is already asking for the code of ${profile}: process ${process}. Enter it there. ` +
            "This command then uses the same session; if that process ends without a code, it asks here.\n",
        );
        // Without a message, the command would appear to hang.
        return isTold || mayHaveDialog() ? undefined : timeoutMs();
      },
    },
  );
}

/** The cached session of a profile, unless it is about to expire. */
export async function findSession(profile: string): Promise<SessionCredentials | undefined> {
  return sessionStore(await sessionFolder()).read(await cacheKey(profile));
}

/** Returns whether a session was cached. Throws Failure (`file`) if it cannot be deleted. */
export async function deleteSession(profile: string): Promise<boolean> {
  return sessionStore(await sessionFolder()).forget(await cacheKey(profile));
}
