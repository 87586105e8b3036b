import type { Settings } from "./settings";

/** One setting, with all lines of its value. */
export interface Setting {
  value: string;
  /** Lines from `from` up to but not including `to`. */
  readonly from: number;
  to: number;
  readonly indent: string;
}

export interface Section {
  /** The text between the brackets. */
  readonly header: string;
  readonly line: number;
  readonly indent: string;
  /** By their names in lower case, since the AWS CLI ignores case. */
  readonly settings: Map<string, Readonly<Setting>>;
}

export interface Ini {
  /** Each with its line ending. */
  readonly lines: readonly string[];
  readonly sections: readonly Section[];
}

/** The AWS CLI rejects this text. `line` counts from 1. */
export class UnreadableIni extends Error {
  override readonly name = "UnreadableIni";

  constructor(
    readonly line: number,
    readonly found: string,
  ) {
    super(`line ${line}: ${found}`);
  }
}

/** The settings of a section. */
export function valuesOf(section: Section | undefined): Settings {
  return Object.fromEntries(Array.from(section?.settings ?? [], ([name, { value }]) => [name, value]));
}

// Python's white space. JavaScript's `\s` lacks some of it, and includes the byte order mark.
const SPACES = new Set(
  "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
);
const isSpace = (text: string, at: number): boolean => SPACES.has(text.charAt(at));

function indentOf(line: string): number {
  let at = 0;
  while (isSpace(line, at)) at++;
  return at;
}

/** Without white space at both ends. A regular expression would take quadratic time on a line of spaces. */
function strip(text: string): string {
  let end = text.length;
  while (isSpace(text, end - 1)) end--;
  return text.slice(Math.min(indentOf(text), end), end);
}

/** Whether the line is a comment, at any indent. */
export const isComment = (line: string): boolean => /^[#;]/.test(strip(line));

/**
 * Parses a configuration file like the AWS CLI, which uses Python's `configparser`: `=` or `:` separates name and value, `#` and `;`
 * start a comment only at the beginning of a line, and an indented line continues the value above it.
 * https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
 *
 * @throws UnreadableIni if the AWS CLI rejects the file: text before the first section, a line that is neither a section nor a
 *   setting, a duplicate section or setting, a nested line without `=`
 */
export function parseIni(text: string): Ini {
  const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
  const sections = new Map<string, Section>();
  let section: Section | undefined;
  let level = 0;
  let open: (Setting & { name: string }) | undefined;
  /** Whether the lines below are nested settings, such as those of `s3 =`. */
  let hasNested = false;
  if (text.startsWith("\ufeff")) throw new UnreadableIni(1, "a byte order mark (BOM)");
  lines.forEach((line, index) => {
    const content = strip(line);
    if (content === "" || isComment(line)) return;
    const indent = line.slice(0, indentOf(line));
    if (open !== undefined && indent.length > level) {
      if (hasNested && !content.includes("=")) {
        throw new UnreadableIni(index + 1, `a line without = below ${open.name}`);
      }
      open.value += `\n${content}`;
      open.to = index + 1;
      return;
    }
    level = indent.length;
    const header = /^\[(.+)\]/.exec(content)?.[1];
    if (header !== undefined) {
      if (sections.has(header)) throw new UnreadableIni(index + 1, `a second section [${header}]`);
      section = { header, line: index, indent, settings: new Map() };
      sections.set(header, section);
      open = undefined;
      return;
    }
    if (section === undefined) throw new UnreadableIni(index + 1, "text before the first [section]");
    const { name, value } = nameAndValue(content, index + 1);
    if (section.settings.has(name)) {
      throw new UnreadableIni(index + 1, `a second ${name} in [${section.header}]`);
    }
    open = { name, value, from: index, to: index + 1, indent };
    hasNested = value === "";
    section.settings.set(name, open);
  });
  return { lines, sections: [...sections.values()] };
}

function nameAndValue(content: string, line: number) {
  const at = content.search(/[=:]/);
  // Do not show the line: it may contain a key.
  if (at < 0) throw new UnreadableIni(line, "a line that is neither a [section] nor a setting");
  if (at === 0) throw new UnreadableIni(line, "a setting without a name");
  return { name: strip(content.slice(0, at)).toLowerCase(), value: strip(content.slice(at + 1)) };
}
