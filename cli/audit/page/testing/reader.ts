import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { asRoot, findChromium } from "../../../../local/chromium";
import type { Report } from "../../report";
import { bundle } from "../bundle.cjs";
import { type Assets, documentOf } from "../document";
import type { Part } from "../part";

/** The page of a report in a browser, opened from a file. */
export interface Opened {
  readonly page: Page;
  /** Network requests, errors and console messages of the page. */
  readonly complaints: readonly string[];
}

export interface Reader {
  /** @param fragment the URL's, without `#` */
  open(
    report: Report,
    how?: BrowserContextOptions,
    fragment?: string,
    plan?: readonly Part[],
  ): Promise<Opened>;
  close(): Promise<void>;
}

let made: Assets | undefined;

/** A browser to open pages in. Close it at the end. */
export async function reader(): Promise<Reader> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("There is no Chromium on PATH.");
  const browser: Browser = await chromium.launch({ executablePath, chromiumSandbox: !asRoot });
  const folder = await mkdtemp(join(tmpdir(), "audit-page-"));
  made ??= bundle();
  const assets = made;
  let count = 0;
  return {
    async open(report, how = {}, fragment = "", plan = []) {
      const file = join(folder, `${count++}.html`);
      await writeFile(file, documentOf(report, assets, plan));
      const url = pathToFileURL(file).href;
      const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...how });
      const complaints: string[] = [];
      page.on("request", (request) => {
        if (!request.url().startsWith(url)) complaints.push(request.url());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(fragment === "" ? url : `${url}#${fragment}`);
      return { page, complaints };
    },
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Opens all details, and those inside them. */
export async function unfold(page: Page): Promise<void> {
  const folds = page.locator("details");
  const all = () =>
    folds.evaluateAll((found) => {
      for (const each of found) each.setAttribute("open", "");
    });
  await all();
  await page
    .locator(".row .details")
    .nth((await page.locator(".row").count()) - 1)
    .waitFor();
  await all();
  await page.locator(".places table").waitFor();
}
