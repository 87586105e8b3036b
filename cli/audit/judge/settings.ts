import {
  ABOUT,
  type About,
  type Common,
  configurationOf,
  type GroupConfig,
  iamGroupRequiresMfa,
  iamMfaConditionIsEffective,
  iamMfaSeedIsSecret,
  iamRoleRequiresMfa,
  iamRoleSessionDuration,
  iamRoleWebIdentityIsNarrowed,
  iamUserRequiresMfa,
  mistakesIn,
  type ResourceRule,
  type RoleConfig,
  type SessionConfig,
  type StackRule,
  type UserConfig,
  type WebIdentityConfig,
} from "aws-mfa-policy-pack/rules";
import { z } from "zod";
import { Failure } from "../../failure";

/** How one policy of the pack is applied. */
export interface Applied<C extends Common> {
  readonly about: About;
  readonly level: "advisory" | "mandatory" | "disabled";
  readonly config: C;
}

/** How all of them are. */
export interface Settings {
  readonly role: Applied<RoleConfig>;
  readonly group: Applied<GroupConfig>;
  readonly user: Applied<UserConfig>;
  readonly condition: Applied<Common>;
  readonly seed: Applied<Common>;
  readonly session: Applied<SessionConfig>;
  readonly webIdentity: Applied<WebIdentityConfig>;
}

const LEVELS = ["advisory", "mandatory", "remediate", "disabled"] as const;
const entry = z.union([z.enum(LEVELS), z.looseObject({ enforcementLevel: z.enum(LEVELS).optional() })]);
const file = z.record(z.string(), entry);
type Entry = z.output<typeof entry>;

/** The policies as they are without a configuration. */
export function defaultSettings(): Settings {
  return settingsFrom({}, "");
}

/**
 * Reads the configuration that `pulumi preview --policy-pack-config` takes: exemptions, and all else that the policies
 * can be told, checked by the pack's own schema.
 *
 * @throws Failure (`unseen`) with everything that is wrong in it
 */
export function settingsFrom(given: unknown, path: string): Settings {
  const parsed = file.safeParse(given);
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path: at }) => at.join(".") || "the whole");
    throw wrong(path, [
      `${[...new Set(places)].join(", ")}: allowed is an enforcement level (${LEVELS.join(", ")}) or an object with a policy's configuration`,
    ]);
  }
  const entries = new Map(
    Object.entries(parsed.data).map(([name, entry]) => {
      const { enforcementLevel: level, ...config } = objectOf(entry);
      return [name, { level, config }];
    }),
  );
  // It is the same file that the pack takes, notes and all.
  const configs = new Map([...entries].map(([name, { config }]) => [name, config]));
  const mistakes = mistakesIn(configs, ABOUT);
  if (mistakes.length > 0) throw wrong(path, mistakes);
  const apply = <C extends Common>({ about }: ResourceRule<C> | StackRule<C>): Applied<C> => {
    const settled = configurationOf(about, configs.get(about.name) ?? {});
    const level = entries.get(about.name)?.level ?? entries.get("all")?.level ?? about.level;
    return {
      about,
      level: level === "remediate" ? "mandatory" : level,
      // The schema that was just checked describes C.
      config: (settled.ok ? settled.config : {}) as unknown as C,
    };
  };
  return {
    role: apply(iamRoleRequiresMfa),
    group: apply(iamGroupRequiresMfa),
    user: apply(iamUserRequiresMfa),
    condition: apply(iamMfaConditionIsEffective),
    seed: apply(iamMfaSeedIsSecret),
    session: apply(iamRoleSessionDuration),
    webIdentity: apply(iamRoleWebIdentityIsNarrowed),
  };
}

function objectOf(entry: Entry): Exclude<Entry, string> {
  return typeof entry === "string" ? { enforcementLevel: entry } : entry;
}

function wrong(path: string, mistakes: readonly string[]): Failure {
  return new Failure(
    "unseen",
    `${path} cannot be used as the policies' configuration.`,
    `Correct ${path}. It is what pulumi preview --policy-pack-config takes; the pack's README describes it.`,
    mistakes.join("\n"),
  );
}
