import { sectionsOf } from "./changelog";

/** What a release is made of. */
export interface Release {
  /** The tag that was pushed. */
  readonly tag: string;
  /** The version that each file gives, by the file's path. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly changelog: string;
  /** `repository` of each package that is published, by the file's path. */
  readonly repositories: Readonly<Record<string, string | undefined>>;
  /** The repository in which the workflow runs, such as `https://github.com/owner/name`; `undefined` outside of one. */
  readonly repository: string | undefined;
}

const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$/;

/** What stands against publishing, each with what to do; nothing where all is in order. */
export function problemsOf({
  tag,
  versions,
  changelog,
  repositories,
  repository,
}: Release): readonly string[] {
  const version = tag.replace(/^v/, "");
  if (!tag.startsWith("v") || !VERSION.test(version)) {
    return [`Expected a tag such as v0.1.0, got "${tag}".`];
  }
  const problems = Object.entries(versions)
    .filter(([, found]) => found !== version)
    .map(
      ([file, found]) => `${file} has version ${found ?? "none"}, the tag ${version}. Make them the same.`,
    );
  const section = sectionsOf(changelog).find((each) => each.version === version);
  if (section === undefined) {
    problems.push(
      `CHANGELOG.md has no heading "## [${version}] - DATE". Move what is under [Unreleased] below it.`,
    );
  } else if (section.date === undefined) {
    problems.push(
      `CHANGELOG.md has no date for ${version}. Write "## [${version}] - DATE", such as 2030-01-31.`,
    );
  } else if (section.text === "") {
    problems.push(`CHANGELOG.md says nothing under ${version}. Say what changes for those who use it.`);
  }
  for (const [file, found] of Object.entries(repositories)) {
    if (repository !== undefined && plain(found) !== plain(repository)) {
      problems.push(
        `${file} names ${found ?? "no"} repository; npm's provenance asks for ${repository}. Set "repository" to it.`,
      );
    }
  }
  return problems;
}

/** What the changelog says of the version, for the release's page. */
export function notesOf({ tag, changelog }: Pick<Release, "tag" | "changelog">): string {
  return sectionsOf(changelog).find(({ version }) => `v${version}` === tag)?.text ?? "";
}

function plain(url: string | undefined): string | undefined {
  return url
    ?.replace(/^git\+/, "")
    .replace(/\.git$/, "")
    .toLowerCase();
}
