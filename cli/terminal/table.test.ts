import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { printable } from "./escape-controls";
import { table } from "./table";

const linesOf = (...given: Parameters<typeof table>) =>
  stripVTControlCharacters(printable(table(...given))).split("\n");

describe("a table", () => {
  test("has aligned columns, and wraps nothing if the width is unknown", () => {
    const sentence = "a sentence ".repeat(30).trim();
    expect(
      linesOf(
        ["user", "to do"],
        [
          ["alice", sentence],
          ["bo", "x\ny"],
        ],
        undefined,
      ),
    ).toEqual(["user   to do", `alice  ${sentence}`, "bo     x", "       y"]);
  });

  test("wraps only the last column as long as it has thirty characters", () => {
    const rows = [["x".repeat(20), "enable the device with two codes that follow"]];
    expect(linesOf(["a", "b"], rows, 52)[1]).toBe(`${"x".repeat(20)}  enable the device with two`);
  });

  test("gives the last column twice the width of the others if the table is narrow", () => {
    expect(
      linesOf(["who", "keys", "to do"], [["bob", "made today, never used", "enable the device"]], 30),
    ).toEqual([
      "who  keys     to do",
      "bob  made     enable the",
      "     today,   device",
      "     never",
      "     used",
    ]);
  });

  test("breaks no word while there is room for it", () => {
    const serial = "arn:aws:iam::111122223333:mfa/alice";
    const lines = linesOf(["serial", "to do"], [[serial, "enroll alice with two codes"]], 50);
    expect(lines.join("\n")).toContain(serial);
  });

  test("is a list for each row if the longest words do not fit side by side", () => {
    const name = "AWSReservedSSO_AdministratorAccess";
    expect(
      linesOf(
        ["kind", "name", "why"],
        [
          ["role", name, ""],
          ["role", "b", "it is open to all"],
        ],
        44,
      ),
    ).toEqual(["kind: role", `name: ${name}`, "", "kind: role", "name: b", "why: it is open to all"]);
  });

  test("fits any terminal of at least eight columns, and loses no letter", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "b", "-", " ", "\n"), maxLength: 40 });
    const letters = (text: string) => text.replace(/[^ab]/g, "").split("").sort().join("");
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell)), fc.integer({ min: 8, max: 60 }), (cells, columns) => {
        const lines = linesOf(["1", "2", "3"], cells, columns);
        expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns);
        expect(letters(lines.join(""))).toBe(letters(cells.flat().join("")));
      }),
      { examples: [[[["", "aa", " a"]], 8]], numRuns: 300 },
    );
  });

  test("counts a wide character as two columns", () => {
    expect(linesOf(["name", "x"], [["役割", "y"]], 20)).toEqual(["name  x", "役割  y"]);
  });
});
