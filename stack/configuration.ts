import { z } from "zod";
import { inconsistencies } from "../infra/arguments/consistency";
import { ArgumentsError, type Problem, problemsOf, unknownKey } from "../infra/arguments/problem";
import { access } from "../infra/arguments/schema";

/** Every key of the project's namespace: the arguments of `MfaAccess`, and one in a shorter form. */
const configuration = z.object({
  ...access.shape,
  selfServiceDevices: z
    .union([z.boolean(), z.literal("enable")], { error: 'true, "enable" or false' })
    .default(true)
    .transform((value) => {
      if (value === "enable") return "enable";
      return value ? "createAndEnable" : "none";
    }),
});
type Configuration = z.output<typeof configuration>;

const KEYS = Object.keys(access.shape);
const TEXT_KEYS = ["groupName", "profileName", "sourceProfile"];

/**
 * Reads the stack's configuration.
 *
 * @param all every configuration value as the engine gives it: full key to text, JSON unless it is a string
 * @param namespace the project's name; keys of other namespaces are ignored
 * @throws ArgumentsError naming each mistake, with its key, what was expected and what was found
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

/**
 * Parses a value: the engine passes lists and maps as JSON. `pulumi new` and a plain `pulumi config set users alice,bob`
 * pass comma-separated names, which is a list too.
 */
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
