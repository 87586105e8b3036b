import { style } from "../terminal/escape-controls";
import type { Check } from "./check";

const MARKS = { ok: style.green("✓"), unknown: style.yellow("?"), failed: style.red("✗") };

/** A check as lines for a terminal. */
export function told(check: Check): string {
  const lines = [`${MARKS[check.outcome]} ${check.step.padEnd(8)}${check.found}`];
  if (check.outcome === "failed") {
    if (check.said) lines.push(indented(check.said));
    lines.push(indented(check.remedy));
  }
  return `${lines.join("\n")}\n`;
}

/** What another program said may have several lines. */
function indented(text: string): string {
  return text.replaceAll(/^/gm, " ".repeat(10));
}
