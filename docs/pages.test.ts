import { readFileSync } from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { PAGES, pageOf } from "./pages";

test.each(PAGES.map((page) => ({ page, name: page.about.name })))(
  "docs/rules/$name.md says what the rule says (npm run docs writes it)",
  ({ page, name }) => {
    expect(readFileSync(path.join(__dirname, "rules", `${name}.md`), "utf8")).toBe(pageOf(page));
  },
);
