import { isDeepStrictEqual } from "node:util";
import { type Ini, isComment, parseIni, type Section, UnreadableIni } from "./ini";
import type { FileKind } from "./location";

/** The settings to write into a profile; `undefined` removes one. */
export type Wanted = ReadonlyMap<string, string | undefined>;

/** Two sections are the same profile, or an edit would change other lines. */
export class CannotEdit extends Error {
  override readonly name = "CannotEdit";
}

/**
 * The text with these settings in the profile. Settings that differ are changed in place, missing ones are added at the profile's end,
 * and a missing profile at the file's end. Every other byte stays the same.
 *
 * @throws UnreadableIni if the AWS CLI rejects the text
 * @throws CannotEdit if the edit would change anything else
 */
export function withProfile(text: string, name: string, wanted: Wanted, kind: FileKind = "config"): string {
  const ini = parseIni(text);
  const section = profileSection(ini, name, kind);
  const edited = section === undefined ? appended(ini, name, wanted, kind) : changed(ini, section, wanted);
  if (!isOnlyEdit(ini, edited, name, wanted, kind)) {
    throw new CannotEdit(
      `the indentation around the profile ${name} means that an edit would change other lines too`,
    );
  }
  return edited;
}

/** The section of a profile. Throws CannotEdit if it has two. */
export function profileSection(ini: Ini, name: string, kind: FileKind = "config"): Section | undefined {
  const [first, second] = ini.sections.filter(({ header }) => profileName(header, kind) === name);
  if (first === undefined || second === undefined) return first;
  throw new CannotEdit(`the profile ${name} is defined twice, as [${first.header}] and [${second.header}]`);
}

/** The lines of the section, up to its last setting. */
export function sectionLines({ lines }: Ini, section: Section): string[] {
  return lines.slice(section.line, endOf(section));
}

/**
 * The profile that a section is for: `[default]`, `[profile NAME]`, or the name in quotes; in the credentials file, `[NAME]`.
 * `undefined` if it is not a profile.
 */
export function profileName(header: string, kind: FileKind = "config"): string | undefined {
  if (kind === "credentials" || header === "default") return header;
  const [, double, single, bare] = /^profile\s+(?:"([^"]*)"|'([^']*)'|(\S+))\s*$/.exec(header) ?? [];
  return double ?? single ?? bare;
}

function appended(ini: Ini, name: string, wanted: Wanted, kind: FileKind): string {
  const end = lineEnding(ini);
  const before = ini.lines.join("");
  const gap = before === "" ? "" : /[\r\n]$/.test(before) ? end : `${end}${end}`;
  const header = name === "default" || kind === "credentials" ? `[${name}]` : `[profile ${name}]`;
  return `${before}${gap}${header}${end}${settingLines(wanted, "", end)}`;
}

function changed(ini: Ini, section: Section, wanted: Wanted): string {
  const end = lineEnding(ini);
  const lines = [...ini.lines];
  const missing = new Map(wanted);
  for (const [name, { value, from, to, indent }] of section.settings) {
    if (!missing.delete(name)) continue;
    const next = wanted.get(name);
    if (next === value) continue;
    // Comments between the lines of a value stay.
    for (let at = from; at < to; at++) if (!isComment(lines[at] ?? "")) lines[at] = "";
    // The indent stays: with a deeper one, the line would continue the value above it.
    lines[from] = settingLines([[name, next]], indent, end);
  }
  const last = endOf(section) - 1;
  const indent = [...section.settings.values()].at(-1)?.indent ?? section.indent;
  const added = settingLines(missing, indent, end);
  const line = lines[last] ?? "";
  const isClosed = line === "" || added === "" || /[\r\n]$/.test(line);
  lines[last] = `${line}${isClosed ? "" : end}${added}`;
  return lines.join("");
}

function settingLines(
  settings: Iterable<readonly [string, string | undefined]>,
  indent: string,
  end: string,
): string {
  return Array.from(settings, ([name, value]) =>
    value === undefined ? "" : `${indent}${name} = ${value}${end}`,
  ).join("");
}

/** The line after the last setting. */
function endOf({ settings, line }: Section): number {
  return [...settings.values()].at(-1)?.to ?? line + 1;
}

function lineEnding({ lines }: Ini): string {
  return lines[0]?.endsWith("\r\n") ? "\r\n" : "\n";
}

/** Whether the edit changed nothing but these settings. An indented line below the profile may continue a value written above it. */
function isOnlyEdit(before: Ini, edited: string, name: string, wanted: Wanted, kind: FileKind): boolean {
  try {
    const after = parseIni(edited);
    const header = (profileSection(before, name, kind) ?? profileSection(after, name, kind))?.header ?? "";
    const expected = contentsOf(before);
    const settings = new Map([...(expected.get(header) ?? []), ...wanted]);
    for (const [key, value] of settings) if (value === undefined) settings.delete(key);
    expected.set(header, settings);
    return isDeepStrictEqual(expected, contentsOf(after));
  } catch (error) {
    if (error instanceof UnreadableIni) return false;
    throw error;
  }
}

/** The settings of each section, by its header. */
const contentsOf = ({ sections }: Ini): Map<string, Wanted> =>
  new Map(
    sections.map(({ header, settings }) => [
      header,
      new Map(Array.from(settings, ([name, { value }]) => [name, value])),
    ]),
  );
