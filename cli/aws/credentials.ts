import { fromEnv, fromIni, fromNodeProviderChain } from "@aws-sdk/credential-providers";
import type { AwsCredentialIdentity, Provider } from "@smithy/types";
import { credentialsOf } from "../aws-config/credentials";
import { configFile, credentialsFile } from "../aws-config/location";
import { findSettings, settingsIn } from "../aws-config/settings";
import { Failure } from "../failure";
import { timeoutMs } from "../timeout";
import { codePrompt } from "./code-prompt";
import { reportWhileWaiting } from "./credential-process";
import type { BoundedHandler } from "./handler";
import { silent } from "./unanswered";

/** What the SDK creates its own clients for credentials with. Without a region it assumes one, and warns. */
export interface SourceClient {
  readonly region: string;
  readonly requestHandler: BoundedHandler;
}

/**
 * Credentials in the order of the AWS CLI: the named profile, the keys in the environment, the profile of AWS_PROFILE. The SDK would use
 * AWS_PROFILE before the keys, and the machine's credentials if a profile does not exist or cannot get its own.
 */
export function credentialProvider(
  named: string | undefined,
  client: SourceClient,
): Provider<AwsCredentialIdentity> {
  if (named === undefined && process.env.AWS_ACCESS_KEY_ID) return fromEnv();
  const profile = named ?? (process.env.AWS_PROFILE || undefined);
  const ofMachine = fromNodeProviderChain(sourcesOf(profile, client));
  return async (...given) => {
    const name = profile ?? "default";
    const settings = await findSettings(name);
    if (settings === undefined && profile !== undefined) throw noSuchProfile(profile);
    if (settings === undefined || credentialsOf(settings) === "none")
      return answeredInTime(ofMachine(...given));
    const { code } = codePrompt({
      command: await codeCommandOf(name),
      instead: "Run this in a terminal: the profile asks for a code.",
    });
    const ofProfile = credentialsIn(name, client, (serial) => code(serial, undefined));
    // The machine's credentials need no person and no program.
    return settings.credential_source ? answeredInTime(ofProfile) : ofProfile;
  };
}

/**
 * The credentials of a profile: its access keys, or those that it gets from its source.
 *
 * @param code asks for a device's code; without it, a profile that needs one has no credentials
 */
export async function credentialsIn(
  profile: string,
  client: SourceClient,
  code?: (serial: string) => Promise<string>,
): Promise<AwsCredentialIdentity> {
  return reportWhileWaiting(profile, (received) => {
    const mfaCodeProvider =
      code &&
      ((serial: string) => {
        received();
        return code(serial);
      });
    return fromIni({ ...sourcesOf(profile, client), ...(mfaCodeProvider && { mfaCodeProvider }) })();
  });
}

function sourcesOf(profile: string | undefined, { region, requestHandler }: SourceClient) {
  return {
    ...(profile !== undefined && { profile }),
    configFilepath: configFile(),
    filepath: credentialsFile(),
    clientConfig: { region, requestHandler },
  };
}

/** The SDK sets no time limit when it asks the machine for credentials. */
async function answeredInTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silent(timeoutMs())), timeoutMs());
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The command that prints codes for a profile: `mfa_process` of the profile, or of its source. */
export async function codeCommandOf(profile: string): Promise<string | undefined> {
  const { mfa_process: own, source_profile: source } = await settingsIn(profile);
  return own ?? (source === undefined ? undefined : (await settingsIn(source)).mfa_process);
}

function noSuchProfile(profile: string): Failure {
  return new Failure(
    "credentials",
    `There is no profile ${profile} in ${configFile()} and ${credentialsFile()}.`,
    "To list them: aws configure list-profiles. Choose one with --profile, or create it: aws configure --profile NAME",
  );
}
