import { IAM } from "@aws-sdk/client-iam";
import { type Credentials, STS } from "@aws-sdk/client-sts";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { accountsOf } from "../../local/aws/account";
import { localClient } from "../../local/aws/root";
import { type LocalAws, startLocalAws } from "../../local/aws/server";
import { codeOf, enableDevice, newKeys } from "../../local/demo/member";
import { assuming, type Caller, callerKeys } from "../proof/caller";
import { ALICE, BOB, BUILD, BUILD_SESSION, HOME, STRANGER } from "../proof/generate/principal";
import { trustDocument } from "../proof/generate/trust";
import { mayAssume } from "../proof/simulator";
import { oneOf, randomFrom } from "../random";

// The wiring: whether the local AWS asks the evaluator about the right policies, caller and condition keys, as the
// specification has them. The evaluator is the same on both sides, so this proves nothing about the evaluator.

const DOCUMENTS = 200;
const EXTERNAL_IDS = [undefined, "blue", "green"] as const;
const TAGS = [{ Key: "team", Value: "storage" }] as const;
const EVERYTHING = policy({ Effect: "Allow", Action: "*", Resource: "*" });

/** What a request carries of MFA. */
const MFA = {
  absent: {},
  false: { "aws:MultiFactorAuthPresent": "false" },
  true: { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0" },
} as const;

interface Person {
  readonly sts: STS;
  readonly caller: Caller;
  readonly mfa: keyof typeof MFA;
  /** The code that the call brings. */
  readonly code?: () => { readonly SerialNumber: string; readonly TokenCode: string };
}

let aws: LocalAws;
let people: readonly Person[];
beforeAll(async () => {
  aws = await startLocalAws();
  people = await everybody();
  return () => aws.stop();
});

test("a role can be assumed over HTTP exactly if the evaluator allows the request", async () => {
  const documents = fc.sample(trustDocument, { numRuns: DOCUMENTS, seed: 1 });
  const assumed = await Promise.all(
    // One after another for each person, since a later code makes the earlier ones void.
    people.map(async (person, nth) => {
      let count = 0;
      for (let index = nth; index < DOCUMENTS; index += people.length)
        if (await isAssumed(documents[index], person, index)) count += 1;
      return count;
    }),
  );
  // Neither answer is a rare one.
  const all = assumed.reduce((sum, count) => sum + count);
  expect(all).toBeGreaterThan(DOCUMENTS / 10);
  expect(all).toBeLessThan(DOCUMENTS * 0.9);
});

/** Whether the person may assume a new role with this trust policy, which the evaluator has to say, too. */
async function isAssumed(document: unknown, person: Person, index: number): Promise<boolean> {
  const { Role } = await accountsOf(aws.motoEndpoint)(HOME).iam.createRole({
    RoleName: `target-${index}`,
    AssumeRolePolicyDocument: JSON.stringify(document),
  });
  const externalId = oneOf(randomFrom(index + 1), EXTERNAL_IDS);
  const assumed = await assumes(person, Role?.Arn ?? "", externalId);
  const about = { document, who: person.caller.principal, mfa: person.mfa, externalId };
  const allowed = await mayAssume(document, request(person, Role?.Arn ?? "", externalId));
  expect(assumed, JSON.stringify(about)).toBe(allowed);
  return assumed;
}

/** What the specification says that the call carries (section 1), and what all calls here have in common. */
function request({ caller, mfa }: Person, resource: string, externalId: string | undefined) {
  const { principal, action } = caller;
  const context = {
    ...callerKeys(caller, mfa === "false"),
    ...MFA[mfa],
    ...(externalId !== undefined && { "sts:ExternalId": externalId }),
    "aws:CurrentTime": new Date().toISOString(),
    "aws:SecureTransport": "true",
    "aws:SourceIp": "127.0.0.1",
    "aws:PrincipalTag/team": "storage",
  };
  return { principal, action, resource, context };
}

async function assumes({ sts, code }: Person, RoleArn: string, ExternalId: string | undefined) {
  try {
    await sts.assumeRole({ RoleArn, RoleSessionName: "wiring", ExternalId, ...code?.() });
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "AccessDenied") return false;
    throw error;
  }
}

/** A user with keys, one with a session and one with a code, a path and another account; and a role's session. */
async function everybody(): Promise<readonly Person[]> {
  const alice = await user(ALICE);
  const { SerialNumber, seed } = await device("alice");
  const { Credentials: session } = await alice.getSessionToken();
  const build = await role("build", "job", alice);
  const isAlice = assuming("user", ALICE, ALICE);
  return [
    { sts: alice, caller: isAlice, mfa: "absent" },
    { sts: stsOf(session), caller: isAlice, mfa: "false" },
    {
      sts: alice,
      caller: isAlice,
      mfa: "true",
      code: () => ({ SerialNumber, TokenCode: codeOf(seed) }),
    },
    { sts: await user(BOB), caller: assuming("user", BOB, BOB), mfa: "absent" },
    { sts: await user(STRANGER), caller: assuming("user", STRANGER, STRANGER), mfa: "absent" },
    { sts: build, caller: assuming("role", BUILD_SESSION, BUILD), mfa: "false" },
  ];
}

/** A user who may do everything, with a tag, by the ARN. */
async function user(arn: string): Promise<STS> {
  const [, account = "", Path = "", UserName = ""] =
    /^arn:aws:iam::(\d+):user(\/.*?)([^/]+)$/.exec(arn) ?? [];
  const iam = rootOf(account);
  await iam.createUser({ UserName, Path, Tags: [...TAGS] });
  await iam.putUserPolicy({ UserName, PolicyName: "everything", PolicyDocument: EVERYTHING });
  const { id, secret } = await newKeys(iam, UserName);
  return stsOf({ AccessKeyId: id, SecretAccessKey: secret });
}

/** A session of a role that may do everything and trusts its account. */
async function role(RoleName: string, RoleSessionName: string, starter: STS): Promise<STS> {
  const iam = rootOf(HOME);
  const trust = policy({ Effect: "Allow", Principal: { AWS: HOME }, Action: "sts:AssumeRole" });
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust, Tags: [...TAGS] });
  await iam.putRolePolicy({ RoleName, PolicyName: "everything", PolicyDocument: EVERYTHING });
  const { Credentials } = await starter.assumeRole({ RoleArn: Role?.Arn, RoleSessionName });
  return stsOf(Credentials);
}

async function device(user: string) {
  const iam = rootOf(HOME);
  const { VirtualMFADevice: made } = await iam.createVirtualMFADevice({ VirtualMFADeviceName: user });
  const SerialNumber = made?.SerialNumber ?? "";
  const seed = Buffer.from(made?.Base32StringSeed ?? []).toString("ascii");
  await enableDevice(iam, user, SerialNumber, seed);
  return { SerialNumber, seed };
}

function rootOf(account: string): IAM {
  return new IAM({ ...localClient(aws.endpoint), credentials: aws.rootOf(account) });
}

function stsOf({ AccessKeyId = "", SecretAccessKey = "", SessionToken }: Partial<Credentials> = {}) {
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  const credentials = SessionToken === undefined ? keys : { ...keys, sessionToken: SessionToken };
  return new STS({ ...localClient(aws.endpoint), credentials });
}

function policy(statement: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
