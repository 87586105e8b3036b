import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../report";
import { documentOf } from "./document";
import type { Part } from "./part";

/** The report, with the plan of a rehearsal if there is one, as a self-contained page, which makes no network requests. */
export function htmlPage(report: Report, plan?: readonly Part[]): string {
  const asset = (name: string) => readFileSync(join(__dirname, "browser", name), "utf8");
  return documentOf(report, { script: asset("main.js"), style: asset("main.css") }, plan);
}
