import { describe, expect, test } from "vitest";
import { sampleReport } from "../sample/report";
import { EVERYTHING, entriesOf, type Filter, passing } from "./entry";

const entries = entriesOf(sampleReport);
const names = (filter: Partial<Filter>) =>
  passing(entries, { ...EVERYTHING, ...filter }).map(({ subject }) => subject.name);

describe("the filter", () => {
  test("selects every subject if it is empty", () => {
    expect(names({})).toHaveLength(25);
  });

  test.each<[string, Partial<Filter>, string[]]>([
    ["a standing", { standings: new Set(["unknown"]) }, ["Auditors", "PartnerAccess", "payments-team"]],
    ["a kind", { kind: "policy" }, ["break-glass.json"]],
    ["a place", { place: "state payments/prod" }, ["refunds", "payments-team"]],
    ["a policy", { policy: "iam-user-requires-mfa" }, ["erin", "bob", "dave"]],
    ["all words of a text, in any case", { text: "GUARD administratorsmfa" }, ["AdministratorsMFA", "alice"]],
    [
      "several criteria at once",
      { kind: "role", standings: new Set(["open"]), place: "state payments/prod" },
      ["refunds"],
    ],
    ["a principal that can assume a role", { text: "ci-runner" }, ["DeployFromCi"]],
    [
      "new findings, together with a kind and a place",
      { isNew: true, kind: "role", place: "account 111122223333" },
      ["Release", "Billing", "OrganizationAudit"],
    ],
  ])("selects by %s", (_, filter, expected) => {
    expect(names(filter)).toEqual(expected);
  });
});
