import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { configFile, credentialsFile } from "../aws-config/location";
import { settingsIn } from "../aws-config/settings";
import { cacheFolder } from "../home";

/** The folder of session files and their locks: `~/.cache/aws-mfa-stack/sessions`, or the platform's equivalent. */
export async function sessionFolder(): Promise<string> {
  return join(await cacheFolder(), "sessions");
}

/**
 * The name that a profile's session is cached under. It depends on the files, the access key and the `credential_process`, so that a
 * session is no longer used after one of them changes.
 */
export async function cacheKey(profile: string): Promise<string> {
  const { aws_access_key_id: key = "", credential_process: command = "" } = await settingsIn(profile);
  const endpoint = process.env.AWS_ENDPOINT_URL ?? "";
  // A relative path means another file in another folder.
  const paths = [configFile(), credentialsFile()].map((path) => resolve(path));
  return createHash("sha256")
    .update(JSON.stringify([profile, key, command, paths, endpoint]))
    .digest("hex")
    .slice(0, 32);
}
