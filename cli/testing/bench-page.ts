import type { CDPSession, Page } from "playwright-core";
import { reader } from "../audit/page/testing/reader";
import { largeReport } from "../audit/sample/large-report";

/** In milliseconds of the processor: what else runs on the machine does not count. Below 200 ms nobody feels it. */
const LIMIT = { open: 1_000, print: 1_000, use: 200 } as const;

type Act = readonly [what: string, limit: number, act: (page: Page) => Promise<unknown>];

const ACTS: readonly Act[] = [
  ["open", LIMIT.open, (page) => page.reload()],
  ["type a letter", LIMIT.use, (page) => page.getByLabel("Find").press("r")],
  ["type another", LIMIT.use, (page) => page.getByLabel("Find").press("o")],
  ["show all", LIMIT.use, (page) => page.getByRole("button", { name: "Show all" }).click()],
  ["go to the last page", LIMIT.use, (page) => page.getByRole("button", { name: "Last" }).click()],
  ["open a row", LIMIT.use, (page) => page.locator(".row > summary").first().click()],
  ["go back", LIMIT.use, (page) => page.evaluate("history.back()")],
  ["print the open ones", LIMIT.print, (page) => page.evaluate('dispatchEvent(new Event("beforeprint"))')],
];

async function main(): Promise<void> {
  const browser = await reader();
  try {
    const { page } = await browser.open(largeReport(5_000, 1_000, 5_000));
    const devTools = await page.context().newCDPSession(page);
    await devTools.send("Performance.enable", { timeDomain: "threadTicks" });
    for (const [what, limit, act] of ACTS) {
      const before = await busy(devTools);
      await act(page);
      await page.waitForTimeout(500);
      const spent = (await busy(devTools)) - before;
      if (spent > limit) process.exitCode = 1;
      const nodes = await page.locator("*").count();
      console.log(
        `  ${what}: ${Math.round(spent)} ms of ${limit}, ${nodes} nodes${spent > limit ? ": OVER" : ""}`,
      );
    }
  } finally {
    await browser.close();
  }
}

/** How long the page's thread has worked. */
async function busy(devTools: CDPSession): Promise<number> {
  const { metrics } = await devTools.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1000;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
