import * as fc from "fast-check";
import { Secret, TOTP } from "otpauth";
import { describe, expect, test } from "vitest";
import { mistakeIn } from "./codes";

const SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const OTHER = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U";
const NOW = Date.UTC(2026, 0, 15, 12, 0, 5);

const codeOf = (seed: string, seconds: number) =>
  new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: NOW + seconds * 1000 });

const judged = (first: string, second: string) => mistakeIn([first, second], SEED, NOW) ?? "good";

describe("two codes", () => {
  test.each([
    ["of the last and the current period are accepted", [-30, 0], /^good$/],
    ["of the current and the next period are accepted", [0, 30], /^good$/],
    ["from a clock that is a minute slow are accepted", [-90, -60], /^good$/],
    [
      "from a clock that is two minutes slow are rejected with the difference",
      [-150, -120],
      /120 seconds slow/,
    ],
    [
      "from a clock that is 20 minutes fast are rejected with the difference",
      [1170, 1200],
      /20 minutes fast/,
    ],
    ["from the wrong time zone are rejected with the difference", [-3630, -3600], /60 minutes slow/],
    [
      "from a distant time zone are rejected with the difference",
      [-30 - 9 * 3600, -9 * 3600],
      /9 hours slow/,
    ],
    ["that are the same are rejected", [0, 0], /the same/],
    ["in the wrong order are rejected", [0, -30], /wrong order/],
    ["that are not consecutive are rejected with their distance", [-60, 0], /2 apart/],
  ])("%s", (_, [first = 0, second = 0], expected) => {
    expect(judged(codeOf(SEED, first), codeOf(SEED, second))).toMatch(expected);
  });

  test("of another device are recognized as such", () => {
    expect(judged(codeOf(OTHER, -30), codeOf(OTHER, 0))).toMatch(/another device/);
  });

  test("are rejected with the position of the mistyped one", () => {
    expect(judged(codeOf(SEED, -30), codeOf(OTHER, 0))).toMatch(/^The second code/);
    expect(judged(codeOf(OTHER, -30), codeOf(SEED, 0))).toMatch(/^The first code/);
  });

  test("that are consecutive are accepted at any time, for any seed", () => {
    const seed = fc
      .uint8Array({ minLength: 40, maxLength: 40 })
      .map((bytes) => new Secret({ buffer: bytes.slice().buffer }));
    const time = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(seed, time, (secret, now) => {
        const device = new TOTP({ secret });
        const [first, second] = [now - 30_000, now].map((timestamp) => device.generate({ timestamp }));
        fc.pre(first !== second);
        expect(mistakeIn([first ?? "", second ?? ""], secret.base32, now)).toBeUndefined();
      }),
    );
  });

  test("are not shown in the message, and neither is the seed", () => {
    const codes = [codeOf(OTHER, -30), codeOf(SEED, 0)];
    for (const secret of [...codes, SEED])
      expect(judged(codes[0] ?? "", codes[1] ?? "")).not.toContain(secret);
  });
});
