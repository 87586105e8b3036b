import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../report";
import { documentOf } from "./document";

/** The report as one page that needs nothing else: it works from a file, and asks no network for anything. */
export function htmlPage(report: Report): string {
  const asset = (name: string) => readFileSync(join(__dirname, "browser", name), "utf8");
  return documentOf(report, { script: asset("main.js"), style: asset("main.css") });
}
