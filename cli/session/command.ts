import { Command } from "commander";
import { z } from "zod";
import { mfaSerial, profileName, region } from "../aws/names";
import { Failure, Interrupted } from "../failure";
import { checked, seconds } from "../profile/flags";
import { asIs } from "../terminal/escape-controls";
import { localTime } from "../terminal/time";
import { cachedSession, deleteSession } from "./cache";
import { toJson } from "./session";

interface Options {
  readonly profile: string;
  readonly mfaSerial?: string;
  readonly region?: string;
  readonly durationSeconds: string;
  readonly code?: boolean;
  readonly codeCommand?: string;
  readonly end?: boolean;
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
const flags = z.object({
  profile: profileName,
  mfaSerial: mfaSerial.optional(),
  region: region.optional(),
  durationSeconds: seconds(900, 129_600),
});

export function sessionCommand(): Command {
  return new Command("session")
    .summary("get a session: one code a day for all roles (a credential_process)")
    .description(
      "Prints the credentials of a session that was started with a code, for profiles that aws-mfa profile --one-code wrote. " +
        "Asks for a code on the terminal if no session is cached, and caches the session until it expires.",
    )
    .option("--profile <profile>", "the profile with the access keys", "default")
    .option("--mfa-serial <arn>", "your MFA device; by default your first enabled one")
    .option("--region <region>", "the region to use")
    .option("--duration-seconds <n>", "how long a new session lasts, 900 to 129600", "43200")
    .option("--code", "read the code from standard input")
    .option(
      "--code-command <command>",
      "a command that prints the code; by default mfa_process of the profile",
    )
    .option("--end", "delete the cached session")
    .action(async (options: Options) => {
      const { profile, ...start } = checked(flags, { ...options });
      if (options.end) {
        process.stdout.write(ended(profile, await deleteSession(profile)));
        return;
      }
      assertNotItsOwnSource(profile);
      const session = await cachedSession(profile, async () => {
        // A cached session does not need the AWS SDK, which takes the longest to load.
        const { getSessionToken } = await import("./get-session-token.js");
        const { codePrompt } = await import("../aws/code-prompt.js");
        const { codeCommandOf } = await import("../aws/credentials.js");
        return getSessionToken(
          { profile, ...start },
          codePrompt({
            fromInput: options.code,
            command: options.codeCommand ?? (await codeCommandOf(profile)),
            instead: instead(profile),
          }),
        );
      }).catch((error) => {
        throw error instanceof Interrupted ? new Interrupted("No session was started.") : error;
      });
      process.stdout.write(
        process.stdout.isTTY ? forPerson(profile, session.expiration) : asIs(`${toJson(session)}\n`),
      );
    });
}

const instead = (profile: string) =>
  `Start the session in a terminal first: aws-mfa session --profile ${profile}\n` +
  "It is cached after that, and no code is needed until it expires.";

/** Set for the programs that get the access keys of the source profile, so that they cannot run this command in a loop. */
const RUNNING = "AWS_MFA_SESSION_RUNNING";

/** Throws Failure (`file`) if another `aws-mfa session` runs this one to get its access keys. */
function assertNotItsOwnSource(profile: string): void {
  const running = process.env[RUNNING];
  if (running !== undefined) {
    throw new Failure(
      "file",
      `The profile ${running} gets its credentials from aws-mfa session itself.`,
      "Use the profile with your access keys: aws-mfa profile --one-code --source-profile NAME",
    );
  }
  process.env[RUNNING] = profile;
}

function ended(profile: string, wasCached: boolean): string {
  return wasCached
    ? `The cached session of ${profile} is deleted. AWS accepts it until it expires.\n`
    : `No session of ${profile} is cached.\n`;
}

/** A terminal gets no credentials: others could read them there. */
function forPerson(profile: string, expires: Date): string {
  return `The session of ${profile} is cached until ${localTime(expires)}. Profiles that use it need no code until then.\n`;
}
