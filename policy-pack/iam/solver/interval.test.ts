import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  findPoint,
  inIntervals,
  parseAddress,
  parseAddressBlock,
  parseDate,
  parseNumber,
  wholeNumber,
  writePoint,
} from "./interval";

describe("an address block", () => {
  const inside = (block: string, address: string) => {
    const covered = parseAddressBlock(block);
    const point = parseAddress(address);
    if (covered === undefined || point === undefined) throw new Error("not an address");
    return inIntervals([covered], point);
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
  ])("%s contains %s: %s", (block, address, holds) => {
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
  ])("%j is not an address block", (written) => {
    expect(parseAddressBlock(written)).toBeUndefined();
  });

  test("an address is written in the form that it was parsed from", () => {
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

/** One half, as a point on the number line. */
const HALF = wholeNumber(1) / 2n;

describe("a number", () => {
  test.each([
    ["3600", wholeNumber(3600)],
    ["-1", wholeNumber(-1)],
    ["0.5", HALF],
    ["-2.5", -5n * HALF],
    ["007", wholeNumber(7)],
    ["1e3", wholeNumber(1000)],
    ["5E-1", HALF],
    ["9007199254740993", wholeNumber(1) * 9007199254740993n],
  ])("%s is parsed exactly", (written, value) => {
    expect(parseNumber(written)).toBe(value);
  });

  test("stays apart from one that a double cannot distinguish from it, with a point between them", () => {
    for (const [low, high] of [
      ["9007199254740992", "9007199254740993"],
      ["0.1", "0.10000000000000001"],
      ["-1e-300", "0"],
    ] as const) {
      const [from, to] = [parseNumber(low) ?? 0n, parseNumber(high) ?? 0n];
      const between = [{ from: { at: from, without: true }, to: { at: to, without: true } }];
      const answer = findPoint("number", [between], []);
      const written = answer.kind === "found" ? writePoint("number", answer.value) : "";
      expect(inIntervals(between, parseNumber(written) ?? from), written).toBe(true);
    }
  });

  test("is the same after it is written and parsed again", () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.nat(300), (digits, places) => {
        const point = parseNumber(`${digits}e-${places}`);
        expect(point === undefined ? undefined : parseNumber(writePoint("number", point))).toBe(point);
      }),
    );
  });

  test("between two ages is found only if it is a whole second", () => {
    const between = (from: string, to: string) => [
      {
        from: { at: parseNumber(from) ?? 0n, without: true },
        to: { at: parseNumber(to) ?? 0n, without: true },
      },
    ];
    expect(findPoint("age", [between("3600", "3601")], []).kind).toBe("none");
    expect(findPoint("age", [between("3600.2", "3600.9")], []).kind).toBe("none");
    expect(findPoint("age", [between("3600.5", "3602")], [])).toEqual({
      kind: "found",
      value: wholeNumber(3601),
    });
  });

  test.each(["", "1e", "1e9999", "+1", " 1", "1 ", ".5", "5.", "0x1", "1_000", "Infinity", "NaN", "١"])(
    "%j is not a number",
    (written) => {
      expect(parseNumber(written)).toBeUndefined();
    },
  );
});

describe("a date", () => {
  const NEW_YEAR = wholeNumber(Date.UTC(2030, 0, 1) / 1000);

  test.each([
    ["2030-01-01T00:00:00Z", NEW_YEAR],
    ["2030-01-01t00:00:00z", NEW_YEAR],
    ["2030-01-01T00:00Z", NEW_YEAR],
    ["2030-01-01T01:00:00+01:00", NEW_YEAR],
    ["2030-01-01T00:00:00.5Z", NEW_YEAR + HALF],
    ["2030-01-01", NEW_YEAR],
    ["2030-01", NEW_YEAR],
    ["2030", NEW_YEAR],
    ["1893456000", NEW_YEAR],
  ])("%s is parsed to its time", (written, time) => {
    expect(parseDate(written)).toBe(time);
  });

  test.each([
    ["2030-01-01T00:00:00.250Z", "2030-01-01T00:00:00.250Z"],
    ["2030-01-01T00:00:00.0001Z", "1893456000.0001"],
    ["99999999999999999", "99999999999999999"],
    ["-1", "1969-12-31T23:59:59.000Z"],
  ])("%s is written as %s", (written, said) => {
    expect(writePoint("date", parseDate(written) ?? 0n)).toBe(said);
  });

  test.each(["", "tomorrow", "2030-13-01", "2030-1-1", "01/01/2030", "2030-01-01 00:00:00"])(
    "%j is not a date",
    (written) => {
      expect(parseDate(written)).toBeUndefined();
    },
  );
});

test("a point within some intervals and outside others is found exactly if one exists", () => {
  const end = fc.option(
    fc.record({ at: fc.bigInt(0n, 6n).map((at) => at * HALF * 2n), without: fc.boolean() }),
    { nil: undefined },
  );
  const interval = fc.tuple(end, end).map(([from, to]) => ({
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }));
  const sets = fc.array(fc.array(interval, { minLength: 1, maxLength: 2 }), { maxLength: 3 });
  // Nothing changes between whole ends, so halves cover every case.
  const halves = Array.from({ length: 17 }, (_, index) => (BigInt(index) - 2n) * HALF);
  fc.assert(
    fc.property(sets, sets, (all, none) => {
      const wanted = (point: bigint) =>
        all.every((set) => inIntervals(set, point)) && !none.some((set) => inIntervals(set, point));
      const answer = findPoint("number", all, none);
      if (answer.kind === "found") expect(wanted(answer.value)).toBe(true);
      else expect(halves.filter(wanted)).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});
