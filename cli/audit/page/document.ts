import { createHash } from "node:crypto";
import type { Report } from "../report";
import type { Part } from "./part";

/** The script and the style that `bundle.cjs` makes. */
export interface Assets {
  readonly script: string;
  readonly style: string;
}

/**
 * The page's HTML. The report and the plan of a rehearsal are data in it, which no browser runs. The content security policy allows
 * only this script and this style, by their hashes: even a name that escaped from the data would not run.
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
<noscript>This page needs JavaScript to show its report. It makes no network requests.</noscript>
<div id="page"></div>
<script type="application/json" id="report">${dataOf(report)}</script>
<script type="application/json" id="plan">${dataOf(plan)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON that cannot end its element. */
function dataOf(value: Report | readonly Part[]): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
