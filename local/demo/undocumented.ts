import { S3 } from "@aws-sdk/client-s3";
import { type Credentials, STS } from "@aws-sdk/client-sts";
import { deviceClock, STEP_SECONDS } from "../aws/device-clock";
import { until } from "./host";
import { codeOf, type Keys, newKeys } from "./member";
import { say, step } from "./output";
import { clientSettings, type Demo, policyDocument } from "./setup";

/** A question that AWS's documentation does not answer, and AWS's answer. */
export interface Answered {
  readonly question: string;
  readonly answer: string;
}

const MFA = "aws:MultiFactorAuthPresent";
const STEPS_AHEAD = [4, 3, 2, 1];

/**
 * Asks AWS what its documentation does not say (docs/on-aws.md), with a user and a role of its own.
 *
 * @param keys the demo user's keys; codes come from the user's device with this seed
 */
export async function askUndocumented(demo: Demo, keys: Keys, seed: string): Promise<readonly Answered[]> {
  step("What AWS's documentation does not say");
  const { host, iam, names } = demo;
  const user = `arn:aws:iam::${host.account}:user/${names.user}`;
  const SerialNumber = user.replace(":user/", ":mfa/");
  const withCode = async () => ({ SerialNumber, TokenCode: await host.code(seed) });
  const RoleArn = await probeRole(demo, user);
  const probe = await probeUser(demo);
  const assumed = async (as: Keys | Credentials | undefined, code = {}) => {
    const role = { RoleArn, RoleSessionName: "probe", ...code };
    return (await stsOf(demo, as).assumeRole(role)).Credentials;
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
  note(`${MFA} in a role session from access keys and a code`, await keyIn(demo, session));
  const { Credentials: own } = await stsOf(demo, keys).getSessionToken(await withCode());
  note(`${MFA} in a role session from a session with a code`, await keyIn(demo, await assumed(own)));
  const federation = { Name: "probe", Policy: keyProbe(names.bucket) };
  const { Credentials: federated } = await stsOf(demo, probe).getFederationToken(federation);
  note(`${MFA} in a session of GetFederationToken`, await keyIn(demo, federated));

  const put = (...statements: object[]) =>
    iam.putUserPolicy({
      UserName: names.probe,
      PolicyName: "probe",
      PolicyDocument: policyDocument(...statements),
    });
  const allowed = allow("s3:GetBucketLocation", names.bucket);
  await put(allowed, { ...allowed, Effect: "Deny", Condition: { StringNotEquals: { [MFA]: "true" } } });
  const Bucket = names.bucket;
  const asked = () => s3Of(demo, probe).getBucketLocation({ Bucket });
  note(
    "A Deny with StringNotEquals on this key, which access keys do not carry",
    await until(host, /^AccessDenied$/, () => outcome(asked)),
  );
  const nullIfExists = () => put({ ...allowed, Condition: { NullIfExists: { [MFA]: "true" } } });
  note("A policy with the operator NullIfExists", await outcome(nullIfExists));

  const ahead = async (steps: number) => {
    const TokenCode = codeOf(seed, (deviceClock.step() + steps) * STEP_SECONDS * 1000);
    return outcome(() => stsOf(demo, keys).getSessionToken({ SerialNumber, TokenCode }));
  };
  let accepted = 0;
  for (const steps of STEPS_AHEAD) accepted ||= (await ahead(steps)) === "done" ? steps : 0;
  note("The number of time steps that a code may be ahead", String(accepted));
  return answers;
}

/** Allows one call if the key is absent, another if it is `false`, and a third if it is `true`. */
function keyProbe(bucket: string): string {
  return policyDocument(
    allow("s3:GetBucketLocation", bucket, { Null: { [MFA]: "true" } }),
    allow("s3:GetBucketPolicy", bucket, { Bool: { [MFA]: "false" } }),
    allow("s3:ListBucket", bucket, { Bool: { [MFA]: "true" } }),
  );
}

async function keyIn(demo: Demo, session: Credentials | undefined): Promise<string> {
  const Bucket = demo.names.bucket;
  const s3 = s3Of(demo, session);
  const calls = {
    absent: () => s3.getBucketLocation({ Bucket }),
    false: () => s3.getBucketPolicy({ Bucket }),
    true: () => s3.listObjectsV2({ Bucket }),
  };
  return until(demo.host, /./, async () => {
    const outcomes = Object.entries(calls).map(async ([key, call]) =>
      // If GetBucketPolicy is allowed, AWS reports that the bucket has no policy.
      /^(done|NoSuchBucketPolicy)$/.test(await outcome(call)) ? key : "",
    );
    return (await Promise.all(outcomes)).join("");
  });
}

async function probeRole({ iam, names }: Demo, user: string): Promise<string> {
  const RoleName = names.probe;
  const AssumeRolePolicyDocument = policyDocument({
    Effect: "Allow",
    Principal: { AWS: user },
    Action: "sts:AssumeRole",
    Condition: { Bool: { [MFA]: "true" } },
  });
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument });
  const PolicyDocument = keyProbe(names.bucket);
  await iam.putRolePolicy({ RoleName, PolicyName: "probe", PolicyDocument });
  return Role?.Arn ?? "";
}

async function probeUser({ iam, names }: Demo): Promise<Keys> {
  const UserName = names.probe;
  await iam.createUser({ UserName });
  const PolicyDocument = policyDocument(
    { Effect: "Allow", Action: "sts:GetFederationToken", Resource: "*" },
    ...["s3:GetBucketLocation", "s3:GetBucketPolicy", "s3:ListBucket"].map((one) => allow(one, names.bucket)),
  );
  await iam.putUserPolicy({ UserName, PolicyName: "probe", PolicyDocument });
  return newKeys(iam, UserName);
}

function stsOf({ host }: Demo, as: Keys | Credentials | undefined): STS {
  return new STS(clientSettings(host, keysIn(as)));
}

function s3Of({ host }: Demo, as: Keys | Credentials | undefined): S3 {
  return new S3(clientSettings(host, keysIn(as)));
}

function keysIn(of: Keys | Credentials | undefined) {
  if (of && "id" in of) return { accessKeyId: of.id, secretAccessKey: of.secret };
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = of ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** `done`, or AWS's error code. */
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
