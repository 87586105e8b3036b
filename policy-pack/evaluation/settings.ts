import { type ConfigurationError, configure, nearestOf } from "./configuration";
import { type About, COMMON, type ConfigOf, propertiesOf, type Rule } from "./rule";

/** A rule with its level and configuration. A disabled rule is evaluated, but its results are not reported. */
export interface Setting<R extends Rule = Rule> {
  readonly rule: R;
  readonly level: "advisory" | "mandatory" | "disabled";
  readonly config: ConfigOf<R["about"]["configuration"]>;
}

/** The given level and configuration of one policy. */
export interface GivenSetting {
  readonly level?: "advisory" | "mandatory" | "remediate" | "disabled" | undefined;
  readonly config: object;
}

/**
 * The settings of the rules under a configuration without mistakes.
 *
 * @throws if `mistakesIn` finds a mistake in it
 */
export function settingsOf(
  rules: readonly Rule[],
  given: ReadonlyMap<string, GivenSetting>,
): readonly Setting[] {
  return rules.map((rule) => {
    const { about } = rule;
    const { level, config } = given.get(about.name) ?? { config: {} };
    const configured = configure(config, { ...about.configuration, ...COMMON });
    if (!configured.ok) throw new Error(describeErrors(about.name, configured.errors));
    const applied = level ?? given.get("all")?.level ?? about.level;
    return { rule, level: applied === "remediate" ? "mandatory" : applied, config: configured.config };
  });
}

/**
 * All mistakes in a configuration of the whole pack, including parts without effect. The engine accepts unknown policy names,
 * and reads only the level of `all`.
 *
 * @param given each policy's configuration, without its level
 */
export function mistakesIn(
  given: ReadonlyMap<string, object>,
  policies: readonly About[],
): readonly string[] {
  return [...given].flatMap(([name, config]): readonly string[] => {
    if (name === "all") {
      const keys = Object.keys(config).map((key) => `"${key}"`);
      return keys.length === 0 ? [] : [`all: expected only "enforcementLevel", got ${keys.join(", ")}.`];
    }
    const about = policies.find((each) => each.name === name);
    if (about === undefined) {
      const names = policies.map((each) => each.name);
      return [`${name}: this pack has no such policy${nearestOf(name, names)}`];
    }
    const configured = configure(config, propertiesOf(about));
    return configured.ok ? [] : [describeErrors(name, configured.errors)];
  });
}

function describeErrors(policy: string, errors: readonly ConfigurationError[]): string {
  return [
    `The configuration of ${policy} is invalid:`,
    ...errors.map(({ path, message }) => `  ${path === "" ? "configuration" : path}: ${message}`),
  ].join("\n");
}
