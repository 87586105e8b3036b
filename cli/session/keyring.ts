import type { Vault } from "./store";

const SERVICE = "aws-mfa-stack";
/** A keyring that waits for somebody to unlock it must not hold up a program that wants credentials. */
const PATIENCE_MS = 20_000;

/**
 * The operating system's keyring: Keychain on macOS, the Credential Manager on Windows, a Secret Service on Linux.
 * `undefined` where its library is not installed, or `AWS_MFA_KEYRING=off` says to leave it alone.
 */
export function keyring(): Vault | undefined {
  if (process.env.AWS_MFA_KEYRING === "off") return undefined;
  const library = loaded();
  if (library === undefined) return undefined;
  // Linux has the kernel's keyring too, but it is another one for each login and empty after a restart.
  const entry = (name: string) =>
    new library.AsyncEntry(SERVICE, name, { linux: { store: "secret-service" } });
  const signal = () => AbortSignal.timeout(PATIENCE_MS);
  return {
    read: async (name) => (await entry(name).getPassword(signal())) ?? undefined,
    write: (name, text) => entry(name).setPassword(text, signal()),
    forget: async (name) => (await entry(name).deletePassword(signal())) === true,
  };
}

/** It is optional: npm leaves it out where there is no build of it for the platform. */
function loaded(): typeof import("@napi-rs/keyring") | undefined {
  try {
    return require("@napi-rs/keyring");
  } catch {
    return undefined;
  }
}
