import { describe, expect, test } from "vitest";
import { decideGuard, decideTrust, type Policy, type PolicyKind, parsePolicy } from "../../policy-pack/iam";
import { GROUP_CORPUS, TRUST_CORPUS } from "./corpus";

function parsed(document: object, kind: PolicyKind): Policy {
  const result = parsePolicy(JSON.stringify(document), kind);
  if (!result.ok) throw new Error(`the corpus has a document that AWS refuses: ${JSON.stringify(result)}`);
  return result.policy;
}

describe("a trust policy", () => {
  test.each(TRUST_CORPUS)("$title: $verdict", ({ document, verdict, rules }) => {
    expect(decideTrust(parsed(document, "trust"), rules)).toMatchObject({ kind: verdict });
  });
});

describe("a group's policy", () => {
  test.each(GROUP_CORPUS)("$title: $verdict", ({ document, verdict, rules }) => {
    expect(decideGuard([parsed(document, "identity")], rules)).toMatchObject({ kind: verdict });
  });
});

test("the corpus has more than 40 entries, each with a unique id", () => {
  const ids = [...TRUST_CORPUS, ...GROUP_CORPUS].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(40);
});
