import { expect, test } from "vitest";
import { partsOf } from "./urn";

test("a URN has a stack, a project, the resource's own type and its name", () => {
  expect(partsOf("urn:pulumi:prod::shop::shop:iam:Access$aws:iam/role:Role::release")).toEqual({
    stack: "prod",
    project: "shop",
    type: "aws:iam/role:Role",
    name: "release",
  });
});

test("a name may contain the separators of the parts", () => {
  expect(partsOf("urn:pulumi:prod::shop::aws:iam/role:Role::a::b$c")?.name).toBe("a::b$c");
});

test.each(["", "release", "urn:pulumi:prod::shop", "arn:aws:iam::111122223333:role/x"])(
  "%j is not a URN",
  (text) => {
    expect(partsOf(text)).toBeUndefined();
  },
);
