/** The two parts of a finding's message: what was found, and the fix, from the line that starts with `Fix:`. */
export function parted(message: string): { readonly found: string; readonly fix: string } {
  const at = message.search(/^Fix:/m);
  return at < 0
    ? { found: message, fix: "" }
    : { found: message.slice(0, at).trimEnd(), fix: message.slice(at) };
}
