// The licenses of the packages whose code is in the bundle. Each requires its text in every copy.
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/** Licenses that require only their text. Review any other before it ships. */
const PERMISSIVE = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT"];

/**
 * One text with the name, version, license and license text of each package that the files belong to. A text that several packages
 * share is included once. Files outside of node_modules are this project's own.
 *
 * @param {string} from the folder that the paths are relative to
 * @param {readonly string[]} files
 * @returns {Promise<string>}
 * @throws if a package has another license than those above, or no license text
 */
export async function licensesOf(from, files) {
  const folders = new Set(files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]));
  folders.delete(undefined);
  const packages = await Promise.all(
    [...folders].toSorted().map((folder) => packageIn(resolve(from, folder))),
  );
  // The text of this license is always the same.
  const apache = packages.find(({ license, text }) => license === "Apache-2.0" && text !== undefined)?.text;
  const namesOf = new Map();
  for (const { folder, name, license, text = license === "Apache-2.0" ? apache : undefined } of packages) {
    if (!PERMISSIVE.includes(license)) {
      throw new Error(`${folder}: found license ${license}; expected one of ${PERMISSIVE.join(", ")}.`);
    }
    if (text === undefined) throw new Error(`${folder}: its license ${license} has no text.`);
    namesOf.set(text, (namesOf.get(text) ?? new Set()).add(`${name} (${license})`));
  }
  const parts = [...namesOf].map(([text, names]) => `${[...names].join("\n")}\n\n${text}`);
  return `This package contains code of the following packages.\n\n${parts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

async function packageIn(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const files = (await readdir(folder))
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  const text = texts.map((each) => each.replaceAll("\r\n", "\n").trim()).join("\n\n");
  return { folder, name: `${name} ${version}`, license, text: text === "" ? undefined : text };
}
