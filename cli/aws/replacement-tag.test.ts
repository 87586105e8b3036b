import { expect, test } from "vitest";
import { isNew } from "./replacement-tag";

const OLD = "2030-01-01T10:00:00.123456789Z";
const NEW = "2030-06-01T10:00:00.123456789Z";
const soon = Date.parse("2030-06-01T11:00:00Z");
const later = Date.parse("2030-06-02T10:00:01Z");

test.each<[string, string | undefined, string | undefined, number, boolean]>([
  ["created after the tagged one is new", NEW, OLD, soon, true],
  ["created when the tag says is not new", OLD, OLD, soon, false],
  ["that does not exist is not new", undefined, OLD, soon, false],
  ["of a user without a tag is not new", NEW, undefined, soon, false],
  ["created more than a day ago is not new any more", NEW, OLD, later, false],
  ["without a date is not new if the tag is empty", "", "", soon, false],
  ["without a date is not new", "", OLD, soon, false],
])("a device %s", (_, madeAt, marked, now, expected) => {
  expect(isNew(madeAt, marked, now)).toBe(expected);
});
