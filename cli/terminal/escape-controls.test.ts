import * as fc from "fast-check";
import { expect, test } from "vitest";
import { escapeControls, own, printable } from "./escape-controls";

const text = fc.string({ unit: "binary" });
const RAW = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u;

test("control and format characters are escaped in any text", () => {
  fc.assert(
    fc.property(text, (any) => {
      expect(escapeControls(any)).not.toMatch(RAW);
      expect(printable(any).replaceAll(/[\n\t]/g, "")).not.toMatch(RAW);
    }),
  );
  expect(escapeControls("a\nb\u202e\u{e0001}é")).toBe("a\\u000ab\\u202e\\udb40\\udc01é");
  expect(printable("a\n\tb\x1b")).toBe("a\n\tb\\u001b");
});

test("escaped JSON has the same value", () => {
  fc.assert(
    fc.property(text, (any) => {
      expect(JSON.parse(printable(JSON.stringify([any])))).toEqual([any]);
    }),
  );
});

test("the command's own control sequences are kept, and text cannot imitate them", () => {
  expect(printable(`${own("\x1b[1m")}x\x1b[8m${own("\x1b[22m")}`)).toBe("\x1b[1mx\\u001b[8m\x1b[22m");
  expect(printable("\ufdd00123456789abcdef\x1b[8m\ufdd1")).not.toContain("\x1b");
});
