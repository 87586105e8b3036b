import { execFile } from "node:child_process";
import { join } from "node:path";
import { timeoutMs } from "../timeout";
import type { SecretStore } from "./secret-store";

const PROCESS = join(__dirname, "keyring-process.mjs");

/** The exit code of the keyring's process if there is nothing under the name. */
export const NOTHING_THERE = 3;

/**
 * The operating system's keyring: Keychain on macOS, Credential Manager on Windows, a Secret Service on Linux. `undefined` if its
 * library is not installed, or `AWS_MFA_KEYRING` is `off`.
 */
export function keyring(): SecretStore | undefined {
  if (process.env.AWS_MFA_KEYRING === "off" || !isInstalled()) return undefined;
  return keyringBehind(PROCESS, timeoutMs());
}

/**
 * The keyring behind a script that is run for each request. A call of the keyring's library cannot be canceled, and one that hangs
 * keeps its process alive; a process of its own can be killed. A keyring that did not answer, such as one that waits to be unlocked,
 * is not asked again.
 */
export function keyringBehind(script: string, limitMs: number): SecretStore {
  let hangs = false;
  const run = (request: "read" | "write" | "forget", name: string, text = "") =>
    new Promise<string | undefined>((resolve, reject) => {
      if (hangs) throw new Error("the keyring does not respond");
      const child = execFile(
        process.execPath,
        [script, request, name],
        { timeout: limitMs, killSignal: "SIGKILL", windowsHide: true },
        (error, stdout) => {
          hangs = Boolean(error?.signal);
          if (error === null) resolve(stdout);
          else if (error.code === NOTHING_THERE) resolve(undefined);
          else reject(new Error("the keyring does not respond"));
        },
      );
      // Secrets go through pipes: other users can see arguments.
      child.stdin?.on("error", () => {}).end(text);
    });
  return {
    read: (name) => run("read", name),
    write: async (name, text) => {
      await run("write", name, text);
    },
    forget: async (name) => (await run("forget", name)) !== undefined,
  };
}

/** It is an optional dependency: npm omits it on platforms without a build. */
function isInstalled(): boolean {
  try {
    require.resolve("@napi-rs/keyring");
    return true;
  } catch {
    return false;
  }
}
