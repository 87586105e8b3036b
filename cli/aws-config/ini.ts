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
const SPACE =
  "[\\t\\n\\v\\f\\r\\x1c-\\x1f \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const STRIP = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");
const INDENT = new RegExp(`^${SPACE}*`);

export const strip = (text: string): string => text.replaceAll(STRIP, "");

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
  const sections: (Section & { settings: OpenSetting[] })[] = [];
  let level = 0;
  let open: OpenSetting | undefined;
  lines.forEach((line, index) => {
    const content = strip(line);
    if (content === "" || isComment(line)) return;
    const indent = INDENT.exec(line)?.[0] ?? "";
    if (open !== undefined && indent.length > level) {
      open.value += `\n${content}`;
      // Lines below an empty value are settings of their own, such as those of `s3 =`.
      if (open.value.startsWith("\n") && !content.includes("=")) {
        throw new UnreadableIni(index + 1, `a line without = below ${open.name}`);
      }
      open.to = index + 1;
      return;
    }
    level = indent.length;
    const header = /^\[(.+)\]/.exec(content)?.[1];
    if (header !== undefined) {
      if (sections.some((section) => section.header === header)) {
        throw new UnreadableIni(index + 1, `the section [${header}] for the second time`);
      }
      sections.push({ header, line: index, indent, settings: [] });
      open = undefined;
      return;
    }
    const section = sections.at(-1);
    if (section === undefined) throw new UnreadableIni(index + 1, "text before the first [section]");
    open = setting(content, index, indent);
    if (section.settings.some(({ name }) => name === open?.name)) {
      throw new UnreadableIni(index + 1, `${open.name} for the second time in [${section.header}]`);
    }
    section.settings.push(open);
  });
  return { lines, sections };
}

type OpenSetting = { -readonly [Key in keyof Setting]: Setting[Key] };

function setting(content: string, index: number, indent: string): OpenSetting {
  const at = content.search(/[=:]/);
  // The line itself is not shown: it may hold a key.
  if (at < 0) throw new UnreadableIni(index + 1, "neither a [section] nor a setting with = in it");
  if (at === 0) throw new UnreadableIni(index + 1, "a setting without a name");
  return {
    name: strip(content.slice(0, at)).toLowerCase(),
    value: strip(content.slice(at + 1)),
    from: index,
    to: index + 1,
    indent,
  };
}
