import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../local/chromium";
import { sampleReport } from "../../sample/report";
import type { Part } from "../part";
import { type Reader, reader, unfold } from "../testing/reader";

let browser: Reader;

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const PLAN: readonly Part[] = [
  { kind: "title", text: "Rehearsal: every user is guarded" },
  { kind: "heading", text: "user ci would be stopped (machines)" },
  { kind: "list", items: ["s3:ListBuckets: 12 times"] },
  { kind: "json", value: { Effect: "Allow" } },
];

describe.skipIf(findChromium() === undefined)("the page violates none of axe's rules", () => {
  beforeAll(async () => {
    browser = await reader();
  });
  afterAll(() => browser.close());

  test.each([
    ["in the light theme", { colorScheme: "light" }],
    ["in the dark theme", { colorScheme: "dark" }],
    ["on a phone", { viewport: { width: 360, height: 740 } }],
  ] as const)("%s, collapsed or expanded", async (_, how) => {
    const { page } = await browser.open(sampleReport, how, undefined, PLAN);
    await page.evaluate(AXE);
    const violations = () =>
      page.evaluate(async () => {
        const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
        const { violations } = await axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n")}`);
      });
    expect(await violations()).toEqual([]);
    await unfold(page);
    await page
      .getByRole("button", { name: /Bypassable/ })
      .first()
      .click();
    await page.locator(".column.target button").first().click();
    expect(await violations()).toEqual([]);
    await page.close();
  });
});

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}
