import { sectionsOf } from "./changelog";

/** What a release is made of. */
export interface Release {
  /** The tag that was pushed. */
  readonly tag: string;
  /** The version that each file gives, by the file's path. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly changelog: string;
}

const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$/;

/** What stands against publishing, each with what to do; nothing where all is in order. */
export function problemsOf({ tag, versions, changelog }: Release): readonly string[] {
  const version = tag.replace(/^v/, "");
  if (!tag.startsWith("v") || !VERSION.test(version)) {
    return [`Expected a tag such as v0.1.0, got "${tag}".`];
  }
  const problems = Object.entries(versions)
    .filter(([, found]) => found !== version)
    .map(
      ([file, found]) => `${file} has version ${found ?? "none"}, the tag ${version}. Make them the same.`,
    );
  if (notesOf({ tag, changelog }) === "") {
    problems.push(
      `CHANGELOG.md says nothing under ${version} or [Unreleased]. Say what changes for those who use it.`,
    );
  }
  return problems;
}

/** What the changelog says of the version, for the release's page: what is not released yet, where it has no part of its own. */
export function notesOf({ tag, changelog }: Pick<Release, "tag" | "changelog">): string {
  const sections = sectionsOf(changelog);
  const own = sections.find(({ version }) => `v${version}` === tag);
  return (own ?? sections.find(({ version }) => version === "Unreleased"))?.text ?? "";
}
