/**
 * The words after the name of a subcommand, in a `credential_process` that this command wrote, from whatever folder; `undefined`
 * for any other line.
 */
export function wordsAfter(line: string, subcommand: string): readonly string[] | undefined {
  const words = Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, inQuotes, bare]) => inQuotes ?? bare ?? "");
  const at = words.indexOf(subcommand);
  return at > 0 && /(^|[\\/])aws-mfa(\.js|\.cmd)?$/.test(words[at - 1] ?? "")
    ? words.slice(at + 1)
    : undefined;
}

/** The profile with the access keys, and the device, of a line that runs `aws-mfa session`; `undefined` for any other line. */
export function sessionOf(
  line: string,
): { readonly profile: string; readonly mfaSerial: string | undefined } | undefined {
  const words = wordsAfter(line, "session");
  if (words === undefined) return undefined;
  const value = (option: string) => (words.includes(option) ? words[words.indexOf(option) + 1] : undefined);
  return { profile: value("--profile") ?? "default", mfaSerial: value("--mfa-serial") };
}
