import { statSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure";
import { homeFolder } from "../home";

/** The two files that the AWS CLI and the SDKs read. */
export type FileKind = "config" | "credentials";

/** The variable that names another file. */
export const FILE_VARIABLE: Readonly<Record<FileKind, string>> = {
  config: "AWS_CONFIG_FILE",
  credentials: "AWS_SHARED_CREDENTIALS_FILE",
};

/** `~/.aws/config`, or `AWS_CONFIG_FILE`. Throws Failure (`file`) if it is a pipe. */
export function configFile(): string {
  return located("config");
}

/** `~/.aws/credentials`, or `AWS_SHARED_CREDENTIALS_FILE`. Throws Failure (`file`) if it is a pipe. */
export function credentialsFile(): string {
  return located("credentials");
}

function located(kind: FileKind): string {
  const given = process.env[FILE_VARIABLE[kind]] || join("~", ".aws", kind);
  // The AWS CLI expands a tilde in the variables too.
  const path = /^~[\\/]/.test(given) ? join(homeFolder(), given.slice(2)) : given;
  if (!isPipe(path)) return path;
  throw new Failure("file", `${path} is a pipe. Expected a file.`, "Use a file instead.");
}

/** A pipe blocks its reader until something writes to it, and can be read only once. */
function isPipe(path: string): boolean {
  try {
    return statSync(path).isFIFO();
  } catch {
    return false;
  }
}
