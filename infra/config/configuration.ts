import { inconsistencies } from "./consistency";
import { ConfigurationError, keyPath, notAllowed, type Problem, unknownKey } from "./problem";
import { type Configuration, configuration } from "./schema";

const KEYS = Object.keys(configuration.shape);
const TEXT_KEYS = ["groupName", "profileName", "sourceProfile"];

/**
 * Reads the stack's configuration.
 *
 * @param all every configuration value as the engine gives it: full key to text, JSON unless it is a string
 * @param namespace the project's name; keys of other namespaces are ignored
 * @throws ConfigurationError naming each mistake, with its key, what was expected and what was found
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

  const result = configuration.safeParse(values, { reportInput: true });
  for (const issue of result.error?.issues ?? []) {
    if (issue.code === "unrecognized_keys") {
      const allowed = issue.message.split(", ");
      problems.push(...issue.keys.map((key) => unknownKey(keyPath([...issue.path, key]), key, allowed)));
    } else {
      problems.push(notAllowed(keyPath(issue.path), issue.input, issue.message));
    }
  }
  problems.push(...inconsistencies(values));

  if (!result.success || problems.length > 0) throw new ConfigurationError(namespace, problems);
  return result.data;
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
