import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anyConfigFile } from "../testing/any-config-file";
import { readByAwsCli } from "../testing/read-by-aws-cli";
import { CannotEdit, withProfile } from "./edit";
import { UnreadableIni } from "./ini";

const wanted = new Map([
  ["source_profile", "default"],
  ["role_arn", "arn:aws:iam::111122223333:role/R"],
]);

/** Fixed, so that a failure can be reproduced. */
const SEED = 20_261_124;

test("the AWS CLI reads the written profile, finds the others unchanged, and rejects the same files", async () => {
  const texts = fc.sample(anyConfigFile, { numRuns: 1_500, seed: SEED });
  const edits = texts.map((text) => {
    try {
      return withProfile(text, "mfa", wanted);
    } catch (error) {
      if (error instanceof UnreadableIni) return "unreadable";
      if (error instanceof CannotEdit) return "left alone";
      throw error;
    }
  });
  const before = await readByAwsCli(texts);
  const after = await readByAwsCli(edits);
  let written = 0;
  for (const [index, text] of texts.entries()) {
    const [edit, old, next] = [edits[index], before[index], after[index]];
    expect(edit === "unreadable", JSON.stringify(text)).toBe(old === "unreadable");
    if (edit === "unreadable" || edit === "left alone" || old === "unreadable") continue;
    if (old === undefined || next === undefined || next === "unreadable") {
      throw new Error(`unreadable after the edit: ${JSON.stringify([text, edit])}`);
    }
    const { mfa: _, ...others } = old;
    const { mfa, ...othersAfter } = next;
    expect(othersAfter, JSON.stringify([text, edit])).toEqual(others);
    expect(mfa).toMatchObject(Object.fromEntries(wanted));
    written++;
  }
  expect(written).toBeGreaterThan(200);
});
