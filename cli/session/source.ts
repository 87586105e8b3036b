import { createHash } from "node:crypto";
import { join } from "node:path";
import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import envPaths from "env-paths";
import { configFile, credentialsFile } from "../aws-config/location";

/** Where files of sessions and their locks lie: `~/.cache/aws-mfa-stack/sessions`, or the platform's like. */
export function sessionFolder(): string {
  return join(envPaths("aws-mfa-stack", { suffix: "" }).cache, "sessions");
}

/**
 * The name under which the session of a profile is kept. It follows the access key: after a change of keys the old
 * session is not used any more.
 */
export async function sessionName(profile: string): Promise<string> {
  const files = await loadSharedConfigFiles({
    configFilepath: configFile(),
    filepath: credentialsFile(),
    ignoreCache: true,
  });
  const key =
    files.credentialsFile[profile]?.aws_access_key_id ?? files.configFile[profile]?.aws_access_key_id ?? "";
  const endpoint = process.env.AWS_ENDPOINT_URL ?? "";
  return createHash("sha256")
    .update(JSON.stringify([profile, key, configFile(), endpoint]))
    .digest("hex")
    .slice(0, 32);
}
