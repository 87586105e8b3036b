const OTHERS = [
  "role_arn",
  "sso_session",
  "sso_start_url",
  "login_session",
  "credential_source",
  "web_identity_token_file",
];

/** Where a profile says that its credentials come from; `none` where it says nothing of any. */
export function credentialsOf(
  settings: Readonly<Record<string, string | undefined>>,
): "keys" | "process" | "other" | "none" {
  if (settings.aws_access_key_id && settings.aws_secret_access_key) return "keys";
  if (settings.credential_process) return "process";
  return otherSetting(settings) ? "other" : "none";
}

/** The setting that says where a profile's credentials come from, besides keys and programs; empty where none does. */
export function otherSetting(settings: Readonly<Record<string, string | undefined>>): string {
  return OTHERS.find((key) => settings[key]) ?? "";
}
