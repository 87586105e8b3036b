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
  return [...each.flat(), ...whole].filter((said) => said.policy === policy);
}

describe("each example of a rule", async () => {
  for (const { about, examples } of await pages()) {
    test.each(examples.good)(`${about.name} accepts: $title`, async (example) => {
      expect(await say(about.name, example)).toEqual([]);
    });

    test.each(examples.bad)(`${about.name} rejects: $title`, async (example) => {
      const said = await say(about.name, example);
      expect(said).toHaveLength(1);
      for (const part of example.says) expect(said[0]?.message).toContain(part);
      expect(said[0]?.level).toBe(about.level);
    });
  }
});
