import { setTimeout as sleep } from "node:timers/promises";
import { IAMClient } from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { fromEnv, fromIni, fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import type { AwsCredentialIdentity, Provider } from "@smithy/types";
import { credentialsOf } from "../aws-config/credentials";
import { configFile, credentialsFile } from "../aws-config/location";
import { Failure } from "../failure";
import { silenceMs } from "../patience";
import { AwsClock } from "./clock";
import { codePrompt } from "./code-prompt";
import { toldWhileWaiting } from "./credential-process";
import { BoundedHandler } from "./handler";
import { proxyFor } from "./proxy";
import { silent } from "./unanswered";

/** Clients of the AWS API. Disposing of it closes their connections. */
export interface Aws extends Disposable {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly clock: AwsClock;
}

export type Credentials = AwsCredentialIdentity | Provider<AwsCredentialIdentity>;

/** Whose credentials to use; without any those that the environment says. */
export interface Who {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly credentials?: Credentials;
  /** For work of many calls that only read: waits for an AWS that asks to slow down, and asks once more where nothing came. */
  readonly patient?: boolean;
}

/** What every client of the AWS SDK is made with. */
export interface ClientSettings {
  readonly region: string;
  readonly credentials: Credentials;
  readonly maxAttempts: number;
  readonly retryMode?: string;
  readonly requestHandler: BoundedHandler;
  readonly endpoint?: string;
}

/**
 * The AWS API as the person's own AWS CLI would reach it: credentials, region and endpoint come from the same places.
 *
 * @param who credentials, or the profile that has them; without either what the environment says
 */
export async function connect(who: Who): Promise<Aws> {
  const settings = await settingsOf(who);
  const iam = new IAMClient(settings);
  const sts = new STSClient(settings);
  const clock = new AwsClock();
  iam.middlewareStack.use(clock.plugin());
  sts.middlewareStack.use(clock.plugin());
  return {
    iam,
    sts,
    clock,
    [Symbol.dispose]: () => {
      iam.destroy();
      sts.destroy();
    },
  };
}

/** What every client of the AWS SDK is made with, to reach AWS as this person. */
export async function settingsOf(who: Who): Promise<ClientSettings> {
  const endpoint = await endpointOf(who.profile);
  const httpsAgent = proxyFor(process.env.AWS_ENDPOINT_URL || endpoint);
  const requestHandler = new BoundedHandler({ ...(httpsAgent && { httpsAgent }) }, who.patient === true);
  const region = who.region ?? (await regionOf(who.profile));
  return {
    region,
    credentials: who.credentials ?? chain(who.profile, { requestHandler, region }),
    maxAttempts: who.patient ? 10 : 4,
    // Slows down by itself while AWS asks for it.
    ...(who.patient && { retryMode: "adaptive" }),
    requestHandler,
    ...(endpoint && { endpoint }),
  };
}

/** The settings of all profiles, as the SDK reads them. */
async function sharedProfiles() {
  return loadSharedConfigFiles({
    configFilepath: configFile(),
    filepath: credentialsFile(),
    ignoreCache: true,
  });
}

/**
 * Where the AWS CLI finds credentials: in the profile that is named, else in the environment's keys, else in the profile of
 * AWS_PROFILE. The SDK alone would take that profile before the keys. And where a profile is not there, or cannot get the
 * credentials that it speaks of, it would take whatever else the machine has.
 */
function chain(named: string | undefined, client: SourceClient): Provider<AwsCredentialIdentity> {
  if (named === undefined && process.env.AWS_ACCESS_KEY_ID) return fromEnv();
  const profile = named ?? (process.env.AWS_PROFILE || undefined);
  const ofMachine = fromNodeProviderChain(sourcesOf(profile, client));
  return async (...given) => {
    const settings = await settingsOfNamed(profile);
    if (credentialsOf(settings) === "none") return answeredInTime(ofMachine(...given));
    const { code } = codePrompt({
      command: await codeCommandOf(profile ?? "default"),
      instead: "Run this in a terminal: the profile asks for a code.",
    });
    const ofProfile = credentialsIn(profile ?? "default", client, (serial) => code(serial, undefined));
    // No person and no program is asked then.
    return settings.credential_source ? answeredInTime(ofProfile) : ofProfile;
  };
}

/**
 * The access keys that stand in a profile, or what it gets.
 *
 * @param code asks for the code of a device; without it a profile that wants one has no credentials
 */
export async function credentialsIn(
  profile: string,
  client: Partial<SourceClient> = {},
  code?: (serial: string) => Promise<string>,
): Promise<AwsCredentialIdentity> {
  const { configFile, credentialsFile } = await sharedProfiles();
  const { requestHandler = new BoundedHandler({}, false), region = await regionOf(profile) } = client;
  const sources = sourcesOf(profile, { requestHandler, region });
  return toldWhileWaiting(profile, [configFile, credentialsFile], (given) => {
    const mfaCodeProvider =
      code &&
      ((serial: string) => {
        given();
        return code(serial);
      });
    return fromIni({ ...sources, ...(mfaCodeProvider && { mfaCodeProvider }) })();
  });
}

/** For the calls that get credentials, which the SDK makes by clients of its own. Without a region it takes one, and warns of it. */
type SourceClient = Pick<ClientSettings, "requestHandler" | "region">;

function sourcesOf(profile: string | undefined, clientConfig: SourceClient) {
  return {
    ...(profile !== undefined && { profile }),
    configFilepath: configFile(),
    filepath: credentialsFile(),
    clientConfig,
  };
}

/** What a machine gets its credentials from is asked by the SDK without a bound that ends it. */
async function answeredInTime<T>(answer: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = sleep(silenceMs(), undefined, { signal: timer.signal }).then(() => {
    throw silent(silenceMs());
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    late.catch(() => {});
    timer.abort();
  }
}

type Settings = Readonly<Record<string, string | undefined>>;

/** The profile's settings in both files; empty where there is none. */
export async function settingsIn(profile: string): Promise<Settings> {
  const { configFile: config, credentialsFile: credentials } = await sharedProfiles();
  return { ...config[profile], ...credentials[profile] };
}

/** The command that prints codes for a profile: its own, or that of the profile that it takes its credentials from. */
export async function codeCommandOf(profile: string): Promise<string | undefined> {
  const { mfa_process: own, source_profile: source } = await settingsIn(profile);
  return own ?? (source === undefined ? undefined : (await settingsIn(source)).mfa_process);
}

/** Throws Failure (`credentials`) where there is no such profile. None has to be there where none is named. */
async function settingsOfNamed(profile: string | undefined): Promise<Settings> {
  const { configFile: config, credentialsFile: credentials } = await sharedProfiles();
  const name = profile ?? "default";
  if (profile === undefined || config[name] || credentials[name]) return settingsIn(name);
  throw new Failure(
    "credentials",
    `There is no profile ${profile} in ${configFile()} and ${credentialsFile()}.`,
    "To list them: aws configure list-profiles. Choose one with --profile, or create it: aws configure --profile NAME",
  );
}

async function regionOf(profile: string | undefined): Promise<string> {
  // A variable that is empty says nothing.
  const named = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  // IAM is the same everywhere in a partition; most people's is this one.
  return named || (await settingOf(profile, "region")) || "us-east-1";
}

async function endpointOf(profile: string | undefined): Promise<string | undefined> {
  // The SDK reads the variable and the setting of AWS_PROFILE by itself, and not that of a profile named here.
  return process.env.AWS_ENDPOINT_URL ? undefined : settingOf(profile, "endpoint_url");
}

/** A setting of the profile, else of AWS_PROFILE's; `undefined` where neither file has it. */
export async function settingOf(profile: string | undefined, key: string): Promise<string | undefined> {
  const { configFile: config, credentialsFile: credentials } = await sharedProfiles();
  const name = profile || process.env.AWS_PROFILE || "default";
  return config[name]?.[key] ?? credentials[name]?.[key];
}
