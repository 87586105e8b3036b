import { z } from "zod";
import { accessKeys, createAccessKey, type SecretKey } from "../aws/access-key";
import { deleteAccessKeyCommand } from "../aws/cli-command";
import { type Aws, connect } from "../aws/connect";
import { enabledDevices } from "../aws/device";
import { assertAccount, callerIdentity } from "../aws/identity";
import { profileName } from "../aws/names";
import { groupsOf } from "../aws/revoke";
import { Failure, reasonOf, withState } from "../failure";
import { toldIfEnded } from "../interruption";
import { withUserLock } from "../plan/user-lock";
import { stackOutputs, userOf } from "../stack/outputs";
import type { StackChoice } from "../stack/project";
import { withAlternateScreen } from "../terminal/alternate-screen";
import { askEnter } from "../terminal/ask";
import { asIs } from "../terminal/escape-controls";
import { withTerminal } from "../terminal/terminal";
import { type Encrypt, encryptorFor } from "./age";

interface IssueOptions {
  readonly profile: string | undefined;
  /** The user's age recipient. Without one the key is shown on the terminal. */
  readonly age: string | undefined;
}

/** The profile for the key is the same for all roles. */
const sources = z.array(z.object({ sourceProfile: profileName }));

/**
 * Creates a user's first access key, for an administrator to hand over: shows it on the screen once, or encrypts it to the user.
 *
 * @throws Failure before anything is created if the user has a key, or is not in the group that requires MFA, or if the key could not be
 *   handed over
 */
export async function issue(
  user: string,
  choice: StackChoice,
  { profile, age }: IssueOptions,
): Promise<void> {
  const outputs = await stackOutputs(choice);
  const { mfaSerial: serial, profiles } = userOf(choice, outputs, user);
  const source = sources.safeParse(profiles).data?.[0]?.sourceProfile ?? "default";
  const encrypt = age === undefined ? undefined : encryptorFor(age);
  using aws = await connect({ profile });
  const identity = await callerIdentity(aws);
  assertAccount(identity, serial);
  await withUserLock(identity.account, user, async () => {
    await assertMayHaveKey(aws, user, outputs.groupName);
    const devices = (await enabledDevices(aws, user)) ?? [];
    const next =
      devices.length > 0 ? "" : `Next, enable the device: aws-mfa enroll ${user} --stack ${choice.stack}\n`;
    const id = await handedOver(aws, user, (create) =>
      encrypt ? printEncrypted(source, create, encrypt) : showOnce(user, source, create),
    );
    process.stderr.write(`Created ${id} for ${user}. AWS does not show its secret again.\n${next}`);
  });
}

async function assertMayHaveKey(aws: Aws, user: string, group: string): Promise<void> {
  const [key] = await accessKeys(aws, user);
  if (key) {
    throw new Failure(
      "failed",
      `${user} already has the access key ${key.id}.`,
      `${user} replaces it: aws-mfa keys rotate. If nobody has its secret, delete it first: ${deleteAccessKeyCommand(user, key.id)}\n` +
        "Nothing was created.",
    );
  }
  if ((await groupsOf(aws, user))?.includes(group)) return;
  throw new Failure(
    "failed",
    `${user} is not in the group ${group}, so an access key would work without MFA.`,
    "Run pulumi up --refresh, then this again. Nothing was created.",
  );
}

type Create = () => Promise<SecretKey>;

/** Creates a key and hands it over. Whatever ends this early, it says which key exists. Returns the key's id. */
async function handedOver(
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
    state = `${key.id} was created. If ${user} does not have it, delete it: ${deleteAccessKeyCommand(user, key.id)}`;
    return key;
  };
  try {
    return await toldIfEnded(
      () => state || "Nothing was created.",
      () => handOver(create),
    );
  } catch (error) {
    if (state === "") throw error;
    const failure =
      error instanceof Failure
        ? error
        : new Failure("failed", `The key could not be handed over: ${reasonOf(error)}.`, "");
    throw withState(failure, state);
  }
}

async function printEncrypted(source: string, create: Create, encrypt: Encrypt): Promise<string> {
  const key = await create();
  const text = asIs(await encrypt(profileLines(source, key)));
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  }).catch((error) => {
    throw new Failure("file", `The encrypted key was not written: ${reasonOf(error)}.`, "");
  });
  return key.id;
}

/** The alternate screen keeps it out of the terminal's history. */
function showOnce(user: string, source: string, create: Create): Promise<string> {
  const instead = "Run this in a terminal, or encrypt the key: --age RECIPIENT. Nothing was created.";
  return withTerminal(instead, async (terminal) => {
    const key = await create();
    const text = `The access key of ${user}, for ~/.aws/credentials or aws configure:\n\n${profileLines(source, key)}`;
    await withAlternateScreen(terminal, text, () => askEnter(terminal, `Enter when ${user} has it.`));
    return key.id;
  });
}

const profileLines = (source: string, { id, secret }: SecretKey) =>
  `[${source}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;
