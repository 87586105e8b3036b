import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLASSES } from "./classes";
import { attacked } from "./run";

describe("a few attacks of each class do no harm", () => {
  test.each(CLASSES)("$name", async (each) => {
    const { tried, broken } = await attacked(each, each.runs.short, Date.now() % 1_000_000_000);
    expect(tried).toBeGreaterThan(0);
    expect(broken).toEqual([]);
  });
});

test("docs/attacks.md has every class, and each survived its last full run (npm run attack -- --write)", () => {
  const page = readFileSync(join(__dirname, "../../docs/attacks.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([\w-]+)` \| .* \| (\d+) \| (\d+) \| \d+ \|$/gm)];
  const expected = CLASSES.map(({ name, runs }) => [name, String(runs.full), String(runs.full)]);
  expect(rows.map(([, ...cells]) => cells)).toEqual(expected);
});

test("an attack that does harm is reported with the seed that repeats it", async () => {
  const third = {
    name: "third",
    attack: "",
    holds: "",
    runs: { full: 1, short: 1 },
    open: async () => {
      let count = 0;
      return {
        attack: async () => {
          if (++count === 3) throw new Error("gone");
        },
        close: async () => {},
      };
    },
  };
  expect(await attacked(third, 5, 10)).toEqual({ tried: 5, broken: [{ seed: 12, what: "gone" }] });
});
