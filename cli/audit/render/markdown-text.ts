/** Text on one line without markup: every character that may mean something in Markdown or HTML is a character reference. */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[!-+\--/:-@[-`{-~]/g, (mark) => `&#${mark.codePointAt(0)};`);
}

/** A name as code, in which GitHub does not link a person or an issue. */
export function code(name: string): string {
  return `<code>${plain(name)}</code>`;
}

/** A code block that no line in it can end. */
export function block(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text.replace(/\r\n?/g, "\n")}\n${fence}`;
}
