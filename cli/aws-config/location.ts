import { join } from "node:path";
import { getHomeDir } from "@smithy/shared-ini-file-loader";

/** `~/.aws/config`, or where `AWS_CONFIG_FILE` says. */
export function configFile(): string {
  return located(process.env.AWS_CONFIG_FILE, "config");
}

/** `~/.aws/credentials`, or where `AWS_SHARED_CREDENTIALS_FILE` says. */
export function credentialsFile(): string {
  return located(process.env.AWS_SHARED_CREDENTIALS_FILE, "credentials");
}

function located(named: string | undefined, usual: string): string {
  if (!named) return join(getHomeDir(), ".aws", usual);
  // The AWS CLI takes the tilde for the home folder here too, where no shell has done so.
  return /^~[\\/]/.test(named) ? join(getHomeDir(), named.slice(2)) : named;
}
