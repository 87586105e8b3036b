import type { Exit, Failure } from "../failure";
import { style } from "../terminal/escape-controls";

/** The steps to a session, in order. */
export type Step = "profile" | "keys" | "clock" | "device" | "role" | "session";

/** The result of one step. `unknown`: it could not be checked, which is no mistake. Steps after one that ends the run have no result. */
export type Check =
  | { readonly step: Step; readonly outcome: "ok" | "unknown"; readonly found: string }
  | {
      readonly step: Step;
      readonly outcome: "failed";
      readonly found: string;
      readonly remedy: string;
      readonly exit: Exit;
      /** AWS's own words. */
      readonly said?: string;
    };

export const ok = (step: Step, found: string): Check => ({ step, outcome: "ok", found });

export const unknown = (step: Step, found: string): Check => ({ step, outcome: "unknown", found });

export function failed(step: Step, { problem, remedy, exit, detail }: Failure): Check {
  return { step, outcome: "failed", found: problem, remedy, exit, ...(detail && { said: detail }) };
}

const MARKS = { ok: style.green("✓"), unknown: style.yellow("?"), failed: style.red("✗") };

/** A check as lines for a terminal. */
export function checkText(check: Check): string {
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
