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

test("the code of RFC 6238 is accepted, once", () => {
  const device = new Device(SEED);
  expect([device.accepts(CODE), device.accepts(CODE)]).toEqual([true, false]);
});

test("no older code is accepted after a code", () => {
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

test("two consecutive codes enable it, old ones too, and are then used up", () => {
  const device = new Device(SEED);
  vi.setSystemTime(AT + 3_600_000);
  device.synchronize(CODE, NEXT);
  vi.setSystemTime(AT);
  expect(device.accepts(NEXT)).toBe(false);
});

test.each([
  ["in the wrong order", NEXT, CODE],
  ["the same twice", CODE, CODE],
  ["of another device", "000000", "111111"],
  ["empty", "", ""],
])("two codes, %s, do not enable it", (_, first, second) => {
  expect(() => new Device(SEED).synchronize(first, second)).toThrow(
    "Authentication code for device is not valid.",
  );
});
