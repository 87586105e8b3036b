import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../local/chromium";
import type { Report } from "../../report";
import { largeReport } from "../../sample/large-report";
import { sampleReport } from "../../sample/report";
import { entriesOf, isPressing } from "../entry";
import { type Reader, reader } from "../testing/reader";

let browser: Reader;

/** The titles of a PDF's outline, which Chromium makes of the headings that it printed. */
async function headings(page: Page): Promise<string[]> {
  const pdf = (await page.pdf({ outline: true, tagged: true })).toString("latin1");
  return [...pdf.matchAll(/\/Title \(((?:[^\\)]|\\.)*)\)/g)].map(([, title = ""]) =>
    title.replaceAll(/\\(.)/g, "$1"),
  );
}

/** Shows the page as it is printed. */
async function onPaper(page: Page): Promise<void> {
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
}

const pressing = (report: Report) =>
  entriesOf(report)
    .filter(({ subject }) => isPressing(subject))
    .map(({ subject }) => `${subject.kind} ${subject.name}`);

describe.skipIf(findChromium() === undefined)("the printed page", () => {
  beforeAll(async () => {
    browser = await reader();
  });
  afterAll(() => browser.close());

  test.each([
    ["the sample", sampleReport],
    ["a large account", largeReport(700, 10, 300)],
  ])("of %s has a PDF heading for every subject that needs attention", async (_, report) => {
    const { page, complaints } = await browser.open(report);
    const printed = (await headings(page)).map((title) => title.trim());
    const expected = pressing(report);
    expect(printed.filter((title) => expected.includes(title))).toEqual(expected);
    expect(await page.locator("#print > *").count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("has every fix, the verdict and the places, and no controls", async () => {
    const { page } = await browser.open(sampleReport);
    await onPaper(page);
    const fixes = entriesOf(sampleReport)
      .filter(({ subject }) => isPressing(subject))
      .flatMap(({ subject }) => subject.findings.filter(({ message }) => message.includes("Fix:")));
    expect(await page.locator(".fix:visible").count()).toBe(fixes.length);
    expect(await page.locator("#print .verdict:visible").textContent()).toMatch(/^Yes\. 5 roles/);
    expect(await page.locator("#print tbody tr:visible").count()).toBe(4);
    expect(await page.locator(":is(button, input, select, summary, a, .map):visible").count()).toBe(0);
    await page.close();
  });

  test("has only what the filter selects, and names the filter", async () => {
    const { page } = await browser.open(sampleReport, {}, "mfa=protected&kind=user");
    await onPaper(page);
    expect(await page.locator("#print h2").textContent()).toBe("3 of 25: protected, user");
    expect((await page.locator(".printed > h3").allTextContents()).map((name) => name.trim())).toEqual([
      "user alice",
      "user carol",
      "user frank",
    ]);
    await page.close();
  });

  test("has dark text even if the screen is dark", async () => {
    const { page } = await browser.open(sampleReport, { colorScheme: "dark" });
    await onPaper(page);
    const ink = await page.locator("#print h1").evaluate((title) => getComputedStyle(title).color);
    expect(ink).toBe("rgb(29, 32, 36)");
    await page.close();
  });
});
