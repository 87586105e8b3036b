import { type Ini, isComment, parseIni, type Section, UnreadableIni } from "./ini";

/** What a profile is to say; `undefined` for a setting that must not be there. */
export type Wanted = ReadonlyMap<string, string | undefined>;

/** Two sections are the same profile, or an edit would change more than was meant. */
export class CannotEdit extends Error {
  override readonly name = "CannotEdit";
}

/**
 * The text with the profile set as wanted: settings that differ are changed where they stand, missing ones follow the
 * profile's last, a missing profile follows the file's last. Everything else stays byte for byte.
 *
 * @throws UnreadableIni where the AWS CLI would not read the text
 * @throws CannotEdit where the edit cannot be made without touching something else
 */
export function withProfile(text: string, name: string, wanted: Wanted, file: FileKind = "config"): string {
  const ini = parseIni(text);
  const section = profileSection(ini, name, file);
  const edited =
    section === undefined
      ? appended(ini, name, wanted, file)
      : changed(ini, section, wanted, lineEnding(ini));
  assertOnlyMeant(ini, readAgain(edited, name), name, wanted, file);
  return edited;
}

/** The two files name a profile's section in ways of their own. */
export type FileKind = "config" | "credentials";

/** The section of a profile: `[default]`, `[profile NAME]`, or the name in quotes; in the credentials file the name alone. */
export function profileSection(ini: Ini, name: string, file: FileKind = "config"): Section | undefined {
  const nameOf = file === "config" ? profileName : (header: string) => header;
  const [first, ...more] = ini.sections.filter(({ header }) => nameOf(header) === name);
  if (first !== undefined && more.length > 0) {
    throw new CannotEdit(
      `the profile ${name} is defined twice, as [${first.header}] and [${more[0]?.header}]`,
    );
  }
  return first;
}

/** The lines of the section, up to its last setting. */
export function sectionLines({ lines }: Ini, section: Section): string[] {
  return lines.slice(section.line, lastLine(section));
}

/** The name of the profile that a section is; `undefined` for one that is none. */
export function profileName(header: string): string | undefined {
  if (header === "default") return "default";
  const [, double, single, bare] = /^profile\s+(?:"([^"]*)"|'([^']*)'|(\S+))\s*$/.exec(header) ?? [];
  return double ?? single ?? bare;
}

function appended(ini: Ini, name: string, wanted: Wanted, file: FileKind): string {
  const end = lineEnding(ini);
  const before = ini.lines.join("");
  const gap = before === "" ? "" : /[\r\n]$/.test(before) ? end : `${end}${end}`;
  const header = name === "default" || file === "credentials" ? `[${name}]` : `[profile ${name}]`;
  const settings = [...wanted].flatMap(([key, value]) =>
    value === undefined ? [] : `${key} = ${value}${end}`,
  );
  return `${before}${gap}${header}${end}${settings.join("")}`;
}

function changed(ini: Ini, section: Section, wanted: Wanted, end: string): string {
  const lines: string[] = [...ini.lines];
  const missing = new Map(wanted);
  for (const { name, value, from, to, indent } of section.settings) {
    if (!wanted.has(name)) continue;
    missing.delete(name);
    const next = wanted.get(name);
    if (next === value) continue;
    // Comments between the lines of a value stay where they are.
    for (let at = from; at < to; at++) if (!isComment(lines[at] ?? "")) lines[at] = "";
    // The indent stays: a line that is indented deeper than the one before would go on with its value.
    if (next !== undefined) lines[from] = `${indent}${name} = ${next}${end}`;
  }
  const last = lastLine(section) - 1;
  const indent = section.settings.at(-1)?.indent ?? section.indent;
  const added = [...missing].flatMap(([name, value]) =>
    value === undefined ? [] : `${indent}${name} = ${value}${end}`,
  );
  const line = lines[last] ?? "";
  const closed = line === "" || /[\r\n]$/.test(line) || added.length === 0 ? line : `${line}${end}`;
  lines[last] = `${closed}${added.join("")}`;
  return lines.join("");
}

function lastLine(section: Section): number {
  return section.settings.at(-1)?.to ?? section.line + 1;
}

function lineEnding({ lines }: Ini): string {
  return lines[0]?.endsWith("\r\n") ? "\r\n" : "\n";
}

/** What is indented below the profile may go on with a value that is put before it, and so not be readable any more. */
function readAgain(edited: string, name: string): Ini {
  try {
    return parseIni(edited);
  } catch (error) {
    throw error instanceof UnreadableIni ? touchesOthers(name) : error;
  }
}

function touchesOthers(name: string): CannotEdit {
  return new CannotEdit(
    `the indentation around the profile ${name} means that an edit would change other lines too`,
  );
}

/** Every other section as it was, and in the profile what was wanted beside what was there. */
function assertOnlyMeant(before: Ini, after: Ini, name: string, wanted: Wanted, file: FileKind): void {
  const target = profileSection(before, name, file)?.header ?? profileSection(after, name, file)?.header;
  const expected = meaning(before);
  const settings = expected.get(target ?? "") ?? new Map<string, string>();
  for (const [key, value] of wanted) {
    if (value === undefined) settings.delete(key);
    else settings.set(key, value);
  }
  expected.set(target ?? "", settings);
  if (!same(expected, meaning(after))) throw touchesOthers(name);
}

type Meaning = ReadonlyMap<string, ReadonlyMap<string, string>>;

function meaning({ sections }: Ini): Map<string, Map<string, string>> {
  return new Map(
    sections.map(({ header, settings }) => [
      header,
      new Map(settings.map(({ name, value }) => [name, value])),
    ]),
  );
}

function same(one: Meaning, other: Meaning): boolean {
  return equal(one, other, (settings, others) =>
    equal(settings, others, (value, wanted) => value === wanted),
  );
}

function equal<T>(
  one: ReadonlyMap<string, T>,
  other: ReadonlyMap<string, T>,
  alike: (a: T, b: T) => boolean,
) {
  return (
    one.size === other.size &&
    [...one].every(([key, value]) => {
      const found = other.get(key);
      return found !== undefined && alike(value, found);
    })
  );
}
