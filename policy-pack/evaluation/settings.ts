import { type ConfigurationError, configure, nearestOf } from "./configuration";
import { type About, COMMON, type ConfigOf, propertiesOf, type Rule } from "./rule";

/** One rule and how it is applied. A disabled one is evaluated like the others; nobody is told what it found. */
export interface Setting<R extends Rule = Rule> {
  readonly rule: R;
  readonly level: "advisory" | "mandatory" | "disabled";
  readonly config: ConfigOf<R["about"]["configuration"]>;
}

/** What is given for one policy: its level, and its configuration without it. */
export interface GivenSetting {
  readonly level?: "advisory" | "mandatory" | "remediate" | "disabled" | undefined;
  readonly config: object;
}

/**
 * How the rules are applied by a configuration that `mistakesIn` found nothing wrong in.
 *
 * @throws where it is wrong nevertheless
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
 * All that is wrong in a configuration of the whole pack: what is not allowed, and what would do nothing. The engine lets a
 * name that is no policy's pass, and takes nothing but a level for `all`.
 *
 * @param given by policy, its configuration without its level
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
    `The configuration of ${policy} cannot be used, so nothing is judged by it:`,
    ...errors.map(({ path, message }) => `  ${path === "" ? "the whole" : path}: ${message}`),
  ].join("\n");
}
