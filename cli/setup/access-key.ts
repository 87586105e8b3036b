import type { SecretKey } from "../aws/access-key";
import { type KeyOwner, ownerOf } from "../aws/key-owner";
import { credentialsOf } from "../aws-config/credentials";
import { credentialsFile } from "../aws-config/location";
import { settingsIn } from "../aws-config/settings";
import { Failure } from "../failure";
import { keyStore, type StoreName } from "../keys/key-store";
import { profileOption } from "../keys/own-keys";
import { assertCanWrite, keyIdOf, writeProfileKey } from "../keys/profile-keys";
import { askLine } from "../terminal/ask";
import { type Terminal, withTerminal } from "../terminal/terminal";

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
const KEY_ID = /^AKIA[A-Z0-9]{12,124}$/;
const ANOTHER = "Use another profile for your own access key: --source-profile NAME";
const SECRET = /^[A-Za-z0-9/+=]{40}$/;

/**
 * Ensures that the profile has a user's access key: its own, that of the environment, or one that the person enters. A new one is
 * written only after AWS has accepted it, so this can be repeated.
 *
 * @param keepIn where to store the secret of a new one; by default in the file
 * @throws Failure (`credentials`) if the existing credentials cannot be used; (`terminal`) if nobody can be asked
 */
export async function accessKeyOf(
  profile: string,
  region: string | undefined,
  keepIn: StoreName | undefined,
): Promise<KeyOwner> {
  const fromEnvironment = environmentKey();
  const settings = await settingsIn(profile);
  if (credentialsOf(settings) !== "none") {
    const owner = await ownerOf({ profile, region }, ANOTHER);
    assertSameKey(profile, keyIdOf(settings), fromEnvironment);
    process.stdout.write(`✓ The profile ${profile} already has the access key of ${owner.arn}.\n`);
    if (keepIn === "keyring" && credentialsOf(settings) === "keys") process.stdout.write(inFile(profile));
    leaveEnvironment(fromEnvironment);
    return owner;
  }
  if (fromEnvironment) {
    const owner = await ownerOf({ profile, region, key: fromEnvironment }, ANOTHER);
    await store(profile, fromEnvironment, owner, { from: " from the environment", keepIn });
    leaveEnvironment(fromEnvironment);
    return owner;
  }
  const instead = `Run this in a terminal, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. The profile ${profile} has no access key yet.`;
  return withTerminal(instead, async (terminal) => {
    for (let hint = ""; ; ) {
      const key = await typedKey(terminal, hint);
      try {
        const owner = await ownerOf({ profile, region, key }, ANOTHER);
        await store(profile, key, owner, { from: "", keepIn });
        return owner;
      } catch (error) {
        if (!(error instanceof Failure) || error.exit !== "credentials") throw error;
        hint = `${error.problem}\n`;
      }
    }
  });
}

async function typedKey(terminal: Terminal, hint: string): Promise<SecretKey> {
  const id = await askLine(terminal, {
    message: `${hint}Access key ID from your administrator:`,
    mistake: (text) =>
      KEY_ID.test(text)
        ? undefined
        : text.startsWith("ASIA")
          ? "This is a temporary key of a session. Expected a long-term one, which begins with AKIA."
          : "Expected the ID of an access key, such as AKIAIOSFODNN7EXAMPLE.",
  });
  const secret = await askLine(terminal, {
    message: "Secret access key (not shown):",
    mistake: (text) =>
      SECRET.test(text) ? undefined : `Expected 40 letters, digits and / + =, got ${text.length} characters.`,
    isSecret: true,
  });
  return { id, secret };
}

/** The access key in the environment, which takes precedence over profiles in the AWS CLI. */
function environmentKey(): SecretKey | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID) return undefined;
  if (AWS_SECRET_ACCESS_KEY && !AWS_SESSION_TOKEN) {
    return { id: AWS_ACCESS_KEY_ID, secret: AWS_SECRET_ACCESS_KEY };
  }
  throw new Failure(
    "credentials",
    AWS_SESSION_TOKEN
      ? "The environment has temporary credentials. Expected a long-term access key, or none."
      : "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY.",
    UNSET,
  );
}

const UNSET =
  "Run this, then the same command again: unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN";

function assertSameKey(
  profile: string,
  id: string | undefined,
  fromEnvironment: SecretKey | undefined,
): void {
  if (fromEnvironment === undefined || fromEnvironment.id === id) return;
  throw new Failure(
    "credentials",
    `The environment has the access key ${fromEnvironment.id}, but the profile ${profile} has a different one.`,
    `${UNSET}\nTo keep both, write it to another profile: --source-profile NAME`,
  );
}

/** From here on this process uses the profile, as the person's shell will after the command that this prints. */
function leaveEnvironment(fromEnvironment: SecretKey | undefined): void {
  if (fromEnvironment === undefined) return;
  delete process.env.AWS_ACCESS_KEY_ID;
  delete process.env.AWS_SECRET_ACCESS_KEY;
  process.stdout.write(
    "  The AWS CLI takes keys in the environment before any profile. Run this in your shell: " +
      "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY\n",
  );
}

async function store(
  profile: string,
  key: SecretKey,
  { arn }: KeyOwner,
  { from, keepIn = "file" }: { readonly from: string; readonly keepIn: StoreName | undefined },
): Promise<void> {
  const path = credentialsFile();
  const file = { kind: "credentials", path } as const;
  if (keepIn === "keyring") {
    // Before the keyring is changed.
    await assertCanWrite(profile, file, key, keepIn);
    await (await keyStore(keepIn)).write(key);
  }
  await writeProfileKey(profile, file, key, keepIn);
  const secret = keepIn === "keyring" ? ", and its secret to the keyring" : "";
  process.stdout.write(
    `✓ Wrote the access key of ${arn}${from} to the profile ${profile} in ${path}${secret}.\n`,
  );
}

function inFile(profile: string): string {
  const named = profileOption(profile);
  return `  Its secret is in the file. To replace it later with a key in the keyring: aws-mfa keys rotate --keep-in keyring${named}\n`;
}
