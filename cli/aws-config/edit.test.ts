import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyConfigFile } from "../testing/any-config-file";
import { CannotEdit, withProfile } from "./edit";
import { parseIni, UnreadableIni, valuesOf } from "./ini";

const wanted = new Map<string, string | undefined>([
  ["source_profile", "default"],
  ["role_arn", "arn:aws:iam::111122223333:role/R"],
  ["credential_process", undefined],
]);

const OURS = "[profile mfa]\nsource_profile = default\nrole_arn = arn:aws:iam::111122223333:role/R\n";

describe("writing a profile", () => {
  test("creates the section in an empty file", () => {
    expect(withProfile("", "mfa", wanted)).toBe(OURS);
  });

  test("appends the section after a blank line", () => {
    expect(withProfile("[default]\nregion = eu-central-1\n", "mfa", wanted)).toBe(
      `[default]\nregion = eu-central-1\n\n${OURS}`,
    );
  });

  test("first ends a last line without a line ending", () => {
    expect(withProfile("[default]\nregion = x", "mfa", wanted)).toBe(`[default]\nregion = x\n\n${OURS}`);
  });

  test("keeps Windows line endings", () => {
    const text = withProfile("[default]\r\nregion = x\r\n", "mfa", wanted);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });

  test("sets and removes settings in place, and keeps comments and other settings", () => {
    const before = [
      "# mine",
      "[profile mfa]",
      "output = json",
      "; the old one",
      "role_arn = arn:old",
      "credential_process = /bin/old",
      "",
      "[profile other]",
      "region=x",
      "",
    ].join("\n");
    expect(withProfile(before, "mfa", wanted)).toBe(
      [
        "# mine",
        "[profile mfa]",
        "output = json",
        "; the old one",
        "role_arn = arn:aws:iam::111122223333:role/R",
        "source_profile = default",
        "",
        "[profile other]",
        "region=x",
        "",
      ].join("\n"),
    );
  });

  test("replaces every line of a multi-line value", () => {
    const before = "[profile mfa]\nrole_arn = one\n  two\nsource_profile = default\n";
    expect(withProfile(before, "mfa", wanted)).toBe(
      "[profile mfa]\nrole_arn = arn:aws:iam::111122223333:role/R\nsource_profile = default\n",
    );
  });

  // Reading the whole value again for each of its lines would take minutes.
  test.each(["s3 =", "s3 = first"])("keeps the 200,000 lines below %j", (first) => {
    const line = first.endsWith("=") ? "  key = 1\n" : "  more\n";
    const before = `[default]\n${first}\n${line.repeat(200_000)}`;
    expect(withProfile(before, "mfa", wanted)).toBe(`${before}\n${OURS}`);
  });

  test("adds no second section for a profile name in quotes", () => {
    expect(withProfile('[profile "mfa"]\noutput = json\n', "mfa", wanted)).not.toContain("[profile mfa]");
  });

  test("refuses a profile with two sections", () => {
    expect(() => withProfile('[profile mfa]\na=1\n[profile "mfa"]\na=2\n', "mfa", wanted)).toThrow(
      CannotEdit,
    );
  });

  test("changes nothing the second time", () => {
    const once = withProfile("[default]\nregion = x\n", "mfa", wanted);
    expect(withProfile(once, "mfa", wanted)).toBe(once);
  });

  test.each([
    ["region = x\n", 1, "before the first"],
    ["[default]\nregion\n", 2, "neither"],
    ["[default]\n= x\n", 2, "without a name"],
    ["[default]\ns3 =\n  nested\n", 3, "without ="],
    ["[default]\n\n[default]\n", 3, "second section"],
    ["[default]\nregion = x\nREGION = y\n", 3, "a second region in"],
  ])("rejects %j at line %i", (text, line, found) => {
    expect(() => withProfile(text, "mfa", wanted)).toThrow(
      expect.objectContaining({ name: "UnreadableIni", line, found: expect.stringContaining(found) }),
    );
  });
});

test("a profile with an indented section below it is not edited", () => {
  const text = "[profile mfa]\n [services x]\nsource_profile = other\n";
  expect(() => withProfile(text, "mfa", wanted)).toThrow(CannotEdit);
});

describe("editing any readable file", () => {
  test("sets the profile, keeps the other profiles and comments in order, and is idempotent", () => {
    fc.assert(
      fc.property(anyConfigFile, (text) => {
        const before = readable(text);
        fc.pre(before !== undefined);
        let edited: string;
        try {
          edited = withProfile(text, "mfa", wanted);
        } catch (error) {
          if (error instanceof CannotEdit) return;
          throw error;
        }
        const after = parseIni(edited);
        const others = (ini: typeof after) =>
          ini.sections
            .filter(({ header }) => header !== "profile mfa")
            .map((section) => [section.header, Object.entries(valuesOf(section))]);
        expect(others(after)).toEqual(others(before));
        const settings = valuesOf(after.sections.find(({ header }) => header === "profile mfa"));
        for (const [name, value] of wanted) expect(settings[name]).toBe(value);
        const comments = (all: string) => all.split(/\r?\n/).filter((each) => /^\s*[#;]/.test(each));
        expect(comments(edited)).toEqual(comments(text));
        expect(withProfile(edited, "mfa", wanted)).toBe(edited);
      }),
      { numRuns: 2_000 },
    );
  });
});

function readable(text: string) {
  try {
    return parseIni(text);
  } catch (error) {
    if (error instanceof UnreadableIni) return undefined;
    throw error;
  }
}
