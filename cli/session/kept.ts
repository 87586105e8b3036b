import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { locked } from "../lock";
import { isUsable, type Session } from "./session";
import { sessionFolder, sessionName } from "./source";
import { SessionStore } from "./store";

/** How long one process waits while another one asks somebody for the code. */
const PATIENCE_MS = 5 * 60_000;

/**
 * The session of a profile: the one that is kept, or a new one from `start`, which is kept from then on. Of several
 * processes at once one starts it, and the others wait and take it too.
 */
export async function keptSession(profile: string, start: () => Promise<Session>): Promise<Session> {
  const folder = sessionFolder();
  const store = new SessionStore(folder);
  const name = await sessionName(profile);
  const kept = await store.read(name);
  if (isUsable(kept)) return kept;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return locked(
    join(folder, name),
    "this session",
    async () => {
      const meanwhile = await store.read(name);
      if (isUsable(meanwhile)) return meanwhile;
      const session = await start();
      await store.write(name, session);
      return session;
    },
    PATIENCE_MS,
  );
}

/** Gives whether there was one to forget. */
export async function forgetSession(profile: string): Promise<boolean> {
  return new SessionStore(sessionFolder()).forget(await sessionName(profile));
}
