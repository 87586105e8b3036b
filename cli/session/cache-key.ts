import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import { configFile, credentialsFile } from "../aws-config/location";
import { cacheFolder } from "../home";

/** Where files of sessions and their locks lie: `~/.cache/aws-mfa-stack/sessions`, or the platform's like. */
export async function sessionFolder(): Promise<string> {
  return join(await cacheFolder(), "sessions");
}

/**
 * The name under which the session of a profile is kept. It follows the files, the access key, and what else the profile
 * gets its keys with: after a change of any the old session is not used any more.
 */
export async function cacheKey(profile: string): Promise<string> {
  const files = await loadSharedConfigFiles({
    configFilepath: configFile(),
    filepath: credentialsFile(),
    ignoreCache: true,
  });
  const settings = { ...files.configFile[profile], ...files.credentialsFile[profile] };
  const { aws_access_key_id: key = "", credential_process: command = "" } = settings;
  const endpoint = process.env.AWS_ENDPOINT_URL ?? "";
  // A path that is not from the root is another file in another folder.
  const paths = [configFile(), credentialsFile()].map((path) => resolve(path));
  return createHash("sha256")
    .update(JSON.stringify([profile, key, command, paths, endpoint]))
    .digest("hex")
    .slice(0, 32);
}
