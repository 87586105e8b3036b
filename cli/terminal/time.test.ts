import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** A build of Node.js without other locales. https://nodejs.org/api/intl.html#options-for-building-nodejs */
class OnlyEnglish extends Intl.DateTimeFormat {
  constructor(_: string, options?: Intl.DateTimeFormatOptions) {
    super("en-US", options);
  }
}

test.each([
  ["all locales", Intl.DateTimeFormat],
  ["only English", OnlyEnglish],
])("a time is shown in the person's time zone by a Node.js with %s", async (_, DateTimeFormat) => {
  vi.stubEnv("TZ", "Asia/Tokyo");
  vi.stubGlobal("Intl", { ...Intl, DateTimeFormat });
  const { localDay, localTime } = await import("./time");
  expect(localTime(new Date("2030-02-28T15:05:00Z"))).toBe("2030-03-01 00:05 GMT+9");
  expect(localTime(new Date("2030-03-01T12:35:00Z"))).toBe("2030-03-01 21:35 GMT+9");
  expect(localDay(new Date("2030-12-31T15:00:00Z"))).toBe("2031-01-01");
});
