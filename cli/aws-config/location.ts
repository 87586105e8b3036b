import { statSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure";
import { homeFolder } from "../home";

/** `~/.aws/config`, or where `AWS_CONFIG_FILE` says. */
export function configFile(): string {
  return located(process.env.AWS_CONFIG_FILE, "config");
}

/** `~/.aws/credentials`, or where `AWS_SHARED_CREDENTIALS_FILE` says. */
export function credentialsFile(): string {
  return located(process.env.AWS_SHARED_CREDENTIALS_FILE, "credentials");
}

function located(named: string | undefined, usual: string): string {
  // The AWS CLI takes the tilde for the home folder here too, where no shell has done so.
  const path = !named
    ? join(homeFolder(), ".aws", usual)
    : /^~[\\/]/.test(named)
      ? join(homeFolder(), named.slice(2))
      : named;
  if (!isPipe(path)) return path;
  throw new Failure("file", `${path} is a pipe. Expected a file.`, "Use a file instead.");
}

/** Whoever reads from one waits until somebody writes into it, and it is not there for the next reader. */
function isPipe(path: string): boolean {
  try {
    return statSync(path).isFIFO();
  } catch {
    return false;
  }
}
