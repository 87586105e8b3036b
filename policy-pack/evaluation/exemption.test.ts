import { expect, test } from "vitest";
import { exemptionFor } from "./exemption";

const ROLE = {
  urn: "urn:pulumi:dev::shop::aws:iam/role:Role::deploy",
  type: "aws:iam/role:Role",
  name: "deploy",
};

function covers(expires: string, now: string): boolean {
  const found = exemptionFor(ROLE, [{ name: "dep*", reason: "moving", expires }], new Date(now));
  return found !== undefined && !found.expired;
}

test.each([
  ["2030-01-31", "2030-01-31T23:59:59.999Z", true],
  ["2030-01-31", "2030-02-01T00:00:00.000Z", false],
  ["2030-01-31T12:00:00Z", "2030-01-31T12:00:00.000Z", true],
  ["2030-01-31T12:00:00Z", "2030-01-31T12:00:00.001Z", false],
])("an exemption that expires on %s covers the resource at %s: %s", (expires, now, expected) => {
  expect(covers(expires, now)).toBe(expected);
});

test("a valid exemption takes precedence over an expired one, which alone is reported as expired", () => {
  const expired = { name: "deploy", reason: "old", expires: "2020-01-31" };
  const valid = { urn: "*::deploy", reason: "new" };
  expect(exemptionFor(ROLE, [expired, valid], new Date("2030-01-31"))).toEqual({
    exemption: valid,
    expired: false,
  });
  expect(exemptionFor(ROLE, [expired], new Date("2030-01-31"))?.expired).toBe(true);
});

test("an exemption without a pattern covers nothing", () => {
  expect(exemptionFor(ROLE, [{ reason: "all" }], new Date())).toBeUndefined();
});
