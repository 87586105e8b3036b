import { readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { pageOf, pages } from "./pages";

describe("the rules' pages", async () => {
  const all = await pages();
  test.each(all.map((page) => ({ page, name: page.about.name })))(
    "docs/rules/$name.md says what the rule says (npm run docs writes it)",
    ({ page, name }) => {
      expect(readFileSync(path.join(__dirname, "rules", `${name}.md`), "utf8")).toBe(pageOf(page));
    },
  );
});
