import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../home";
import { isGone, OWNER } from "../owner";

/**
 * A note on this computer that a user began to create a device, written before AWS is asked and kept until the device is enabled. After
 * a kill or a lost answer, only this note distinguishes a device whose QR code nobody saw from one that an administrator handed over.
 */
export interface PendingEnrollment {
  /** Whether a run began and has ended. A run that still shows its QR code has lost nothing. */
  isLeft(): Promise<boolean>;
  /** Does nothing if the cache folder cannot be written: the device is created anyway, and the next run knows less. */
  remember(): Promise<void>;
  forget(): Promise<void>;
}

/** A folder in `~/.cache/aws-mfa-stack/enrolling`. Each file in it is empty, and its name is that of a process that began. */
export async function pendingEnrollment(account: string, user: string): Promise<PendingEnrollment> {
  const folder = join(await cacheFolder(), "enrolling", encodeURIComponent(`${account}-${user}`));
  return {
    isLeft: async () => {
      const owners = await readdir(folder).catch(() => []);
      return owners.length > 0 && owners.every(isGone);
    },
    remember: async () => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(join(folder, OWNER), "");
      } catch {
        // Unless the process is killed, the person is told how far it came anyway.
      }
    },
    forget: () => rm(folder, { recursive: true, force: true }).catch(() => {}),
  };
}
