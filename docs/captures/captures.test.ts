import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { CAPTURES } from "./captures";

const ROOT = join(__dirname, "..", "..");
const IMAGES = join(ROOT, "docs", "images", "terminal");

const pages = ["README.md", ...markdownIn("docs")];

test("docs/images/terminal contains exactly the listed captures, each with its title", () => {
  expect(readdirSync(IMAGES).sort()).toEqual(
    Object.keys(CAPTURES)
      .map((name) => `${name}.svg`)
      .sort(),
  );
  for (const [name, title] of Object.entries(CAPTURES)) {
    expect(readFileSync(join(IMAGES, `${name}.svg`), "utf8")).toContain(`<title id="title">${title}</title>`);
  }
});

test.each(pages)("every local image that %s shows exists", (page) => {
  const missing = picturesOf(page).filter((picture) => !existsSync(join(ROOT, dirname(page), picture)));
  expect(missing).toEqual([]);
});

test("every capture appears on a page", () => {
  const shown = pages.flatMap((page) => picturesOf(page).map((picture) => join(dirname(page), picture)));
  const unused = Object.keys(CAPTURES).filter((name) => !shown.includes(`docs/images/terminal/${name}.svg`));
  expect(unused).toEqual([]);
});

test("no capture shows an absolute path outside the example users' home folders", () => {
  for (const name of Object.keys(CAPTURES)) {
    const [, text = ""] =
      /<desc id="text">(.*?)<\/desc>/s.exec(readFileSync(join(IMAGES, `${name}.svg`), "utf8")) ?? [];
    expect(text.match(/(?<![\w./])\/(?!home\/(alice|bobby|admin)\/)\w+\/\S*/g)).toBeNull();
  }
});

function picturesOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  const pictures = [...text.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*\ssrc="([^"]+)"/g)];
  return pictures
    .map(([, inMarkdown, inHtml]) => inMarkdown ?? inHtml ?? "")
    .filter((each) => !/^https?:/.test(each));
}

function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(folder, file));
}
