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
  test("creates the text if there is none", () => {
    expect(withProfile("", "mfa", wanted)).toBe(OURS);
  });

  test("follows the last profile, after a blank line", () => {
    expect(withProfile("[default]\nregion = eu-central-1\n", "mfa", wanted)).toBe(
      `[default]\nregion = eu-central-1\n\n${OURS}`,
    );
  });

  test("ends a last line that has no end", () => {
    expect(withProfile("[default]\nregion = x", "mfa", wanted)).toBe(`[default]\nregion = x\n\n${OURS}`);
  });

  test("keeps the line endings of Windows", () => {
    const text = withProfile("[default]\r\nregion = x\r\n", "mfa", wanted);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });

  test("changes settings in place, and keeps comments and other settings", () => {
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

  test("replaces a value of several lines whole", () => {
    const before = "[profile mfa]\nrole_arn = one\n  two\nsource_profile = default\n";
    expect(withProfile(before, "mfa", wanted)).toBe(
      "[profile mfa]\nrole_arn = arn:aws:iam::111122223333:role/R\nsource_profile = default\n",
    );
  });

  // Looking at the whole value at each of its lines would take minutes.
  test.each(["s3 =", "s3 = first"])("copies the 200,000 lines below %j", (first) => {
    const line = first.endsWith("=") ? "  key = 1\n" : "  more\n";
    const before = `[default]\n${first}\n${line.repeat(200_000)}`;
    expect(withProfile(before, "mfa", wanted)).toBe(`${before}\n${OURS}`);
  });

  test("finds a profile in quotes", () => {
    expect(withProfile('[profile "mfa"]\noutput = json\n', "mfa", wanted)).not.toContain("[profile mfa]");
  });

  test("does not choose between two sections of one profile", () => {
    expect(() => withProfile('[profile mfa]\na=1\n[profile "mfa"]\na=2\n', "mfa", wanted)).toThrow(
      CannotEdit,
    );
  });

  test("a second time changes nothing", () => {
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
  ])("refuses %j, which the AWS CLI refuses too", (text, line, found) => {
    expect(() => withProfile(text, "mfa", wanted)).toThrow(
      expect.objectContaining({ name: "UnreadableIni", line, found: expect.stringContaining(found) }),
    );
  });
});

test("a profile with an indented section below it is not edited: its new settings would continue there", () => {
  const text = "[profile mfa]\n [services x]\nsource_profile = other\n";
  expect(() => withProfile(text, "mfa", wanted)).toThrow(CannotEdit);
});

describe("any file that can be read", () => {
  test("keeps every other profile, every comment and the order, and has the profile as wanted", () => {
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
