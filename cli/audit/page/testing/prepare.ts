import { prepareChromium } from "../../../../local/chromium";

/** Once for the tests of the page: a browser. Where there is none and none can be had, they are skipped, which is said. */
export async function setup(): Promise<void> {
  const missing = await prepareChromium();
  if (missing !== undefined) process.stderr.write(`The tests of the audit's page are skipped. ${missing}\n`);
}
