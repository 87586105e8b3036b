import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { PUBLISHED } from "./names";

/**
 * Writes into a checkout what only a release has: each package's name on npm, its repository and homepage, and the date of the version
 * in the changelog. Nothing of it is committed.
 *
 * @param root the checkout
 * @param release `version` without a `v`; `repository` such as `https://github.com/owner/name`; `date` such as `2030-01-31`
 */
export function stage(
  root: string,
  { version, repository, date }: { version: string; repository: string; date: string },
): void {
  const edit = (file: string, change: (text: string) => string) =>
    writeFileSync(join(root, file), change(readFileSync(join(root, file), "utf8")));
  for (const [folder, name] of Object.entries(PUBLISHED)) {
    edit(`${folder}/package.json`, (text) => {
      const homepage = `${repository}#readme`;
      const source = { type: "git", url: `git+${repository}.git`, directory: folder };
      return `${JSON.stringify({ ...JSON.parse(text), name, homepage, repository: source }, undefined, 2)}\n`;
    });
  }
  edit("policy-pack/PulumiPolicy.yaml", (text) => {
    const document = parseDocument(text);
    document.set("website", repository);
    return document.toString();
  });
  const [heading, released] = [`## [${version}]`, `## [${version}] - ${date}`];
  edit("CHANGELOG.md", (text) =>
    text.includes(heading)
      ? text.replace(`${heading}\n`, `${released}\n`)
      : text.replace("## [Unreleased]\n", `## [Unreleased]\n\n${released}\n`),
  );
}
