import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { pageOf, pages } from "./pages";

// `npm run docs`: writes the rules' pages.
void pages().then((all) => {
  for (const page of all) writeFileSync(path.join(__dirname, "rules", `${page.about.name}.md`), pageOf(page));
});
