import { join } from "node:path";
import { locked } from "../lock";
import { silenceMs } from "../patience";
import { mayHaveDialog } from "../terminal/dialog";
import { tellPerson } from "../terminal/terminal";
import { cacheKey, sessionFolder } from "./cache-key";
import { makeSecretFolder } from "./file-store";
import type { Session } from "./session";
import { sessionStore } from "./session-store";

/** How long one process waits at a terminal while another one asks somebody for the code. */
const PATIENCE_MS = 5 * 60_000;

/**
 * The session of a profile: the one that is kept, or a new one from `start`, which is kept from then on. Of several
 * processes at once one starts it, and the others wait and take it too.
 *
 * @throws Failure (`file`) where it could not be kept, before `start` is called; (`busy`) where another process takes
 *   longer than five minutes, or than `--timeout` where nobody can be told that this one waits
 */
export async function cachedSession(profile: string, start: () => Promise<Session>): Promise<Session> {
  const folder = await sessionFolder();
  const store = sessionStore(folder);
  const name = await cacheKey(profile);
  const kept = await store.read(name);
  if (kept) return kept;
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
      patienceMs: PATIENCE_MS,
      onWait: (process) => {
        const isTold = tellPerson(
          `Another aws-mfa is already asking for the code of ${profile}: process ${process}. Enter it there. ` +
            "This command then uses the same session; if that process ends without a code, it asks here.\n",
        );
        // Whoever cannot be told would see a program that hangs.
        return isTold || mayHaveDialog() ? undefined : silenceMs();
      },
    },
  );
}

/** The cached session of a profile that is not nearly over. */
export async function keptSession(profile: string): Promise<Session | undefined> {
  return sessionStore(await sessionFolder()).read(await cacheKey(profile));
}

/** Gives whether there was one to forget. Throws Failure (`file`) where it cannot be removed. */
export async function forgetSession(profile: string): Promise<boolean> {
  return sessionStore(await sessionFolder()).forget(await cacheKey(profile));
}
