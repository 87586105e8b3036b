import { spawn } from "node:child_process";
import { join } from "node:path";
import { silenceMs } from "../patience";
import type { SecretStore } from "./secret-store";

const PROCESS = join(__dirname, "keyring-process.mjs");

/** What the process that speaks with the keyring ends with where there is nothing under the name. */
export const NOTHING_THERE = 3;

/**
 * The operating system's keyring: Keychain on macOS, the Credential Manager on Windows, a Secret Service on Linux.
 * `undefined` where its library is not installed, or `AWS_MFA_KEYRING=off` says to leave it alone.
 */
export function keyring(): SecretStore | undefined {
  if (process.env.AWS_MFA_KEYRING === "off" || !isInstalled()) return undefined;
  return keyringBehind(PROCESS, silenceMs());
}

/**
 * The keyring behind a script that is run for each request. A call of the keyring's library cannot be given up, and one
 * that hangs keeps its process from ending: so it gets one of its own, which can be killed. One that did not answer, such as
 * one that waits for somebody to unlock it, is not asked again: whoever wants credentials has waited long enough.
 */
export function keyringBehind(script: string, patienceMs: number): SecretStore {
  let hangs = false;
  const run = (request: "read" | "write" | "forget", name: string, text = "") =>
    new Promise<string | undefined>((resolve, reject) => {
      if (hangs) throw new Error("the keyring does not respond");
      // The text is a secret: it goes through pipes, never into the arguments, which others can see.
      const child = spawn(process.execPath, [script, request, name], {
        stdio: ["pipe", "pipe", "ignore"],
        timeout: patienceMs,
        killSignal: "SIGKILL",
        windowsHide: true,
      });
      const chunks: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
      child.on("error", reject);
      child.on("close", (code, signal) => {
        hangs = signal !== null;
        if (code === 0) resolve(Buffer.concat(chunks).toString("utf8"));
        else if (code === NOTHING_THERE) resolve(undefined);
        else reject(new Error("the keyring does not respond"));
      });
      child.stdin.on("error", () => {});
      child.stdin.end(text);
    });
  return {
    read: (name) => run("read", name),
    write: async (name, text) => {
      await run("write", name, text);
    },
    forget: async (name) => (await run("forget", name)) !== undefined,
  };
}

/** It is optional: npm leaves it out where there is no build of it for the platform. */
function isInstalled(): boolean {
  try {
    require.resolve("@napi-rs/keyring");
    return true;
  } catch {
    return false;
  }
}
