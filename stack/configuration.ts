import { z } from "zod";
import { inconsistencies } from "../infra/arguments/consistency";
import { ArgumentsError, type Problem, problemsOf, unknownKey } from "../infra/arguments/problem";
import { access } from "../infra/arguments/schema";

/** The keys of the project's namespace: the arguments of `MfaAccess`, with a shorter form of `selfServiceDevices`. */
const configuration = z.object({
  ...access.shape,
  selfServiceDevices: z
    .union([z.boolean(), z.literal("enable")], { error: 'true, "enable" or false' })
    .default(true)
    .transform((value) => {
      if (value === "enable") return value;
      return value ? "createAndEnable" : "none";
    }),
});
type Configuration = z.output<typeof configuration>;

const KEYS = Object.keys(access.shape);
const TEXT_KEYS = ["groupName", "profileName", "sourceProfile"];

/**
 * Parses the stack's configuration.
 *
 * @param all every configuration value, by its full key, as the engine gives it: JSON text, or a plain string
 * @param namespace the project's name; keys of other namespaces are ignored
 * @throws ArgumentsError with every error: its key, what was expected and what was found
 */
export function readConfiguration(all: Readonly<Record<string, string>>, namespace: string): Configuration {
  const problems: Problem[] = [];
  const values: Record<string, unknown> = {};
  for (const [fullKey, text] of Object.entries(all)) {
    if (!fullKey.startsWith(`${namespace}:`)) continue;
    const key = fullKey.slice(namespace.length + 1);
    if (KEYS.includes(key)) values[key] = parsed(key, text);
    else problems.push(unknownKey(key, key, KEYS));
  }

  const { data, error } = configuration.safeParse(values, { reportInput: true });
  if (error) problems.push(...problemsOf(error));
  problems.push(...inconsistencies(values));

  if (data === undefined || problems.length > 0) throw new ArgumentsError(namespace, problems);
  return data;
}

const LIST_KEYS = ["users", "devices"];

/** Parses JSON text, or the comma-separated names that `pulumi new` and `pulumi config set users alice,bob` give for a list. */
function parsed(key: string, text: string): unknown {
  if (TEXT_KEYS.includes(key)) return text;
  try {
    return JSON.parse(text);
  } catch {
    if (!LIST_KEYS.includes(key) || /^\s*[[{]/.test(text)) return text;
    return text
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "");
  }
}
