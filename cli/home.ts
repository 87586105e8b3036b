import { homedir } from "node:os";
import { Failure } from "./failure";

/** The person's home folder. Throws Failure (`file`) if it is unknown. */
export function homeFolder(): string {
  try {
    const home = homedir();
    if (home) return home;
  } catch {
    // The system does not know this user.
  }
  throw new Failure(
    "file",
    `No home folder: HOME is not set, and the system has none for user id ${process.getuid?.()}.`,
    "Set HOME to the folder that contains .aws.",
  );
}

/** The cache folder: `~/.cache/aws-mfa-stack`, or the platform's equivalent. Throws as `homeFolder`. */
export async function cacheFolder(): Promise<string> {
  homeFolder();
  // This module looks up the home folder when it is loaded.
  const { default: envPaths } = await import("env-paths");
  return envPaths("aws-mfa-stack", { suffix: "" }).cache;
}
