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

test("the code of RFC 6238 is taken, once", () => {
  const device = new Device(SEED);
  expect([device.takes(CODE), device.takes(CODE)]).toEqual([true, false]);
});

test("after a code none that is older is taken", () => {
  const device = new Device(SEED);
  expect([device.takes(NEXT), device.takes(CODE)]).toEqual([true, false]);
});

test.each([
  [-60, true],
  [60, true],
  [-91, false],
  [91, false],
])("a code that is %s seconds away from now: %s", (seconds, taken) => {
  vi.setSystemTime(AT + seconds * 1000);
  expect(new Device(SEED).takes(CODE)).toBe(taken);
});

test("two codes that follow each other turn it on, also old ones, and are used then", () => {
  const device = new Device(SEED);
  vi.setSystemTime(AT + 3_600_000);
  device.synchronize(CODE, NEXT);
  vi.setSystemTime(AT);
  expect(device.takes(NEXT)).toBe(false);
});

test.each([
  ["the wrong way round", NEXT, CODE],
  ["the same twice", CODE, CODE],
  ["another's", "000000", "111111"],
  ["none", "", ""],
])("two codes, %s, do not", (_, first, second) => {
  expect(() => new Device(SEED).synchronize(first, second)).toThrow(
    "Authentication code for device is not valid.",
  );
});
