/** Text that Markdown and HTML leave as it is, in one line: every mark that may mean something is a character reference. */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[!-+\--/:-@[-`{-~]/g, (mark) => `&#${mark.codePointAt(0)};`);
}

/** A name, as code: what mentions a person or an issue elsewhere stays text there. */
export function code(name: string): string {
  return `<code>${plain(name)}</code>`;
}

/** Lines as they are, in a block that nothing in them can end. */
export function block(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text.replace(/\r\n?/g, "\n")}\n${fence}`;
}
