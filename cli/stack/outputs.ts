import { z } from "zod";
import * as names from "../aws/names";
import { Failure } from "../failure";
import { parseJson } from "../json";
import { escapeControls } from "../terminal/escape-controls";
import { configKey, type StackChoice } from "./project";
import { readFromStack } from "./pulumi";

// Anyone who can write the stack's state chooses these values, and they go into files and command lines. So each must have its form.

/** `profile` and `profiles` are checked where they are written to a file: see `profilesFromStack`. */
const outputsOfUser = z.object({
  mfaSerial: names.deviceArn,
  // An older program has one device for each user, without a name.
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

/** A user's outputs, or why they cannot be used. */
export type StackUser =
  | DeployedUser
  | { readonly kind: "undeployed"; readonly failure: Failure }
  | { readonly kind: "unusable"; readonly failure: Failure };

export interface DeployedUser extends Omit<Readonly<z.output<typeof outputsOfUser>>, "devices"> {
  readonly kind: "deployed";
  /** At least one. */
  readonly devices: readonly UserDevice[];
}

/** One of a user's devices in the stack. */
export interface UserDevice {
  readonly name: string;
  /** Its name in Pulumi, and in the name of its seed's output, `seed:ID`: `alice`, or `alice/backup` for a further one. */
  readonly id: string;
  /** For a further device that is not deployed yet, what it will be. */
  readonly serial: string;
}

export interface StackOutputs extends Omit<z.output<typeof outputs>, "users"> {
  /** Each by itself: one who is not deployed yet does not hide the others. */
  readonly users: ReadonlyMap<string, StackUser>;
  /** The names of all outputs. */
  readonly names: readonly string[];
}

/** The stack's outputs without its secrets. Throws Failure (`stack`) if they cannot be read. */
export async function stackOutputs(choice: StackChoice): Promise<StackOutputs> {
  const value = parseJson(await readFromStack(choice, ["stack", "output", "--json"]));
  const { data, error } = outputs.safeParse(value);
  if (data) {
    const users = Object.entries(data.users).map(
      ([name, user]) => [name, parsedUser(choice, name, user)] as const,
    );
    return { ...data, users: new Map(users), names: Object.keys(Object(value)) };
  }
  // Only the keys: a value may be a secret.
  const keys = new Set(error.issues.map(({ path }) => path.map(String).map(escapeControls).join(".")));
  const wrong = [...keys].filter(Boolean).join(", ") || "everything";
  throw new Failure(
    "stack",
    `The stack ${choice.stack} does not belong to this project, or is not deployed. Missing or invalid outputs: ${wrong}.`,
    "Run pulumi up, or use the right stack.",
  );
}

function parsedUser({ stack }: StackChoice, name: string, value: unknown): StackUser {
  const { data } = outputsOfUser.safeParse(value);
  if (data) {
    const devices = data.devices.map(({ name: device, mfaSerial }, index) =>
      index === 0
        ? { name: device, id: name, serial: data.mfaSerial }
        : { name: device, id: `${name}/${device}`, serial: mfaSerial ?? `${data.mfaSerial}/${device}` },
    );
    return { ...data, kind: "deployed", devices };
  }
  // After an update of other resources only, the outputs lack what is unknown until the user is created.
  if (Object(value).mfaSerial === undefined) {
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

/** The outputs of one user. Throws Failure (`stack`) if the stack has no such user, or has not deployed them. */
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
 * The seed of a device, a secret: only the device itself and the check of its codes may see it. No other seed is read, unless the
 * stack's program is an older one, which has all of them in one output.
 *
 * @throws Failure (`stack`) if it cannot be read or decrypted
 */
export async function deviceSeed(
  choice: StackChoice,
  { names }: StackOutputs,
  { id }: UserDevice,
): Promise<string> {
  const own = `seed:${id}`;
  const name = names.includes(own) ? own : "devices";
  const value = parseJson(await readFromStack(choice, ["stack", "output", name, "--json", "--show-secrets"]));
  const found = seed.safeParse(name === own ? value : devices.safeParse(value).data?.[id]?.base32StringSeed);
  if (found.success) return found.data;
  throw new Failure(
    "stack",
    `The stack ${choice.stack} has no device ${id}.`,
    "Run pulumi up, then this again.",
  );
}
