import type { Settings } from "./settings";

const OTHERS = [
  "role_arn",
  "sso_session",
  "sso_start_url",
  "login_session",
  "credential_source",
  "web_identity_token_file",
];

/** Where a profile's credentials come from; `none` if it does not say. */
export function credentialsOf(settings: Settings): "keys" | "process" | "other" | "none" {
  if (settings.aws_access_key_id && settings.aws_secret_access_key) return "keys";
  if (settings.credential_process) return "process";
  return otherSetting(settings) ? "other" : "none";
}

/** The setting that names another source of credentials than keys and programs; empty if there is none. */
export function otherSetting(settings: Settings): string {
  return OTHERS.find((key) => settings[key]) ?? "";
}
