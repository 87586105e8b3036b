import { z } from "zod";
import type { SecretKey } from "../aws/access-key";
import { accessKeys, createAccessKey } from "../aws/access-key";
import { type Aws, connect } from "../aws/connect";
import { enabledDevices } from "../aws/device";
import { assertAccount, callerIdentity } from "../aws/identity";
import { profileName } from "../aws/names";
import { groupsOf } from "../aws/revoke";
import { Failure, Interrupted, reasonOf } from "../failure";
import { toldIfEnded } from "../interruption";
import { withUserLock } from "../plan/user-lock";
import { stackOutputs, userOf } from "../stack/outputs";
import type { StackChoice } from "../stack/project";
import { withAlternateScreen } from "../terminal/alternate-screen";
import { askEnter } from "../terminal/ask";
import { asIs } from "../terminal/escape-controls";
import { withTerminal } from "../terminal/terminal";
import { type Encrypt, encryptorFor } from "./age";

interface Issuing {
  readonly profile: string | undefined;
  /** The user's age recipient; without one the key is shown on the terminal. */
  readonly age: string | undefined;
}

/** The profile that is to have the key is the same for all roles. */
const sources = z.array(z.object({ sourceProfile: profileName }));

/**
 * Creates a user's first access key, for an administrator to hand over: on the screen once, or encrypted to the user alone.
 *
 * @throws Failure before anything is created where the user has a key, is not in the group that asks for MFA, or the key could not
 *   be handed over
 */
export async function issue(user: string, choice: StackChoice, { profile, age }: Issuing): Promise<void> {
  const outputs = await stackOutputs(choice);
  const { mfaSerial: serial, profiles } = userOf(choice, outputs, user);
  const source = sources.safeParse(profiles).data?.[0]?.sourceProfile ?? "default";
  const encrypt = age === undefined ? undefined : await encryptorFor(age);
  using aws = await connect({ profile });
  const identity = await callerIdentity(aws);
  assertAccount(identity, serial);
  await withUserLock(identity.account, user, async () => {
    const [key] = await accessKeys(aws, user);
    if (key) throw hasOne(user, key.id);
    if (!(await groupsOf(aws, user))?.includes(outputs.groupName)) throw notGuarded(user, outputs.groupName);
    const devices = (await enabledDevices(aws, user)) ?? [];
    const next =
      devices.length > 0 ? "" : `Next, enable the device: aws-mfa enroll ${user} --stack ${choice.stack}\n`;
    const id = await toldWhatIsLeft(aws, user, (create) =>
      encrypt ? printed(source, create, encrypt) : shown(user, source, create),
    );
    process.stderr.write(`Created ${id} for ${user}. AWS does not show its secret again.\n${next}`);
  });
}

type Create = () => Promise<SecretKey>;

/** Creates a key and hands it over; whatever stops that, it says which key there is. Gives the key's id. */
async function toldWhatIsLeft(
  aws: Aws,
  user: string,
  handOver: (create: Create) => Promise<string>,
): Promise<string> {
  let state = "";
  const create = async () => {
    state = `AWS was asked to create an access key for ${user}, but its answer did not arrive. Run this again: it names the key if there is one.`;
    const key = await createAccessKey(aws, user).catch((error) => {
      if (error instanceof Failure && error.exit === "refused") state = "";
      throw error;
    });
    state = `${key.id} was created. If ${user} does not have it, delete it: ${deleteCommand(user, key.id)}`;
    return key;
  };
  try {
    return await toldIfEnded(
      () => state || "Nothing was created.",
      () => handOver(create),
    );
  } catch (error) {
    if (state === "") throw error;
    if (error instanceof Interrupted) throw new Interrupted(state);
    const { exit, problem, remedy, detail } =
      error instanceof Failure
        ? error
        : new Failure("failed", `The key could not be handed over: ${reasonOf(error)}.`, "");
    throw new Failure(exit, problem, [remedy, state].filter(Boolean).join("\n"), detail);
  }
}

async function printed(source: string, create: Create, encrypt: Encrypt): Promise<string> {
  const key = await create();
  const text = asIs(await encrypt(linesOf(source, key)));
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  }).catch((error) => {
    throw new Failure("file", `The encrypted key was not written: ${reasonOf(error)}.`, "");
  });
  return key.id;
}

/** On a screen that is not in the terminal's history. */
function shown(user: string, source: string, create: Create): Promise<string> {
  const instead = "Run this in a terminal, or encrypt the key: --age RECIPIENT. Nothing was created.";
  return withTerminal(instead, async (terminal) => {
    const { id, secret } = await create();
    const text = `The access key of ${user}, for ~/.aws/credentials or aws configure:\n\n${linesOf(source, { id, secret })}`;
    await withAlternateScreen(terminal, text, () => askEnter(terminal, `Enter when ${user} has it.`));
    return id;
  });
}

const linesOf = (source: string, { id, secret }: SecretKey) =>
  `[${source}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;

const deleteCommand = (user: string, id: string) =>
  `aws iam delete-access-key --user-name ${user} --access-key-id ${id}`;

function hasOne(user: string, id: string): Failure {
  return new Failure(
    "failed",
    `${user} already has the access key ${id}.`,
    `${user} replaces it: aws-mfa keys rotate. If nobody has its secret, delete it first: ${deleteCommand(user, id)}\n` +
      "Nothing was created.",
  );
}

function notGuarded(user: string, group: string): Failure {
  return new Failure(
    "failed",
    `${user} is not in the group ${group}, so an access key would work without MFA.`,
    "Run pulumi up --refresh, then this again. Nothing was created.",
  );
}
