import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Page, pages } from "../../docs/pages";
import { PACK_FOLDER, RunningPack } from "./pack";

let pack: RunningPack;

beforeAll(async () => {
  pack = await RunningPack.start(PACK_FOLDER);
});
afterAll(() => pack.stop());

/** Everything that the policy says about the resources, each alone and all together, as the engine asks. */
async function say(policy: string, { resources, config }: Page["examples"]["good"][number]) {
  await pack.configure({ [policy]: config ?? {} });
  const each = await Promise.all(resources.map((resource) => pack.analyze(resource)));
  const whole = await pack.analyzeStack(resources);
  const all = [...each.flat(), ...whole];
  return {
    said: all.filter((each) => each.policy === policy),
    notes: all.filter((each) => each.policy === "iam-mfa-notes").map(({ message }) => message),
  };
}

function expectNotes(notes: readonly string[], { notes: expected = [] }: Page["examples"]["good"][number]) {
  for (const part of expected) expect(notes.join("\n")).toContain(part);
}

describe("each example of a rule", async () => {
  for (const { about, examples } of await pages()) {
    test.each(examples.good)(`${about.name} accepts: $title`, async (example) => {
      const { said, notes } = await say(about.name, example);
      expect(said).toEqual([]);
      expectNotes(notes, example);
    });

    test.each(examples.bad)(`${about.name} rejects: $title`, async (example) => {
      const { said, notes } = await say(about.name, example);
      expect(said).toHaveLength(example.findings ?? 1);
      const messages = said.map(({ message }) => message).join("\n");
      for (const part of example.says) expect(messages).toContain(part);
      expect(new Set(said.map(({ level }) => level))).toEqual(new Set([about.level]));
      expectNotes(notes, example);
    });
  }
});
