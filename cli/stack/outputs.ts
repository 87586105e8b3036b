import { z } from "zod";
import { Failure } from "../failure";
import { readFromStack, type StackChoice } from "./pulumi";

const outputs = z.object({
  groupName: z.string(),
  groupArn: z.string(),
  roles: z.record(z.string(), z.object({ arn: z.string(), sessionSeconds: z.number() })),
  users: z.record(z.string(), z.object({ mfaSerial: z.string(), profile: z.string() })),
});

const devices = z.object({
  devices: z.record(z.string(), z.object({ base32StringSeed: z.string().min(1) })),
});

export type StackOutputs = z.output<typeof outputs>;

/** The stack's outputs without its secrets. Throws Failure (`stack`) where they cannot be read. */
export async function stackOutputs(choice: StackChoice): Promise<StackOutputs> {
  return parsed(choice, await readFromStack(choice, ["stack", "output", "--json"]), outputs);
}

/** What the stack says of one user. Throws Failure (`stack`) where it has no such user. */
export function userOf(
  { stack }: StackChoice,
  { users }: StackOutputs,
  user: string,
): StackOutputs["users"][string] {
  const found = Object.hasOwn(users, user) ? users[user] : undefined;
  if (found) return found;
  const names = Object.keys(users).sort();
  throw new Failure(
    "stack",
    `The stack ${stack} has no user ${user}.`,
    names.length === 0
      ? "It has no users. Add some to aws-mfa-stack:users and run pulumi up."
      : `It has ${names.join(", ")}. Add the user to aws-mfa-stack:users and run pulumi up, or check the name.`,
  );
}

/**
 * The seed of a user's device, which is a secret. Nothing but the device itself and the check of its codes may see it.
 *
 * @throws Failure (`stack`) where it cannot be read or decrypted
 */
export async function deviceSeed(choice: StackChoice, user: string): Promise<string> {
  const text = await readFromStack(choice, ["stack", "output", "--json", "--show-secrets"]);
  const seed = parsed(choice, text, devices).devices[user]?.base32StringSeed;
  if (seed) return seed;
  throw new Failure(
    "stack",
    `The stack ${choice.stack} has no device for ${user}.`,
    "Run pulumi up, then this again.",
  );
}

function parsed<T>({ stack }: StackChoice, text: string, shape: z.ZodType<T>): T {
  const found = shape.safeParse(json(text));
  if (found.success) return found.data;
  // Keys only: a value may be a secret.
  const keys = [...new Set(found.error.issues.map(({ path }) => String(path[0] ?? "")))].filter(Boolean);
  throw new Failure(
    "stack",
    `The stack ${stack} is not one of this project, or is not deployed: its outputs lack ${keys.join(", ") || "everything"}.`,
    "Run pulumi up, or name the right stack.",
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
