import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arnPattern, glob } from "../encode/policy-pattern";
import { Budget } from "./budget";
import { inSet, matches, subsumes } from "./match";
import { type Pattern, type StringSet, pattern as spelt, type Token } from "./pattern";
import { findString } from "./string-constraint";

const READING = { variables: true, ignoreCase: false };

function pattern(source: string): Pattern {
  const read = glob(source, READING);
  if (read === undefined) throw new Error("a policy variable");
  return read;
}

/** Patterns over two letters, so that short texts cover every case. */
const source = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 5 });
const set = fc.array(source, { minLength: 1, maxLength: 3 }).map((sources) => sources.map(pattern));

/** Tokens, of which some match a colon and some do not. */
const token = fc.oneof(
  fc.constantFrom("a", "A", ":", "7").map((char): Token => ({ kind: "char", char })),
  fc.record({ kind: fc.constantFrom("any", "many"), within: fc.constantFrom("text", "segment") }),
  fc.constant<Token>({ kind: "digit" }),
);

/** Every text of up to this length; `c` stands for every letter that no pattern names. */
function textsUpTo(length: number): string[] {
  const all = [""];
  for (let at = 0; at < all.length; at += 1) {
    const text = all[at] ?? "";
    if (text.length < length) all.push(`${text}a`, `${text}b`, `${text}c`);
  }
  return all;
}
const TEXTS = textsUpTo(6);

describe("a pattern", () => {
  test("matches what the equivalent regular expression matches", () => {
    fc.assert(
      fc.property(source, fc.constantFrom(...TEXTS), (written, text) => {
        const expression = new RegExp(`^${written.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
        expect(matches(pattern(written), text)).toBe(expression.test(text));
      }),
      { numRuns: 5000 },
    );
  });

  test("with segment wildcards matches what the equivalent regular expression matches", () => {
    const spell = (token: Token) => {
      if (token.kind === "char") return token.char;
      if (token.kind === "digit") return "[0-9]";
      return `${token.within === "text" ? "." : "[^:]"}${token.kind === "many" ? "*" : ""}`;
    };
    const text = fc.string({ unit: fc.constantFrom("a", ":", "7"), maxLength: 5 });
    const segment: Token = { kind: "many", within: "segment" };
    fc.assert(
      fc.property(fc.array(token, { maxLength: 5 }), text, (tokens, text) => {
        const expression = new RegExp(`^${tokens.map(spell).join("")}$`, "s");
        expect(matches(spelt(tokens, false), text)).toBe(expression.test(text));
      }),
      { numRuns: 5000, examples: [[[segment, { kind: "any", within: "text" }, segment], "7:"]] },
    );
  });

  test("that subsumes another matches every text that the other matches", () => {
    fc.assert(
      fc.property(source, source, (outer, inner) => {
        if (!subsumes(pattern(outer), pattern(inner))) return;
        for (const text of TEXTS) {
          if (matches(pattern(inner), text)) expect(matches(pattern(outer), text)).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("of an ARN has all segments, and confines wildcards to their segments except the last", () => {
    const users = arnPattern("arn:aws:iam::*:user/*", READING);
    expect(users && matches(users, "arn:aws:iam::111122223333:user/team:a/bob")).toBe(true);
    expect(users && matches(users, "arn:aws:iam::111122223333:x:user/bob")).toBe(false);
    expect(arnPattern("arn:aws:iam*", READING)).toBeUndefined();
  });

  test.each([
    [`\${*}`, "*", "x"],
    [`a\${?}b`, "a?b", "axb"],
    [`\${$}{x}`, `\${x}`, "x"],
  ])("%s matches only the character itself", (written, text, other) => {
    expect(matches(pattern(written), text)).toBe(true);
    expect(matches(pattern(written), other)).toBe(false);
  });

  test("with a policy variable cannot be read without the request", () => {
    expect(glob(`\${aws:username}`, READING)).toBeUndefined();
    expect(glob(`\${*}`, { ...READING, variables: false })).toBeUndefined();
  });
});

describe("findString", () => {
  const isWanted = (all: readonly StringSet[], none: readonly StringSet[]) => (text: string) =>
    all.every((each) => inSet(each, text)) && !none.some((each) => inSet(each, text));

  test("finds a text within some sets and outside others exactly if one exists", () => {
    fc.assert(
      fc.property(fc.array(set, { maxLength: 3 }), fc.array(set, { maxLength: 3 }), (all, none) => {
        const answer = findString(all, none, [], new Budget(1_000_000));
        const wanted = isWanted(all, none);
        if (answer.kind === "found") expect(wanted(answer.value)).toBe(true);
        else {
          expect(answer.kind).toBe("none");
          expect(TEXTS.filter(wanted)).toEqual([]);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("never answers none on an exhausted budget if a text exists", () => {
    fc.assert(
      fc.property(
        fc.array(set, { maxLength: 3 }),
        fc.array(set, { maxLength: 3 }),
        fc.nat(20),
        (all, none, budget) => {
          const answer = findString(all, none, [], new Budget(budget));
          if (answer.kind === "none") expect(TEXTS.filter(isWanted(all, none))).toEqual([]);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("finds a text exactly if one exists for mixed case sensitivity and segment wildcards", () => {
    const mixed = fc
      .tuple(fc.array(token, { maxLength: 4 }), fc.boolean())
      .map(([tokens, ignoreCase]) => spelt(tokens, ignoreCase));
    const texts = [""];
    for (const text of texts) {
      if (text.length < 4) texts.push(...["a", "A", "c", ":", "7", "8"].map((letter) => text + letter));
    }
    const sets = fc.array(fc.array(mixed, { minLength: 1, maxLength: 2 }), { maxLength: 2 });
    fc.assert(
      fc.property(sets, sets, (all, none) => {
        const answer = findString(all, none, [], new Budget(1_000_000));
        const wanted = isWanted(all, none);
        if (answer.kind === "found") expect(wanted(answer.value)).toBe(true);
        else expect([answer.kind, ...texts.filter(wanted)]).toEqual(["none"]);
      }),
      { numRuns: 1000 },
    );
  });

  test("finds the Kelvin sign as the case variant other than k and K", () => {
    const any = glob("k", { ...READING, ignoreCase: true });
    if (any === undefined) throw new Error("a policy variable");
    expect(findString([[any]], [[pattern("k"), pattern("K")]], [], new Budget())).toEqual({
      kind: "found",
      value: "\u212a",
    });
  });

  test("ignores case for a pattern that ignores case", () => {
    const folded = (text: string) =>
      [glob(text, { variables: true, ignoreCase: true })].filter((each) => each !== undefined);
    expect(findString([folded("S3:*")], [folded("s3:?*")], [], new Budget())).toEqual({
      kind: "found",
      value: "s3:",
    });
    expect(findString([folded("S3:GET*")], [folded("s3:g*")], [], new Budget())).toEqual({ kind: "none" });
  });
});
