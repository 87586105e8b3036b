import { spawnSync } from "node:child_process";
import { execa } from "execa";

/** Whether this machine can run a keyring of the test's own. Needs Debian's packages gnome-keyring and dbus, or their like. */
export const hasSecretService = ["gnome-keyring-daemon", "dbus-run-session"].every(
  (program) => spawnSync(program, ["--help"]).error === undefined,
);

/**
 * Runs a shell script beside a Secret Service that is unlocked and ends with it: a real keyring, not the person's. Gives what
 * it printed.
 *
 * @param folder where the keyring lies
 */
export async function besideSecretService(
  script: string,
  args: readonly string[],
  { folder, env }: { readonly folder: string; readonly env: Readonly<Record<string, string>> },
): Promise<string> {
  const unlock = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
  const { stdout } = await execa(
    "dbus-run-session",
    ["--", "/bin/sh", "-c", `${unlock}\n${script}`, ...args],
    { detached: true, extendEnv: false, env: { ...env, HOME: folder, XDG_RUNTIME_DIR: folder } },
  );
  return stdout;
}
