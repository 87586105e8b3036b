import { readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { pageOf, pages } from "./pages";

describe("the rules' pages", async () => {
  const all = await pages();
  test.each(all.map((page) => ({ page, name: page.about.name })))(
    "$name in docs/rules is what npm run docs generates from the rule",
    ({ page, name }) => {
      expect(readFileSync(path.join(__dirname, "rules", `${name}.md`), "utf8")).toBe(pageOf(page));
    },
  );
});
