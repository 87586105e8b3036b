import { z } from "zod";
import { Failure } from "../failure";
import type { StackChoice } from "./project";
import { configKey } from "./project";
import { readFromStack } from "./pulumi";

/** Where a user stands in the stack's configuration, as Pulumi reads it in the project's folder. */
export type Listing =
  | { readonly kind: "off" }
  | { readonly kind: "listed"; takeOff(): Promise<void> }
  /** It has no list of users that can be read here: it comes from somewhere else, or is a secret. */
  | { readonly kind: "elsewhere" };

// https://www.pulumi.com/docs/iac/cli/commands/pulumi_config/
const config = z.record(
  z.string(),
  z.object({ value: z.string().optional(), objectValue: z.unknown().optional() }),
);
const entry = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const entries = z.array(entry);

/** A list in the stack's file is changed by its path; text is replaced. */
interface UsersList {
  readonly names: readonly string[];
  readonly without: (user: string) => readonly string[];
}

/** Whether the stack's configuration lists the user. Throws Failure (`stack`) where it cannot be read. */
export async function listing(choice: StackChoice, user: string): Promise<Listing> {
  const list = await usersList(choice);
  if (list === undefined) return { kind: "elsewhere" };
  if (!list.names.includes(user)) return { kind: "off" };
  return { kind: "listed", takeOff: () => takeOff(choice, list, user) };
}

/** Throws Failure (`stack`) where the configuration is another one than meant afterwards. */
async function takeOff(choice: StackChoice, list: UsersList, user: string): Promise<void> {
  await readFromStack(choice, list.without(user));
  const after = (await usersList(choice))?.names ?? [];
  const expected = list.names.filter((name) => name !== user);
  if (JSON.stringify(after) === JSON.stringify(expected)) return;
  const key = configKey(choice, "users");
  throw new Failure(
    "stack",
    `${key}: expected ${expected.join(", ") || "nobody"}, got ${after.join(", ") || "nobody"}. It comes from more than the stack's own file, or someone else changed it.`,
    `Remove ${user} yourself. To see it: pulumi config get ${key} --stack ${choice.stack}`,
  );
}

async function usersList(choice: StackChoice): Promise<UsersList | undefined> {
  const key = configKey(choice, "users");
  const all = config.safeParse(parsed(await readFromStack(choice, ["config", "--json"])));
  const { value, objectValue } = all.data?.[key] ?? {};
  if (value === undefined) return undefined;
  const found = parsed(value);
  // As the stack reads it: names with commas between them are a list too.
  const list =
    found === undefined
      ? value
          .split(",")
          .map((name) => name.trim())
          .filter(Boolean)
      : found;
  const names = entries.safeParse(list);
  if (!names.success || !Array.isArray(list)) return undefined;
  return {
    names: names.data,
    without: (user) => {
      const at = names.data.indexOf(user);
      if (objectValue !== undefined) return ["config", "rm", "--path", `${key}[${at}]`];
      const rest = list.filter((_, index) => index !== at);
      return [
        "config",
        "set",
        "--plaintext",
        key,
        found === undefined ? rest.join(",") : JSON.stringify(rest),
      ];
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
