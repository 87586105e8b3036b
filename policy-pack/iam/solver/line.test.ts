import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  findPoint,
  onLine,
  parseAddress,
  parseAddressBlock,
  parseDate,
  parseNumber,
  writePoint,
} from "./line";

describe("an address block", () => {
  const inside = (block: string, address: string) => {
    const covered = parseAddressBlock(block);
    const point = parseAddress(address);
    if (covered === undefined || point === undefined) throw new Error("not an address");
    return onLine([covered], point);
  };

  test.each([
    ["203.0.113.0/24", "203.0.113.0", true],
    ["203.0.113.0/24", "203.0.113.255", true],
    ["203.0.113.0/24", "203.0.114.0", false],
    ["203.0.113.77/24", "203.0.113.1", true],
    ["203.0.113.7", "203.0.113.7", true],
    ["203.0.113.7", "203.0.113.8", false],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["::/0", "203.0.113.7", false],
    ["::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true],
    ["2001:db8::/32", "2001:db8:ffff::", true],
    ["2001:db8::/32", "2001:db9::", false],
    ["2001:DB8::", "2001:db8:0:0:0:0:0:0", true],
  ])("%s holds %s: %s", (block, address, holds) => {
    expect(inside(block, address)).toBe(holds);
  });

  test.each([
    "",
    "203.0.113",
    "203.0.113.256",
    "203.0.113.0/33",
    "203.0.113.0/-1",
    "203.0.113.0/24/8",
    "2001:db8::/129",
    "2001::db8::1",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "::ffff:203.0.113.7",
    " 203.0.113.7",
  ])("%j is none", (written) => {
    expect(parseAddressBlock(written)).toBeUndefined();
  });

  test("an address is written as it is read", () => {
    const v4 = fc.ipV4();
    fc.assert(fc.property(v4, (address) => writePoint("ip", parseAddress(address) ?? 0n) === address));
    const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(groups, (parts) => {
        const address = parts.map((part) => part.toString(16)).join(":");
        expect(writePoint("ip", parseAddress(address) ?? 0n)).toBe(address);
      }),
    );
  });
});

describe("a number", () => {
  test.each([
    ["3600", 3600],
    ["-1", -1],
    ["0.5", 0.5],
    ["007", 7],
  ])("%s", (written, value) => {
    expect(parseNumber(written)).toBe(value);
  });

  test.each(["", "1e3", "+1", " 1", "1 ", ".5", "5.", "0x1", "1_000", "Infinity", "NaN", "١"])(
    "%j is none",
    (written) => {
      expect(parseNumber(written)).toBeUndefined();
    },
  );
});

describe("a date", () => {
  const NEW_YEAR = Date.UTC(2030, 0, 1);

  test.each([
    ["2030-01-01T00:00:00Z", NEW_YEAR],
    ["2030-01-01t00:00:00z", NEW_YEAR],
    ["2030-01-01T00:00Z", NEW_YEAR],
    ["2030-01-01T01:00:00+01:00", NEW_YEAR],
    ["2030-01-01T00:00:00.5Z", NEW_YEAR + 500],
    ["2030-01-01", NEW_YEAR],
    ["2030-01", NEW_YEAR],
    ["2030", NEW_YEAR],
    ["1893456000", NEW_YEAR],
  ])("%s", (written, time) => {
    expect(parseDate(written)).toBe(time);
  });

  test.each(["", "tomorrow", "2030-13-01", "2030-1-1", "01/01/2030", "2030-01-01 00:00:00"])(
    "%j is none",
    (written) => {
      expect(parseDate(written)).toBeUndefined();
    },
  );
});

test("a point is found in some intervals and outside others exactly when there is one", () => {
  const end = fc.option(fc.record({ at: fc.nat(6), without: fc.boolean() }), { nil: undefined });
  const interval = fc.tuple(end, end).map(([from, to]) => ({
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }));
  const sets = fc.array(fc.array(interval, { minLength: 1, maxLength: 2 }), { maxLength: 3 });
  // Between whole ends nothing changes, so that halves say everything.
  const halves = Array.from({ length: 17 }, (_, index) => index / 2 - 1);
  fc.assert(
    fc.property(sets, sets, (all, none) => {
      const wanted = (point: number) =>
        all.every((set) => onLine(set, point)) && !none.some((set) => onLine(set, point));
      const answer = findPoint("number", all, none);
      if (answer.kind === "found") expect(wanted(Number(answer.value))).toBe(true);
      else expect(halves.filter(wanted)).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});
