import { prepareChromium } from "../../../../local/chromium";

/** Finds or installs a browser for the tests of the page. Without one, it reports that they are skipped. */
export async function setup(): Promise<void> {
  const missing = await prepareChromium();
  if (missing !== undefined) process.stderr.write(`The tests of the audit's page are skipped. ${missing}\n`);
}
