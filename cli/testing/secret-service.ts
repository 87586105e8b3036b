import { spawnSync } from "node:child_process";
import { execa } from "execa";

/** Whether this machine can run a keyring for tests. Requires Debian's packages gnome-keyring and dbus, or their equivalents. */
export const hasSecretService = ["gnome-keyring-daemon", "dbus-run-session"].every(
  (program) => spawnSync(program, ["--help"]).error === undefined,
);

/**
 * Runs a shell script with an unlocked Secret Service, a real keyring but not the person's, and returns its output.
 *
 * @param folder where the keyring is stored
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
