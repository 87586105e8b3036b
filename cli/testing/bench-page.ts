import type { CDPSession, Page } from "playwright-core";
import { reader } from "../audit/page/testing/reader";
import { largeReport } from "../audit/sample/large-report";

/** Processor time of the page's thread, as a multiple of parsing and serializing the report's JSON. */
const LIMIT = { open: 15, print: 12, use: 5 } as const;
/** Parsing the JSON takes only a few milliseconds, so it is repeated. */
const ROUNDS = 10;

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

const READ_JSON = `
  const text = document.getElementById("report").textContent;
  for (let round = 0; round < ${ROUNDS}; round += 1) JSON.stringify(JSON.parse(text));
`;

async function main(): Promise<void> {
  const browser = await reader();
  try {
    const { page } = await browser.open(largeReport(5_000, 1_000, 5_000));
    const devTools = await page.context().newCDPSession(page);
    await devTools.send("Performance.enable", { timeDomain: "threadTicks" });
    // Opening a page resets the count, so the JSON is measured last.
    const costs: number[] = [];
    const nodes: number[] = [];
    for (const act of [...ACTS.map(([, , act]) => act), (page: Page) => page.evaluate(READ_JSON)]) {
      const before = await busy(devTools);
      await act(page);
      await page.waitForTimeout(500);
      costs.push((await busy(devTools)) - before);
      nodes.push(await page.locator("*").count());
    }
    const json = (costs.at(-1) ?? Number.NaN) / ROUNDS;
    console.log(`  the report's JSON, read and written: ${json.toFixed(1)} ms`);
    for (const [index, [what, limit]] of ACTS.entries()) {
      const milliseconds = costs[index] ?? Number.NaN;
      const ratio = milliseconds / json;
      const within = ratio <= limit;
      if (!within) process.exitCode = 1;
      console.log(
        `  ${what}: ${Math.round(milliseconds)} ms, ${ratio.toFixed(1)} times the JSON, at most ${limit}, ${nodes[index]} nodes: ${within ? "within" : "OVER"}`,
      );
    }
  } finally {
    await browser.close();
  }
}

/** The processor time of the page's thread so far. */
async function busy(devTools: CDPSession): Promise<number> {
  const { metrics } = await devTools.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1000;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
