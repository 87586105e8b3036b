import type { SecretKey } from "../aws/access-key";
import { codePrompt } from "../aws/code-prompt";
import { type Aws, connect } from "../aws/connect";
import { codeCommandOf } from "../aws/credentials";
import { type KeyOwner, ownerOf } from "../aws/key-owner";
import { SHORTEST_SESSION } from "../aws/session-token";
import { withUserLock } from "../plan/user-lock";
import { findSession } from "../session/cache";
import { getSessionToken } from "../session/get-session-token";
import { type ProfileKeys, profileKeys } from "./profile-keys";

/** The access key of a profile, its user, and AWS with MFA as this user. */
export interface Own extends ProfileKeys {
  readonly aws: Aws;
  readonly account: string;
  readonly user: string;
}

export interface OwnKeysOptions {
  readonly mfaSerial: string | undefined;
  /** The code is on standard input. */
  readonly code: boolean;
}

/**
 * Runs `work` with a session that was started with a code: the cached one of the profile, or a new one for this work only. No other run
 * on this computer changes the user meanwhile.
 *
 * @throws Failure if the profile has no access key of a user, AWS refuses, or nobody can be asked for the code
 */
export async function withOwnKeys(
  profile: string,
  { mfaSerial, code }: OwnKeysOptions,
  work: (own: Own) => Promise<void>,
): Promise<void> {
  const { account, user } = await keyOwner((await profileKeys(profile)).key, profile);
  await withUserLock(account, user, async () => {
    // Another run may have written another key before this one got the lock.
    const keys = await profileKeys(profile);
    const session =
      (await findSession(profile)) ??
      (await getSessionToken(
        { profile, mfaSerial, durationSeconds: SHORTEST_SESSION },
        codePrompt({
          fromInput: code,
          command: await codeCommandOf(profile),
          instead: "Run this in a terminal, or give a code on standard input: --code",
        }),
      ));
    using aws = await connect({ profile, credentials: session });
    await work({ ...keys, aws, account, user });
  });
}

/** The user whose key it is. Throws Failure (`credentials`) as `ownerOf`. */
export function keyOwner(key: SecretKey, profile: string): Promise<KeyOwner> {
  return ownerOf({ profile, key }, "Name the profile with your own access key: --profile NAME");
}

/** How a command line names the profile. */
export const profileOption = (profile: string) => (profile === "default" ? "" : ` --profile ${profile}`);
