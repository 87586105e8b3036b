import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { PAGES, pageOf } from "./pages";

// `npm run docs`: writes the pages that are made from the rules.
for (const page of PAGES) {
  writeFileSync(path.join(__dirname, "rules", `${page.about.name}.md`), pageOf(page));
}
