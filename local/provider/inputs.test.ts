import { describe, expect, test } from "vitest";
import { checkInputs, differences } from "./inputs";
import type { Kind } from "./kind";
import { kinds } from "./kinds";
import { UNKNOWN } from "./value";

function kind(token: string): Kind {
  const found = kinds[token];
  if (found === undefined) throw new Error(`no kind ${token}`);
  return found;
}

const role = kind("aws:iam/role:Role");
const trust = { Version: "2012-10-17", Statement: [] };

describe("the inputs of a resource", () => {
  test("have the provider's defaults, a name generated from the program's, and documents as text", () => {
    const { inputs, failures } = checkInputs(role, "reader", {}, { assumeRolePolicy: trust });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({
      path: "/",
      maxSessionDuration: 3600,
      assumeRolePolicy: JSON.stringify(trust),
    });
    expect(inputs.name).toMatch(/^reader-[0-9a-f]{7}$/);
  });

  test("keep the name that was generated before", () => {
    expect(
      checkInputs(role, "reader", { name: "reader-0a1b2c3" }, { assumeRolePolicy: "{}" }).inputs.name,
    ).toBe("reader-0a1b2c3");
  });

  test("leave a document with an unknown value unknown", () => {
    const { inputs } = checkInputs(role, "reader", {}, { assumeRolePolicy: { Principal: { AWS: UNKNOWN } } });
    expect(inputs.assumeRolePolicy).toBe(UNKNOWN);
  });

  test("that are misspelled or missing are all reported at once", () => {
    const { failures } = checkInputs(role, "reader", {}, { nmae: "reader", tagz: {} });
    expect(failures.map(({ property }) => property)).toEqual(["nmae", "tagz", "assumeRolePolicy"]);
  });
});

describe("the differences of a resource", () => {
  const state = { name: "r", path: "/", assumeRolePolicy: '{"a":1,"b":2}', managedPolicyArns: ["x", "y"] };

  test("are none for equal documents and equal sets", () => {
    const wanted = { ...state, assumeRolePolicy: '{ "b": 2, "a": 1 }', managedPolicyArns: ["y", "x"] };
    expect(differences(role, state, wanted)).toEqual([]);
  });

  test("exclude managed policies that the program does not set, and include a removed description", () => {
    const { managedPolicyArns: _, ...wanted } = state;
    expect(differences(role, state, wanted)).toEqual([]);
    expect(differences(role, { ...state, description: "old" }, state)).toEqual(["description"]);
  });

  test("include unknown values", () => {
    expect(differences(role, state, { ...state, name: UNKNOWN })).toEqual(["name"]);
  });
});
