import { homedir } from "node:os";
import { Failure } from "./failure";

/** The person's home folder. Throws Failure (`file`) if it is unknown. */
export function homeFolder(): string {
  const home = found();
  if (home) return home;
  throw new Failure(
    "file",
    `No home folder: HOME is not set, and the system has none for user id ${process.getuid?.()}.`,
    "Set HOME to the folder that contains .aws.",
  );
}

function found(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/** The cache folder: `~/.cache/aws-mfa-stack`, or the platform's equivalent. Throws as `homeFolder`. */
export async function cacheFolder(): Promise<string> {
  homeFolder();
  // This module looks up the home folder when it is loaded.
  const { default: envPaths } = await import("env-paths");
  return envPaths("aws-mfa-stack", { suffix: "" }).cache;
}
