import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wrapWords } from "./wrap";

describe("lines for a terminal", () => {
  test("have no trailing spaces, even in color", () => {
    const red = "\u001b[31mone two\u001b[39m";
    expect(stripVTControlCharacters(wrapWords(red, 5))).toBe("one\ntwo");
    expect(stripVTControlCharacters(wrapWords("\u001b[32m✓\u001b[39m role    one two", 14))).toBe(
      "✓ role    one\n          two",
    );
  });

  test("are wrapped between words, with a hanging indent", () => {
    expect(wrapWords("✓ keys    default is arn:aws:iam::111122223333:user/alice.", 30)).toBe(
      "✓ keys    default is\n          arn:aws:iam::111122223333:user/alice.",
    );
    expect(wrapWords("✓ Wrote the profile p", 15)).toBe("✓ Wrote the\n  profile p");
    expect(wrapWords("    Fix: set the clock by the network", 20)).toBe(
      "    Fix: set the\n    clock by the\n    network",
    );
    expect(wrapWords("  - an access key, a secret", 16)).toBe("  - an access\n    key, a\n    secret");
  });

  test("are not wrapped if they are commands to copy or a single word", () => {
    for (const line of ["      aws-mfa setup --role-arn arn:aws:iam::111122223333:role/R", "x".repeat(90)]) {
      expect(wrapWords(line, 40)).toBe(line);
    }
  });

  test("never break a word, and lose none, at any width", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "-", "1", "."), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(word),
        fc.constantFrom("", "  ", "✗ role    "),
        fc.integer({ min: 1, max: 60 }),
        (words, indent, columns) => {
          const text = `${indent}${words.join(" ")}`;
          const wrapped = wrapWords(text, columns);
          expect(wrapped.split(/\s+/).filter(Boolean)).toEqual(text.split(/\s+/).filter(Boolean));
          for (const line of wrapped
            .split("\n")
            .filter((each) => each.trim().includes(" "))
            .slice(1)) {
            expect(line.length).toBeLessThanOrEqual(Math.max(columns, indent.length + 12));
          }
        },
      ),
    );
  });
});
