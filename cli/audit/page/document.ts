import { createHash } from "node:crypto";
import type { Report } from "../report";
import type { Part } from "./part";

/** What runs in the browser, as `bundle.cjs` makes it. */
export interface Assets {
  readonly script: string;
  readonly style: string;
}

/**
 * The page's HTML, with the plan of a rehearsal if there is one. The report lies in it as data that no browser runs, and the page's policy lets only this script and this
 * style in, by their hashes: even a name that broke out of the data would stay text.
 * Source: HTML standard, "Restrictions for contents of script elements"; W3C "Content Security Policy Level 3", hash-source.
 */
export function documentOf(report: Report, { script, style }: Assets, plan: readonly Part[] = []): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Can anyone get in without MFA?</title>
<style>${style}</style>
</head>
<body>
<noscript>This page shows its report with JavaScript. It asks no network for anything.</noscript>
<div id="page"></div>
<script type="application/json" id="report">${dataOf(report)}</script>
<script type="application/json" id="plan">${dataOf(plan)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON in which nothing can end the element that it stands in. */
function dataOf(value: Report | readonly Part[]): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
