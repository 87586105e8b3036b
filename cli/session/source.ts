import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import envPaths from "env-paths";
import { configFile, credentialsFile } from "../aws-config/location";

/** Where files of sessions and their locks lie: `~/.cache/aws-mfa-stack/sessions`, or the platform's like. */
export function sessionFolder(): string {
  return join(envPaths("aws-mfa-stack", { suffix: "" }).cache, "sessions");
}

/**
 * The name under which the session of a profile is kept. It follows the files, the access key, and what else the profile
 * gets its keys with: after a change of any the old session is not used any more.
 */
export async function sessionName(profile: string): Promise<string> {
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
