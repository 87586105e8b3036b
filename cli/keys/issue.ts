import { z } from "zod";
import type { SecretKey } from "../aws/access-key";
import { accessKeys, createAccessKey } from "../aws/access-key";
import { connect } from "../aws/connect";
import { enabledDevices } from "../aws/device";
import { assertAccount, callerIdentity } from "../aws/identity";
import { profileName } from "../aws/names";
import { groupsOf } from "../aws/revoke";
import { Failure, Interrupted } from "../failure";
import { toldIfEnded } from "../interruption";
import { withUserLock } from "../plan/user-lock";
import { stackOutputs, userOf } from "../stack/outputs";
import type { StackChoice } from "../stack/project";
import { withAlternateScreen } from "../terminal/alternate-screen";
import { askEnter } from "../terminal/ask";
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
  const aws = await connect({ profile });
  try {
    const identity = await callerIdentity(aws);
    assertAccount(identity, serial);
    await withUserLock(identity.account, user, async () => {
      const [key] = await accessKeys(aws, user);
      if (key) throw hasOne(user, key.id);
      if (!(await groupsOf(aws, user))?.includes(outputs.groupName))
        throw notGuarded(user, outputs.groupName);
      const create = () => createAccessKey(aws, user);
      const id = encrypt ? await printed(source, create, encrypt) : await shown(user, source, create);
      const devices = (await enabledDevices(aws, user)) ?? [];
      const next =
        devices.length > 0 ? "" : `Next, enable the device: aws-mfa enroll ${user} --stack ${choice.stack}\n`;
      process.stderr.write(`Created ${id} for ${user}. Nobody can have its secret again.\n${next}`);
    });
  } finally {
    aws.close();
  }
}

async function printed(source: string, create: () => Promise<SecretKey>, encrypt: Encrypt): Promise<string> {
  const key = await create();
  process.stdout.write(await encrypt(linesOf(source, key)));
  return key.id;
}

/** On a screen that is not in the terminal's history. */
function shown(user: string, source: string, create: () => Promise<SecretKey>): Promise<string> {
  const instead = "Run this in a terminal, or encrypt the key: --age RECIPIENT. Nothing was created.";
  return withTerminal(instead, async (terminal) => {
    const { id, secret } = await create();
    const text = `The access key of ${user}, for ~/.aws/credentials or aws configure:\n\n${linesOf(source, { id, secret })}`;
    const state = `${id} was created. If ${user} does not have it, delete it: ${deleteCommand(user, id)}`;
    const handedOver = () =>
      withAlternateScreen(terminal, text, () => askEnter(terminal, `Enter when ${user} has it.`));
    await toldIfEnded(() => state, handedOver).catch((error) => {
      throw error instanceof Interrupted ? new Interrupted(state) : error;
    });
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
    `${user} has the access key ${id} already.`,
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
