import { S3 } from "@aws-sdk/client-s3";
import { type Credentials, STS } from "@aws-sdk/client-sts";
import { deviceClock, STEP_SECONDS } from "../aws/device-clock";
import { until } from "./host";
import { codeOf, type Keys, newKeys } from "./member";
import { say, step } from "./narrator";
import { clientSettings, type Scene } from "./scene";

/** Something that AWS's documentation does not say, and what AWS answered. */
export interface Answered {
  readonly question: string;
  readonly answer: string;
}

const MFA = "aws:MultiFactorAuthPresent";
const STEPS_AHEAD = [4, 3, 2, 1];

/**
 * Asks AWS what the specification calls undocumented, with a user and a role of its own.
 *
 * @param keys of the user of the demo, and the seed of their device, whose next codes are used
 */
export async function askUndocumented(scene: Scene, keys: Keys, seed: string): Promise<readonly Answered[]> {
  step("What AWS's documentation does not say");
  const { host, iam, names } = scene;
  const user = `arn:aws:iam::${host.account}:user/${names.user}`;
  const SerialNumber = user.replace(":user/", ":mfa/");
  const withCode = async () => ({ SerialNumber, TokenCode: await host.code(seed) });
  const RoleArn = await probeRole(scene, user);
  const probe = await probeUser(scene);
  const assumed = async (as: Keys | Credentials | undefined, code = {}) => {
    const role = { RoleArn, RoleSessionName: "probe", ...code };
    return (await stsOf(scene, as).assumeRole(role)).Credentials;
  };
  const answers: Answered[] = [];
  const note = (question: string, answer: string) => {
    say(`${question}: ${answer}.`);
    answers.push({ question, answer });
  };

  let session: Credentials | undefined;
  await until(host, /^done$/, () =>
    outcome(async () => {
      session = await assumed(keys, await withCode());
    }),
  );
  note(`${MFA} in a role's session from access keys and a code`, await keyIn(scene, session));
  const { Credentials: own } = await stsOf(scene, keys).getSessionToken(await withCode());
  note(`${MFA} in a role's session from a session with a code`, await keyIn(scene, await assumed(own)));
  const federation = { Name: "probe", Policy: tellsTheKey(names.bucket) };
  const { Credentials: federated } = await stsOf(scene, probe).getFederationToken(federation);
  note(`${MFA} in a session of GetFederationToken`, await keyIn(scene, federated));

  const put = (...statements: object[]) =>
    iam.putUserPolicy({
      UserName: names.probe,
      PolicyName: "probe",
      PolicyDocument: document(...statements),
    });
  const allowed = allow("s3:GetBucketLocation", names.bucket);
  await put(allowed, { ...allowed, Effect: "Deny", Condition: { StringNotEquals: { [MFA]: "true" } } });
  const Bucket = names.bucket;
  const asked = () => s3Of(scene, probe).getBucketLocation({ Bucket });
  note(
    "A Deny with StringNotEquals on the key, which access keys do not carry",
    await until(host, /^AccessDenied$/, () => outcome(asked)),
  );
  const nullIfExists = () => put({ ...allowed, Condition: { NullIfExists: { [MFA]: "true" } } });
  note("A policy with the operator NullIfExists", await outcome(nullIfExists));

  const ahead = async (steps: number) => {
    const TokenCode = codeOf(seed, (deviceClock.step() + steps) * STEP_SECONDS * 1000);
    return outcome(() => stsOf(scene, keys).getSessionToken({ SerialNumber, TokenCode }));
  };
  let taken = 0;
  for (const steps of STEPS_AHEAD) taken ||= (await ahead(steps)) === "done" ? steps : 0;
  note("The half minutes that a code may be ahead", String(taken));
  return answers;
}

/** Allows one call where the key is absent, another where it is `false`, and a third where it is `true`. */
function tellsTheKey(bucket: string): string {
  return document(
    allow("s3:GetBucketLocation", bucket, { Null: { [MFA]: "true" } }),
    allow("s3:GetBucketPolicy", bucket, { Bool: { [MFA]: "false" } }),
    allow("s3:ListBucket", bucket, { Bool: { [MFA]: "true" } }),
  );
}

async function keyIn(scene: Scene, session: Credentials | undefined): Promise<string> {
  const Bucket = scene.names.bucket;
  const s3 = s3Of(scene, session);
  const calls = {
    absent: () => s3.getBucketLocation({ Bucket }),
    false: () => s3.getBucketPolicy({ Bucket }),
    true: () => s3.listObjectsV2({ Bucket }),
  };
  return until(scene.host, /./, async () => {
    const outcomes = Object.entries(calls).map(async ([key, call]) =>
      // The bucket has no policy: who may read it is told so.
      /^(done|NoSuchBucketPolicy)$/.test(await outcome(call)) ? key : "",
    );
    return (await Promise.all(outcomes)).join("");
  });
}

async function probeRole({ iam, names }: Scene, user: string): Promise<string> {
  const RoleName = names.probe;
  const AssumeRolePolicyDocument = document({
    Effect: "Allow",
    Principal: { AWS: user },
    Action: "sts:AssumeRole",
    Condition: { Bool: { [MFA]: "true" } },
  });
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument });
  const PolicyDocument = tellsTheKey(names.bucket);
  await iam.putRolePolicy({ RoleName, PolicyName: "probe", PolicyDocument });
  return Role?.Arn ?? "";
}

async function probeUser({ iam, names }: Scene): Promise<Keys> {
  const UserName = names.probe;
  await iam.createUser({ UserName });
  const PolicyDocument = document(
    { Effect: "Allow", Action: "sts:GetFederationToken", Resource: "*" },
    ...["s3:GetBucketLocation", "s3:GetBucketPolicy", "s3:ListBucket"].map((one) => allow(one, names.bucket)),
  );
  await iam.putUserPolicy({ UserName, PolicyName: "probe", PolicyDocument });
  return newKeys(iam, UserName);
}

function stsOf({ host }: Scene, as: Keys | Credentials | undefined): STS {
  return new STS(clientSettings(host, keysIn(as)));
}

function s3Of({ host }: Scene, as: Keys | Credentials | undefined): S3 {
  return new S3(clientSettings(host, keysIn(as)));
}

function keysIn(of: Keys | Credentials | undefined) {
  if (of && "id" in of) return { accessKeyId: of.id, secretAccessKey: of.secret };
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = of ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** `done`, or the code of AWS's error. */
async function outcome(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return "done";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

function allow(Action: string, bucket: string, Condition?: object): object {
  return { Effect: "Allow", Action, Resource: `arn:aws:s3:::${bucket}`, ...(Condition && { Condition }) };
}

function document(...Statement: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}
