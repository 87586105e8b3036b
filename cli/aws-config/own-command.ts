/**
 * What follows the command's name in a line that this command wrote as a `credential_process`, wherever the command lay then;
 * `undefined` for any other.
 */
export function wordsAfter(line: string, command: string): readonly string[] | undefined {
  const words = Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, inQuotes, bare]) => inQuotes ?? bare ?? "");
  const at = words.indexOf(command);
  return at > 0 && /(^|[\\/])aws-mfa(\.js|\.cmd)?$/.test(words[at - 1] ?? "")
    ? words.slice(at + 1)
    : undefined;
}

/**
 * The profile with the access keys, and the device, of a line that starts `aws-mfa session`, wherever the command lay
 * then; `undefined` for any other program's.
 */
export function sessionOf(
  line: string,
): { readonly profile: string; readonly mfaSerial: string | undefined } | undefined {
  const words = wordsAfter(line, "session");
  if (words === undefined) return undefined;
  const value = (option: string) => (words.includes(option) ? words[words.indexOf(option) + 1] : undefined);
  return { profile: value("--profile") ?? "default", mfaSerial: value("--mfa-serial") };
}
