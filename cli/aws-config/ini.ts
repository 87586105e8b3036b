/** One setting, with all the lines that its value takes. */
export interface Setting {
  /** In lower case: the AWS CLI does not tell them apart. */
  readonly name: string;
  readonly value: string;
  /** Lines from `from` up to but not including `to`. */
  readonly from: number;
  readonly to: number;
  readonly indent: string;
}

export interface Section {
  /** What stands between the brackets. */
  readonly header: string;
  readonly line: number;
  readonly indent: string;
  readonly settings: readonly Setting[];
}

export interface Ini {
  /** Each with its line ending. */
  readonly lines: readonly string[];
  readonly sections: readonly Section[];
}

/** The AWS CLI would not read this text. `line` counts from 1. */
export class UnreadableIni extends Error {
  override readonly name = "UnreadableIni";

  constructor(
    readonly line: number,
    readonly found: string,
  ) {
    super(`line ${line}: ${found}`);
  }
}

// What Python calls white space. JavaScript's `\s` lacks some of it and has the byte order mark on top.
const SPACES = new Set(
  "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
);
const isSpace = (text: string, at: number): boolean => SPACES.has(text.charAt(at));

/** How much of the line is indent. */
function indentOf(line: string): number {
  let at = 0;
  while (isSpace(line, at)) at++;
  return at;
}

/** Without white space at both ends. A regular expression would look at each space of a line again for every one before it. */
function strip(text: string): string {
  let end = text.length;
  while (isSpace(text, end - 1)) end--;
  return text.slice(Math.min(indentOf(text), end), end);
}

/** Whether the line is a comment, at whatever indent. */
export const isComment = (line: string): boolean => /^[#;]/.test(strip(line));

/**
 * Reads a configuration file as the AWS CLI does, which reads it with Python's `configparser`: `=` or `:` between name
 * and value, `#` and `;` only at the beginning of a line, and an indented line goes on with the value before it.
 * https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
 *
 * @throws UnreadableIni where the AWS CLI refuses the file: text before the first section, a line that is neither
 *   section nor setting, a section or setting that stands there twice, a nested line without `=`
 */
export function parseIni(text: string): Ini {
  const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
  const sections = new Map<string, OpenSection>();
  let section: OpenSection | undefined;
  let level = 0;
  let open: OpenSetting | undefined;
  if (text.startsWith("\ufeff")) throw new UnreadableIni(1, "a byte order mark (BOM)");
  lines.forEach((line, index) => {
    const content = strip(line);
    if (content === "" || isComment(line)) return;
    const indent = line.slice(0, indentOf(line));
    if (open !== undefined && indent.length > level) {
      // Lines below an empty value are settings of their own, such as those of `s3 =`.
      if (open.value[0] === "" && !content.includes("=")) {
        throw new UnreadableIni(index + 1, `a line without = below ${open.name}`);
      }
      open.value.push(content);
      open.to = index + 1;
      return;
    }
    level = indent.length;
    const header = /^\[(.+)\]/.exec(content)?.[1];
    if (header !== undefined) {
      if (sections.has(header)) {
        throw new UnreadableIni(index + 1, `a second section [${header}]`);
      }
      section = { header, line: index, indent, settings: new Map() };
      sections.set(header, section);
      open = undefined;
      return;
    }
    if (section === undefined) throw new UnreadableIni(index + 1, "text before the first [section]");
    open = setting(content, index, indent);
    if (section.settings.has(open.name)) {
      throw new UnreadableIni(index + 1, `a second ${open.name} in [${section.header}]`);
    }
    section.settings.set(open.name, open);
  });
  return { lines, sections: [...sections.values()].map(closed) };
}

/** A setting whose value may go on, line by line. */
type OpenSetting = Omit<Setting, "value" | "to"> & { readonly value: string[]; to: number };
type OpenSection = Omit<Section, "settings"> & { readonly settings: Map<string, OpenSetting> };

function closed({ settings, ...section }: OpenSection): Section {
  return {
    ...section,
    settings: [...settings.values()].map((each) => ({ ...each, value: each.value.join("\n") })),
  };
}

function setting(content: string, index: number, indent: string): OpenSetting {
  const at = content.search(/[=:]/);
  // The line itself is not shown: it may hold a key.
  if (at < 0) throw new UnreadableIni(index + 1, "a line that is neither a [section] nor a setting");
  if (at === 0) throw new UnreadableIni(index + 1, "a setting without a name");
  return {
    name: strip(content.slice(0, at)).toLowerCase(),
    value: [strip(content.slice(at + 1))],
    from: index,
    to: index + 1,
    indent,
  };
}
