import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { Failure } from "../failure";
import { parseJson } from "../json";
import { configKey, type StackChoice } from "./project";
import { readFromStack } from "./pulumi";

/** Whether the stack's configuration lists a user, as Pulumi reads it in the project's folder. */
export type Listing =
  | { readonly kind: "off" }
  | { readonly kind: "listed"; remove(): Promise<void> }
  /** There is no readable list of users here: it is kept elsewhere, or is a secret. */
  | { readonly kind: "elsewhere" };

// https://www.pulumi.com/docs/iac/cli/commands/pulumi_config/
const config = z.record(
  z.string(),
  z.object({ value: z.string().optional(), objectValue: z.unknown().optional() }),
);
const entry = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);

interface UsersList {
  readonly names: readonly string[];
  /** The arguments of the pulumi command that removes a user: by path from a list in the stack's file; text is set again. */
  readonly without: (user: string) => readonly string[];
}

/** Throws Failure (`stack`) if the configuration cannot be read. */
export async function listing(choice: StackChoice, user: string): Promise<Listing> {
  const list = await usersList(choice);
  if (list === undefined) return { kind: "elsewhere" };
  if (!list.names.includes(user)) return { kind: "off" };
  return { kind: "listed", remove: () => remove(choice, list, user) };
}

/** Throws Failure (`stack`) if the configuration is not as expected afterwards. */
async function remove(choice: StackChoice, list: UsersList, user: string): Promise<void> {
  await readFromStack(choice, list.without(user));
  const after = (await usersList(choice))?.names ?? [];
  const expected = list.names.filter((name) => name !== user);
  if (isDeepStrictEqual(after, expected)) return;
  const key = configKey(choice, "users");
  throw new Failure(
    "stack",
    `${key}: expected ${expected.join(", ") || "nobody"}, got ${after.join(", ") || "nobody"}. It comes from more than the stack's own file, or someone else changed it.`,
    `Remove ${user} yourself. To see it: pulumi config get ${key} --stack ${choice.stack}`,
  );
}

async function usersList(choice: StackChoice): Promise<UsersList | undefined> {
  const key = configKey(choice, "users");
  const all = config.safeParse(parseJson(await readFromStack(choice, ["config", "--json"])));
  const { value, objectValue } = all.data?.[key] ?? {};
  if (value === undefined) return undefined;
  // As the stack reads it: names separated by commas are a list too.
  const parsed = parseJson(value);
  const isText = parsed === undefined;
  const list = isText
    ? value
        .split(",")
        .map((name) => name.trim())
        .filter(Boolean)
    : parsed;
  const names = z.array(entry).safeParse(list).data;
  if (names === undefined || !Array.isArray(list)) return undefined;
  return {
    names,
    without: (user) => {
      const at = names.indexOf(user);
      if (objectValue !== undefined) return ["config", "rm", "--path", `${key}[${at}]`];
      const rest = list.toSpliced(at, 1);
      return ["config", "set", "--plaintext", key, isText ? rest.join(",") : JSON.stringify(rest)];
    },
  };
}
