import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Device } from "./device";

/** RFC 6238, appendix B: the seed is "12345678901234567890" in ASCII; the last six of its eight digits. */
const SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const AT = 1_111_111_109_000;
const CODE = "081804";
const NEXT = "050471";

beforeEach(() => {
  vi.useFakeTimers({ now: AT });
});
afterEach(() => {
  vi.useRealTimers();
});

test("RFC 6238's code is accepted once", () => {
  const device = new Device(SEED);
  expect([device.accepts(CODE), device.accepts(CODE)]).toEqual([true, false]);
});

test("an older code is rejected after a newer one", () => {
  const device = new Device(SEED);
  expect([device.accepts(NEXT), device.accepts(CODE)]).toEqual([true, false]);
});

test.each([
  [-60, true],
  [60, true],
  [-91, false],
  [91, false],
])("a code that is %s seconds off is accepted: %s", (seconds, taken) => {
  vi.setSystemTime(AT + seconds * 1000);
  expect(new Device(SEED).accepts(CODE)).toBe(taken);
});

test("two consecutive codes enable a device, even an hour later, and are then used up", () => {
  const device = new Device(SEED);
  vi.setSystemTime(AT + 3_600_000);
  device.synchronize(CODE, NEXT);
  vi.setSystemTime(AT);
  expect(device.accepts(NEXT)).toBe(false);
});

test.each([
  ["in the wrong order", NEXT, CODE],
  ["equal", CODE, CODE],
  ["from another device", "000000", "111111"],
  ["empty", "", ""],
])("two codes that are %s do not enable a device", (_, first, second) => {
  expect(() => new Device(SEED).synchronize(first, second)).toThrow(
    "Authentication code for device is not valid.",
  );
});
