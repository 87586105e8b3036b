/** One version's part of a changelog in the form of Keep a Changelog. */
export interface Section {
  /** Such as `0.1.0`, or `Unreleased`. */
  readonly version: string;
  /** `2030-01-31`; the unreleased part has none. */
  readonly date: string | undefined;
  readonly text: string;
}

const HEADING = /^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$/;

/** The versions of a changelog, from its top. Other headings of the second level end a version's part. */
export function sectionsOf(changelog: string): readonly Section[] {
  return changelog.split(/^(?=## )/m).flatMap((part) => {
    const [heading = "", ...lines] = part.split("\n");
    const [, version, date] = HEADING.exec(heading.trim()) ?? [];
    return version === undefined ? [] : [{ version, date, text: lines.join("\n").trim() }];
  });
}

/** The names of the removed policies. */
export function givenUpIn(changelog: string): readonly string[] {
  const [, list = ""] = changelog.split(/^## Removed policies$/m);
  return [...(list.split(/^## /m)[0] ?? "").matchAll(/^- `([^`]+)`/gm)].map(([, name = ""]) => name);
}
