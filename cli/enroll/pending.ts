import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../home";
import { isGone, OWNER } from "../owner";

/**
 * Remembers on this computer that a user began to make a device, from before AWS is asked until the device is enabled. After
 * a kill or a lost answer it alone tells a device whose QR code nobody saw from one that an administrator handed out.
 */
export interface PendingEnrollment {
  /** Whether a run began, and has ended. One that still shows its QR code has lost nothing. */
  isLeft(): Promise<boolean>;
  /** Without a cache folder that can be written the device is made all the same, and a next run knows less. */
  remember(): Promise<void>;
  forget(): Promise<void>;
}

/** A folder in `~/.cache/aws-mfa-stack/enrolling`. Each file in it is empty, and bears the name of a process that began. */
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
        // The person is told how far it came all the same, unless the process is killed.
      }
    },
    forget: async () => {
      await rm(folder, { recursive: true, force: true }).catch(() => {});
    },
  };
}
