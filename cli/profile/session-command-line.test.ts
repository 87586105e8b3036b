import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import { execa } from "execa";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pythonEnvironment } from "../../local/moto/environment";
import { Failure } from "../failure";
import { readByAwsCli } from "../testing/read-by-aws-cli";
import { commandLine } from "./session-command-line";

/** Words as they occur in paths, and harder ones. */
const words = fc.array(
  fc.oneof(
    fc.constantFrom(
      "/usr/bin/node",
      "/Users/a b/x",
      "C:/Program Files/n",
      "a'b",
      "100%",
      "~",
      "é",
      "a;b",
      "a#b",
    ),
    fc.stringMatching(/^[\t -~é]{0,10}$/),
  ),
  { minLength: 1, maxLength: 4 },
);

/** Lists of words that a command line can contain, each with its command line. */
function written() {
  return fc.sample(words, { seed: 1, numRuns: 300 }).flatMap((list) => {
    try {
      return [{ list, line: commandLine(list) }];
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  });
}

describe.skipIf(process.platform === "win32")("a command line in a configuration file", () => {
  test("is split into the same words by a shell, which the SDKs use", async () => {
    const cases = written();
    expect(cases.length).toBeGreaterThan(100);
    const script = cases.map(({ line }) => `printf '%s\\0' ${line}; printf '\\n\\0'`).join("\n");
    const { stdout } = await execa("/bin/sh", ["-c", script]);
    const read = stdout
      .split("\n\0")
      .slice(0, -1)
      .map((each) => each.split("\0").slice(0, -1));
    expect(read).toEqual(cases.map(({ list }) => list));
  });

  test("is split into the same words by the AWS CLI, and read unchanged by it and the JavaScript SDK", async () => {
    const cases = written();
    const script = "import json, sys; from botocore.compat import compat_shell_split as s; ";
    const { stdout } = await execa(
      await pythonEnvironment(),
      ["-X", "utf8", "-c", `${script}json.dump([s(x) for x in json.load(sys.stdin)], sys.stdout)`],
      { input: JSON.stringify(cases.map(({ line }) => line)) },
    );
    expect(JSON.parse(stdout)).toEqual(cases.map(({ list }) => list));

    const text = cases.map(({ line }, nth) => `[profile p${nth}]\ncredential_process = ${line}\n`).join("");
    const folder = await mkdtemp(join(tmpdir(), "aws-mfa-command-line-"));
    try {
      const file = join(folder, "config");
      await writeFile(file, text);
      const bySdk = (await loadSharedConfigFiles({ configFilepath: file, filepath: file, ignoreCache: true }))
        .configFile;
      const [byCli] = await readByAwsCli([text]);
      for (const [nth, { line }] of cases.entries()) {
        expect(bySdk[`p${nth}`]?.credential_process).toBe(line);
        expect(typeof byCli === "object" && byCli[`p${nth}`]?.credential_process).toBe(line);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test.each(['a"b', "a$b", "a`b", "a\\b", "a\nb", "a #b", "a ;b"])("cannot contain the word %j", (word) => {
    expect(() => commandLine([word])).toThrow("cannot contain the path");
  });
});
