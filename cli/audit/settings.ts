import { type GivenSetting, mistakesIn, type Setting, settingsOf } from "aws-mfa-policy-pack/evaluation";
import { ABOUT, RULES } from "aws-mfa-policy-pack/rules";
import { z } from "zod";
import { Failure } from "../failure";
import { pathsIn } from "./schema";

const LEVELS = ["advisory", "mandatory", "remediate", "disabled"] as const;
const level = z.enum(LEVELS);
const entry = z
  .union([
    level.transform((enforcementLevel) => ({ enforcementLevel })),
    z.looseObject({ enforcementLevel: level.optional() }),
  ])
  .transform(({ enforcementLevel, ...config }): GivenSetting => ({ level: enforcementLevel, config }));
const file = z.record(z.string(), entry);

export function defaultSettings(): readonly Setting[] {
  return settingsOf(RULES, new Map());
}

/**
 * Reads a configuration as for `pulumi preview --policy-pack-config`, and checks it by the pack's schema.
 *
 * @throws Failure (`unseen`) with every mistake in it
 */
export function settingsFrom(given: unknown, path: string): readonly Setting[] {
  const parsed = file.safeParse(given);
  if (!parsed.success) {
    throw wrong(path, [
      `${pathsIn(parsed.error).join(", ")}: expected an enforcement level (${LEVELS.join(", ")}) or an object with a policy's configuration`,
    ]);
  }
  const entries = new Map(Object.entries(parsed.data));
  const mistakes = mistakesIn(new Map([...entries].map(([name, { config }]) => [name, config])), ABOUT);
  if (mistakes.length > 0) throw wrong(path, mistakes);
  return settingsOf(RULES, entries);
}

function wrong(path: string, mistakes: readonly string[]): Failure {
  return new Failure(
    "unseen",
    `${path} cannot be used as the policies' configuration.`,
    `Correct ${path}. The pack's README describes its format.`,
    mistakes.join("\n"),
  );
}
