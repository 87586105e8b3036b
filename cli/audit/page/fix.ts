/** A finding's message in its two parts: what was found, and from the line that begins with `Fix:` on, what to do. */
export function parted(message: string): { readonly told: string; readonly fix: string } {
  const at = message.search(/^Fix:/m);
  return at < 0
    ? { told: message, fix: "" }
    : { told: message.slice(0, at).trimEnd(), fix: message.slice(at) };
}
