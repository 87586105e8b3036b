import { z } from "zod";
import * as names from "../aws/names";
import { Failure } from "../failure";
import { escapeControls } from "../terminal/escape-controls";
import type { StackChoice } from "./project";
import { configKey } from "./project";
import { readFromStack } from "./pulumi";

// Whoever may write the stack's state may write what they like here, and what is read goes into files and command lines: so
// only what has the right form passes.

/** `profile` and `profiles` are for whoever writes them into a file: see `profilesFromStack`. */
const outputsOfUser = z.object({
  mfaSerial: names.deviceArn,
  // An older program has one device for each user, and names none.
  devices: z
    .array(z.object({ name: names.deviceName, mfaSerial: names.deviceArn.optional() }))
    .min(1)
    .default([{ name: "phone" }]),
  profile: z.unknown().optional(),
  profiles: z.unknown().optional(),
});

const outputs = z.object({
  groupName: names.groupName,
  groupArn: z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:group\/[\x21-\x7e]+$/),
  roles: z.record(names.roleName, z.object({ sessionSeconds: z.number() })),
  users: z.record(names.userName, z.unknown()),
});

const seed = z.string().regex(/^[A-Z2-7]+=*$/);
const devices = z.record(z.string(), z.object({ base32StringSeed: z.unknown().optional() }));

/** A user's outputs, or why there are none that can be used. */
export type StackUser =
  | DeployedUser
  | { readonly kind: "undeployed" | "unusable"; readonly failure: Failure };

export interface DeployedUser extends Omit<Readonly<z.output<typeof outputsOfUser>>, "devices"> {
  readonly kind: "deployed";
  /** At least one. */
  readonly devices: readonly UserDevice[];
}

/** One of a user's devices in the stack. */
export interface UserDevice {
  readonly name: string;
  /** What Pulumi calls it, and its seed's output behind `seed:`: `alice`, and `alice/backup` for a further one. */
  readonly id: string;
  /** Of a further one that is not deployed yet: what it will be. */
  readonly serial: string;
}

export interface StackOutputs extends Omit<z.output<typeof outputs>, "users"> {
  /** Each by itself: one who is not deployed yet does not hide the others. */
  readonly users: ReadonlyMap<string, StackUser>;
  /** The names of all outputs. */
  readonly names: readonly string[];
}

/** The stack's outputs without its secrets. Throws Failure (`stack`) where they cannot be read. */
export async function stackOutputs(choice: StackChoice): Promise<StackOutputs> {
  const text = json(await readFromStack(choice, ["stack", "output", "--json"]));
  const found = outputs.safeParse(text);
  if (found.success) {
    const users = Object.entries(found.data.users).map(
      ([name, value]) => [name, parsedUser(choice, name, value)] as const,
    );
    return { ...found.data, users: new Map(users), names: Object.keys(Object(text)) };
  }
  // Keys only: a value may be a secret.
  const keys = new Set(found.error.issues.map(({ path }) => path.map(String).map(escapeControls).join(".")));
  const wrong = [...keys].filter(Boolean).join(", ") || "everything";
  throw new Failure(
    "stack",
    `The stack ${choice.stack} does not belong to this project, or is not deployed. Missing or invalid outputs: ${wrong}.`,
    "Run pulumi up, or use the right stack.",
  );
}

function parsedUser({ stack }: StackChoice, name: string, value: unknown): StackUser {
  const found = outputsOfUser.safeParse(value);
  if (found.success) return { kind: "deployed", ...found.data, devices: devicesOf(name, found.data) };
  // An update of other resources alone leaves out what is not known before the user is made.
  const absent = Object(value).mfaSerial === undefined;
  if (absent) {
    const problem = `${name} is in the configuration of the stack ${stack}, but not deployed yet.`;
    return {
      kind: "undeployed",
      failure: new Failure("stack", problem, "Run pulumi up, then this again."),
    };
  }
  const failure = new Failure(
    "stack",
    `The stack ${stack} has an invalid device ARN for ${name}.`,
    "Check it: pulumi stack output users. If nobody knows why, someone may have changed the stack's state.",
  );
  return { kind: "unusable", failure };
}

function devicesOf(user: string, { mfaSerial, devices }: z.output<typeof outputsOfUser>): UserDevice[] {
  return devices.map(({ name, mfaSerial: serial }, index) =>
    index === 0
      ? { name, id: user, serial: mfaSerial }
      : { name, id: `${user}/${name}`, serial: serial ?? `${mfaSerial}/${name}` },
  );
}

/** What the stack says of one user. Throws Failure (`stack`) where it has no such user, or has not deployed them. */
export function userOf(choice: StackChoice, { users }: StackOutputs, user: string): DeployedUser {
  const found = users.get(user);
  if (found?.kind === "deployed") return found;
  if (found) throw found.failure;
  const names = [...users.keys()].sort();
  const key = configKey(choice, "users");
  throw new Failure(
    "stack",
    `The stack ${choice.stack} has no user ${user}.`,
    names.length === 0
      ? `It has no users. Add some to ${key} and run pulumi up.`
      : `It has ${names.join(", ")}. Add the user to ${key} and run pulumi up, or check the name.`,
  );
}

/**
 * The seed of a device, which is a secret. Nothing but the device itself and the check of its codes may see it. No other seed is read,
 * unless the stack's program is an older one, which has all of them in one output.
 *
 * @throws Failure (`stack`) where it cannot be read or decrypted
 */
export async function deviceSeed(
  choice: StackChoice,
  { names }: StackOutputs,
  { id }: UserDevice,
): Promise<string> {
  const own = `seed:${id}`;
  const name = names.includes(own) ? own : "devices";
  const value = json(await readFromStack(choice, ["stack", "output", name, "--json", "--show-secrets"]));
  const found = seed.safeParse(name === own ? value : devices.safeParse(value).data?.[id]?.base32StringSeed);
  if (found.success) return found.data;
  throw new Failure(
    "stack",
    `The stack ${choice.stack} has no device ${id}.`,
    "Run pulumi up, then this again.",
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
