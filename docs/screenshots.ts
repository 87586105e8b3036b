import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { reader } from "../cli/audit/page/testing/reader";
import { sampleReport } from "../cli/audit/sample/report";

const IMAGES = join(__dirname, "images");

const role = (page: Page, name: string) => page.locator(".column.target button", { hasText: name });
const row = (page: Page, name: string) =>
  page.locator(".row", { has: page.getByText(name, { exact: true }) }).locator("> summary");

async function placeOf(page: Page, selector: string) {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`${selector} is not shown.`);
  return box;
}

/** `npm run docs:screenshots`: takes the screenshots of the audit's page. */
async function main(): Promise<void> {
  await mkdir(IMAGES, { recursive: true });
  const browser = await reader();
  try {
    const light = await browser.open(sampleReport, {
      viewport: { width: 1200, height: 2200 },
      colorScheme: "light",
    });
    await role(light.page, "Billing").hover();
    const { y, height } = await placeOf(light.page, ".map");
    await light.page.screenshot({
      path: join(IMAGES, "audit-page.png"),
      clip: { x: 0, y: 0, width: 1200, height: y + height + 30 },
    });

    const dark = await browser.open(sampleReport, {
      viewport: { width: 1200, height: 1500 },
      colorScheme: "dark",
    });
    await dark.page.getByLabel("Find").fill("carol");
    await row(dark.page, "Billing").click();
    await row(dark.page, "carol").click();
    await dark.page.mouse.move(0, 0);
    await dark.page.evaluate("scrollTo(0, 0)");
    const map = await placeOf(dark.page, ".map");
    const list = await placeOf(dark.page, ".subjects");
    const clip = { x: 0, y: map.y - 30, width: 1200, height: list.y + list.height - map.y + 60 };
    await dark.page.screenshot({ path: join(IMAGES, "audit-page-dark.png"), fullPage: true, clip });

    const phone = await browser.open(sampleReport, {
      viewport: { width: 360, height: 740 },
      deviceScaleFactor: 2,
    });
    await phone.page.screenshot({ path: join(IMAGES, "audit-page-phone.png") });
  } finally {
    await browser.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
