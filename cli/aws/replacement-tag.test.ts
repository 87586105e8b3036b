import { expect, test } from "vitest";
import { isNew } from "./replacement-tag";

const OLD = "2030-01-01T10:00:00.123456789Z";
const NEW = "2030-06-01T10:00:00.123456789Z";
const soon = Date.parse("2030-06-01T11:00:00Z");
const later = Date.parse("2030-06-02T10:00:01Z");

test.each<[string, string | undefined, string | undefined, number, boolean]>([
  ["was made after the one that is to go", NEW, OLD, soon, true],
  ["is the one that is to go", OLD, OLD, soon, false],
  ["is not there", undefined, OLD, soon, false],
  ["is not being replaced", NEW, undefined, soon, false],
  ["has waited for more than a day", NEW, OLD, later, false],
  ["has no date", "", "", soon, false],
  ["has no date any more", "", OLD, soon, false],
])("a device that %s", (_, madeAt, marked, now, expected) => {
  expect(isNew(madeAt, marked, now)).toBe(expected);
});
