import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { IAM } from "@aws-sdk/client-iam";
import { Organizations } from "@aws-sdk/client-organizations";
import { S3 } from "@aws-sdk/client-s3";
import { STS } from "@aws-sdk/client-sts";
import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { LOCAL_ACCOUNT, localClient } from "../../local/aws/root";
import { type LocalAws, startLocalAws } from "../../local/aws/server";
import { awsCli, codeOf, newKeys, settleIn, twoCodes } from "../../local/demo/member";

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
  return () => aws.stop();
});
afterEach(() => aws.reset());

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Clients of the unchanged AWS SDK with these keys; without any, root's. */
function as(credentials?: Keys, clockOffset = 0) {
  const settings = {
    ...localClient(aws.endpoint),
    ...(credentials && { credentials }),
    maxAttempts: 1,
    systemClockOffset: clockOffset,
  };
  return {
    iam: new IAM(settings),
    sts: new STS(settings),
    s3: new S3({ ...settings, forcePathStyle: true }),
    organizations: new Organizations(settings),
  };
}

async function keysOf(UserName: string): Promise<Keys> {
  const { id, secret } = await newKeys(as().iam, UserName);
  return { accessKeyId: id, secretAccessKey: secret };
}

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const ALL = { Effect: "Allow", Action: "*", Resource: "*" };
const NEEDS_MFA = { Bool: { "aws:MultiFactorAuthPresent": "true" } };

/** A user who may do what the statements say, and their keys. */
async function user(UserName: string, ...statements: object[]): Promise<Keys> {
  await as().iam.createUser({ UserName });
  if (statements.length > 0) {
    await as().iam.putUserPolicy({ UserName, PolicyName: "own", PolicyDocument: policy(...statements) });
  }
  return keysOf(UserName);
}

/** A device that is enabled for the user. */
async function device(UserName: string) {
  const { iam } = as();
  const { VirtualMFADevice: made } = await iam.createVirtualMFADevice({ VirtualMFADeviceName: UserName });
  const SerialNumber = made?.SerialNumber ?? "";
  const seed = Buffer.from(made?.Base32StringSeed ?? []).toString("ascii");
  const [AuthenticationCode1, AuthenticationCode2] = twoCodes(seed);
  await iam.enableMFADevice({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 });
  return { SerialNumber, seed };
}

async function role(RoleName: string, statement: object, more: object = {}): Promise<string> {
  const { Role } = await as().iam.createRole({
    RoleName,
    AssumeRolePolicyDocument: policy({ Effect: "Allow", Action: "sts:AssumeRole", ...statement }),
    ...more,
  });
  return Role?.Arn ?? "";
}

const THE_ACCOUNT = { Principal: { AWS: `arn:aws:iam::${LOCAL_ACCOUNT}:root` } };

function sessionIn({
  Credentials: of,
}: {
  Credentials?:
    | {
        AccessKeyId?: string | undefined;
        SecretAccessKey?: string | undefined;
        SessionToken?: string | undefined;
      }
    | undefined;
}): Keys {
  return {
    accessKeyId: of?.AccessKeyId ?? "",
    secretAccessKey: of?.SecretAccessKey ?? "",
    sessionToken: of?.SessionToken ?? "",
  };
}

const refusal = (name: string, message: string | RegExp) =>
  expect.objectContaining({
    name: expect.stringMatching(new RegExp(`^${name}(Exception)?$`)),
    message: expect.stringMatching(message),
  });

describe("a caller", () => {
  test("is identified by the access key, without any permission", async () => {
    const alice = await user("alice");
    const { Arn } = await as(alice).sts.getCallerIdentity();
    expect(Arn).toBe(`arn:aws:iam::${LOCAL_ACCOUNT}:user/alice`);
    expect((await as().sts.getCallerIdentity()).Arn).toBe(`arn:aws:iam::${LOCAL_ACCOUNT}:root`);
  });

  test.each([
    ["another secret", (keys: Keys) => ({ ...keys, secretAccessKey: "another" }), "SignatureDoesNotMatch"],
    [
      "an unknown key",
      (keys: Keys) => ({ ...keys, accessKeyId: "AKIAI44QH8DHBEXAMPLE" }),
      "InvalidClientTokenId",
    ],
    [
      "a session token beside a user's keys",
      (keys: Keys) => ({ ...keys, sessionToken: "x" }),
      "InvalidClientTokenId",
    ],
  ])("with %s is refused", async (_, change, code) => {
    const keys = change(await user("alice"));
    await expect(as(keys).sts.getCallerIdentity()).rejects.toThrow(refusal(code, ""));
  });

  test.each([
    [-6, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/],
    [6, /^Signature not yet current: .* is still later than .* \+ 5 min\.\)$/],
  ])("whose clock is %s minutes off is refused", async (minutes, message) => {
    const alice = await user("alice");
    const late = as(alice, minutes * 60_000);
    await expect(late.sts.getCallerIdentity()).rejects.toThrow(refusal("SignatureDoesNotMatch", message));
  });

  test("with an inactive or deleted key is refused, and with one that AWS does not know yet", async () => {
    const alice = await user("alice");
    const { iam } = as();
    const active = (Status: "Active" | "Inactive") =>
      iam.updateAccessKey({ UserName: "alice", AccessKeyId: alice.accessKeyId, Status });
    const asked = () => as(alice).sts.getCallerIdentity();
    await asked();
    await active("Inactive");
    await expect(asked()).rejects.toThrow(refusal("InvalidClientTokenId", "security token"));
    await active("Active");
    await asked();
    aws.faults.newKeyDelayMs = 3_600_000;
    const fresh = await keysOf("alice");
    const askedAnew = () => as(fresh).sts.getCallerIdentity();
    await expect(askedAnew()).rejects.toThrow(refusal("InvalidClientTokenId", "security token"));
    aws.faults.settle();
    await askedAnew();
    await iam.deleteAccessKey({ UserName: "alice", AccessKeyId: fresh.accessKeyId });
    await expect(askedAnew()).rejects.toThrow(refusal("InvalidClientTokenId", "security token"));
  });

  test("with a session that has expired, or whose user or role was deleted, is refused", async () => {
    const { iam } = as();
    const alice = await user("alice", ALL);
    const RoleArn = await role("deploy", THE_ACCOUNT);
    const refused = (keys: Keys, code: string) =>
      expect(as(keys).sts.getCallerIdentity()).rejects.toThrow(refusal(code, ""));
    const ofRole = sessionIn(await as(alice).sts.assumeRole({ RoleArn, RoleSessionName: "a" }));
    const ofUser = sessionIn(await as(alice).sts.getSessionToken({}));
    for (const each of [ofRole, ofUser]) await as(each).sts.getCallerIdentity();
    onTestFinished(() => void vi.useRealTimers());
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 13 * 3_600_000 });
    for (const each of [ofRole, ofUser]) await refused(each, "ExpiredToken");
    vi.useRealTimers();
    await iam.deleteRole({ RoleName: "deploy" });
    await refused(ofRole, "InvalidClientTokenId");
    await iam.deleteUserPolicy({ UserName: "alice", PolicyName: "own" });
    await iam.deleteAccessKey({ UserName: "alice", AccessKeyId: alice.accessKeyId });
    await iam.deleteUser({ UserName: "alice" });
    await refused(ofUser, "InvalidClientTokenId");
  });

  test("signs S3 calls as S3 requires, and gets S3's error messages", async () => {
    const keys = await user("alice", ALL);
    const { s3 } = as(keys);
    await s3.createBucket({ Bucket: "quarterly-reports" });
    const Key = "north & south/ä b+c=1.txt";
    await s3.putObject({ Bucket: "quarterly-reports", Key, Body: "text" });
    const { Body } = await s3.getObject({ Bucket: "quarterly-reports", Key });
    expect(await Body?.transformToString()).toBe("text");
    const wrong = as({ ...keys, secretAccessKey: "another" });
    await expect(wrong.s3.listBuckets()).rejects.toThrow(
      refusal("SignatureDoesNotMatch", /Check your key and signing method\.$/),
    );
  });
});

describe("MFA codes", () => {
  test("are accepted once, for a session or a role; wrong ones and another user's are refused", async () => {
    const alice = await user("alice", ALL);
    await user("bob");
    const { SerialNumber, seed } = await device("alice");
    const bobs = await device("bob");
    const { sts } = as(alice);
    const session = (TokenCode: string, serial = SerialNumber) =>
      sts.getSessionToken({ SerialNumber: serial, TokenCode });
    const code = codeOf(seed);
    await session(code);
    const wrong = refusal(
      "AccessDenied",
      /^MultiFactorAuthentication failed with invalid MFA one time pass code\. $/,
    );
    await expect(session(code)).rejects.toThrow(wrong);
    await expect(session("000000")).rejects.toThrow(wrong);
    await expect(session(codeOf(bobs.seed), bobs.SerialNumber)).rejects.toThrow(
      refusal("AccessDenied", "Please verify your MFA serial number is valid and associated with this user"),
    );
    await session(codeOf(seed));
    const RoleArn = await role("ops", { ...THE_ACCOUNT, Condition: NEEDS_MFA });
    const assume = (TokenCode: string) =>
      sts.assumeRole({ RoleArn, RoleSessionName: "a", SerialNumber, TokenCode });
    const used = codeOf(seed);
    await assume(used);
    await expect(assume(used)).rejects.toThrow(wrong);
  });

  test("that are 90 seconds old are refused", async () => {
    const alice = await user("alice");
    const { SerialNumber, seed } = await device("alice");
    const old = codeOf(seed);
    for (const _ of [1, 2, 3]) codeOf(seed);
    const asked = { SerialNumber, TokenCode: old };
    await expect(as(alice).sts.getSessionToken(asked)).rejects.toThrow(
      refusal("AccessDenied", "invalid MFA one time"),
    );
  });

  test("enable and resynchronize a device only if two are consecutive", async () => {
    await user("alice");
    const { iam } = as();
    const { SerialNumber, seed } = await device("alice");
    const two = (AuthenticationCode1: string, AuthenticationCode2: string) => ({
      UserName: "alice",
      SerialNumber,
      AuthenticationCode1,
      AuthenticationCode2,
    });
    const [first, second] = twoCodes(seed);
    await expect(iam.enableMFADevice(two(first, second))).rejects.toThrow(
      refusal("EntityAlreadyExists", "already assigned"),
    );
    await iam.resyncMFADevice(two(first, second));
    await expect(iam.resyncMFADevice(two(second, first))).rejects.toThrow(
      refusal("InvalidAuthenticationCode", "Authentication code for device is not valid."),
    );
    await iam.deactivateMFADevice({ UserName: "alice", SerialNumber });
    await expect(iam.enableMFADevice(two("000000", "111111"))).rejects.toThrow(
      refusal("InvalidAuthenticationCode", "not valid"),
    );
    await iam.enableMFADevice(two(...twoCodes(seed)));
  });

  test("of the first device are required to enable a second device", async () => {
    const alice = await user("alice", ALL);
    const first = await device("alice");
    const enable = async (keys: Keys) => {
      const { iam } = as(keys);
      const { VirtualMFADevice: made } = await iam.createVirtualMFADevice({
        VirtualMFADeviceName: `second-${keys.accessKeyId}`,
      });
      const [AuthenticationCode1, AuthenticationCode2] = twoCodes(
        Buffer.from(made?.Base32StringSeed ?? []).toString("ascii"),
      );
      const SerialNumber = made?.SerialNumber;
      await iam.enableMFADevice({
        UserName: "alice",
        SerialNumber,
        AuthenticationCode1,
        AuthenticationCode2,
      });
    };
    await expect(enable(alice)).rejects.toThrow(refusal("AccessDenied", "session with MFA"));
    const { SerialNumber, seed } = first;
    const session = { SerialNumber, TokenCode: codeOf(seed) };
    await enable(sessionIn(await as(alice).sts.getSessionToken(session)));
  });
});

describe("credentials and sessions", () => {
  const ask = (keys: Keys) => as(keys).s3.listBuckets();

  /** alice may do everything with MFA in the last hour, and assume roles without. She has a device. */
  async function alice() {
    const keys = await user(
      "alice",
      { ...ALL, Condition: { ...NEEDS_MFA, NumericLessThan: { "aws:MultiFactorAuthAge": "3600" } } },
      { ...ALL, Action: "sts:AssumeRole" },
    );
    return { keys, ...(await device("alice")) };
  }

  test("access keys carry no MFA key; sessions carry false without a code, and true and its age with one", async () => {
    const { keys, SerialNumber, seed } = await alice();
    await expect(ask(keys)).rejects.toThrow(
      refusal("AccessDenied", /because no identity-based policy allows the s3:ListAllMyBuckets action$/),
    );
    const plain = sessionIn(await as(keys).sts.getSessionToken());
    await expect(ask(plain)).rejects.toThrow(refusal("AccessDenied", "no identity-based policy"));
    const code = { SerialNumber, TokenCode: codeOf(seed) };
    await ask(sessionIn(await as(keys).sts.getSessionToken(code)));
  });

  test("a Deny with Bool false stops a session without a code, but not access keys", async () => {
    const denyFalse = {
      Effect: "Deny",
      Action: "s3:*",
      Resource: "*",
      Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
    };
    const keys = await user("dave", ALL, denyFalse);
    await ask(keys);
    const plain = sessionIn(await as(keys).sts.getSessionToken());
    await expect(ask(plain)).rejects.toThrow(
      refusal("AccessDenied", "with an explicit deny in an identity-based policy"),
    );
  });

  test("a session without a code cannot call IAM or GetSessionToken", async () => {
    const keys = await user("dave", ALL);
    const plain = as(sessionIn(await as(keys).sts.getSessionToken()));
    await expect(plain.iam.listUsers()).rejects.toThrow(refusal("InvalidClientTokenId", ""));
    await expect(plain.sts.getSessionToken()).rejects.toThrow(
      refusal("AccessDenied", "Cannot call GetSessionToken with session credentials"),
    );
    await plain.sts.getCallerIdentity();
  });

  test("a role session carries false, even with a code, and lasts at most an hour with role chaining", async () => {
    const { keys, SerialNumber, seed } = await alice();
    const { iam } = as();
    const RoleArn = await role("ops", THE_ACCOUNT, { MaxSessionDuration: 7200 });
    const PolicyDocument = policy(
      { ...ALL, Condition: NEEDS_MFA },
      { ...ALL, Action: "iam:ListUsers", Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } },
      { ...ALL, Action: "sts:*" },
    );
    await iam.putRolePolicy({ RoleName: "ops", PolicyName: "own", PolicyDocument });
    const assume = (by: Keys, more: object) =>
      as(by).sts.assumeRole({ RoleArn, RoleSessionName: "a", ...more });
    const session = sessionIn(
      await assume(keys, { SerialNumber, TokenCode: codeOf(seed), DurationSeconds: 7200 }),
    );
    await expect(ask(session)).rejects.toThrow(
      refusal("AccessDenied", "assumed-role/ops/a is not authorized"),
    );
    await as(session).iam.listUsers();
    await expect(assume(session, { DurationSeconds: 7200 })).rejects.toThrow(
      refusal("ValidationError", "exceeds the 1 hour session limit for roles assumed by role chaining"),
    );
    await assume(session, { DurationSeconds: 3600 });
    await expect(assume(keys, { DurationSeconds: 7201 })).rejects.toThrow(
      refusal("ValidationError", "exceeds the MaxSessionDuration set for this role"),
    );
  });

  test("root cannot assume a role", async () => {
    const RoleArn = await role("ops", THE_ACCOUNT);
    await expect(as().sts.assumeRole({ RoleArn, RoleSessionName: "a" })).rejects.toThrow(
      refusal("AccessDenied", "Roles may not be assumed by root accounts."),
    );
  });

  test("a federated user may do what both the session policy and the user allow, but not call IAM", async () => {
    const keys = await user("carol", ALL);
    const { sts } = as(keys);
    const token = async (more: object) => sessionIn(await sts.getFederationToken({ Name: "guest", ...more }));
    const session = await token({ Policy: policy({ ...ALL, Action: "s3:ListAllMyBuckets" }) });
    await ask(session);
    await expect(as(session).iam.listUsers()).rejects.toThrow(refusal("InvalidClientTokenId", ""));
    await expect(ask(await token({}))).rejects.toThrow(refusal("AccessDenied", "federated-user/guest"));
  });

  test("a web identity token gets the role that trusts it, and another subject's token does not", async () => {
    const iss = "https://accounts.google.com";
    await as().iam.createOpenIDConnectProvider({
      Url: iss,
      ClientIDList: ["sts.amazonaws.com"],
      ThumbprintList: ["0".repeat(40)],
    });
    const host = iss.slice("https://".length);
    const RoleArn = await role("ci", {
      Principal: { Federated: `arn:aws:iam::${LOCAL_ACCOUNT}:oidc-provider/${host}` },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [`${host}:sub`]: "110169484474386276334" } },
    });
    const assume = (sub: string) =>
      as().sts.assumeRoleWithWebIdentity({
        RoleArn,
        RoleSessionName: "ci",
        WebIdentityToken: aws.webIdentityToken({ iss, sub, aud: "sts.amazonaws.com" }),
      });
    const session = sessionIn(await assume("110169484474386276334"));
    expect((await as(session).sts.getCallerIdentity()).Arn).toMatch(/assumed-role\/ci\/ci$/);
    await expect(assume("another")).rejects.toThrow(refusal("AccessDenied", ""));
  });
});

describe("policies", () => {
  const buckets = (keys: Keys) => as(keys).s3.listBuckets();
  const explicit = (kind: string) =>
    refusal("AccessDenied", new RegExp(` with an explicit deny in an? ${kind}$`));

  test("of a group apply to its members, with the caller's policy variables", async () => {
    const { iam } = as();
    const alice = await user("alice", ALL);
    await user("bob");
    await iam.createGroup({ GroupName: "MFA" });
    const NotResource = `arn:aws:iam::${LOCAL_ACCOUNT}:user/${"$"}{aws:username}`;
    const PolicyDocument = policy({ Effect: "Deny", Action: "*", NotResource });
    await iam.putGroupPolicy({ GroupName: "MFA", PolicyName: "deny", PolicyDocument });
    await buckets(alice);
    await iam.addUserToGroup({ GroupName: "MFA", UserName: "alice" });
    await expect(buckets(alice)).rejects.toThrow(explicit("identity-based policy"));
    await as(alice).iam.listAccessKeys();
    await expect(as(alice).iam.listAccessKeys({ UserName: "bob" })).rejects.toThrow(
      refusal(
        "AccessDenied",
        /not authorized to perform: iam:ListAccessKeys on resource: user bob with an explicit/,
      ),
    );
  });

  test("take effect only after the delay that a test sets", async () => {
    const alice = as(await user("alice", { ...ALL, Action: "s3:*" }));
    aws.faults.policyDelayMs = 3_600_000;
    const RoleArn = await role("reader", THE_ACCOUNT);
    const put = { UserName: "alice", PolicyName: "own", PolicyDocument: policy({ ...ALL, Action: "sts:*" }) };
    await as().iam.putUserPolicy(put);
    const assume = () => alice.sts.assumeRole({ RoleArn, RoleSessionName: "late" });
    await expect(assume()).rejects.toThrow(refusal("AccessDenied", "sts:AssumeRole"));
    await alice.s3.listBuckets();
    aws.faults.settle();
    await assume();
    await expect(alice.s3.listBuckets()).rejects.toThrow(refusal("AccessDenied", "s3:"));
  });

  test("a permissions boundary limits its user or role", async () => {
    const { iam } = as();
    const alice = await user("alice", ALL);
    const { Policy } = await iam.createPolicy({
      PolicyName: "iam-only",
      PolicyDocument: policy({ ...ALL, Action: "iam:*" }),
    });
    const PermissionsBoundary = Policy?.Arn;
    const RoleArn = await role("ops", THE_ACCOUNT, { PermissionsBoundary });
    await iam.putRolePolicy({ RoleName: "ops", PolicyName: "own", PolicyDocument: policy(ALL) });
    const session = sessionIn(await as(alice).sts.assumeRole({ RoleArn, RoleSessionName: "a" }));
    await iam.putUserPermissionsBoundary({ UserName: "alice", PermissionsBoundary });
    for (const keys of [alice, session]) {
      await as(keys).iam.listUsers();
      await expect(buckets(keys)).rejects.toThrow(
        refusal("AccessDenied", "because no permissions boundary allows the s3:ListAllMyBuckets action"),
      );
    }
  });

  test("a bucket policy denies an administrator and root, and allows another account whose own policies allow it", async () => {
    const { s3 } = as();
    const Bucket = "quarterly-reports";
    await s3.createBucket({ Bucket });
    await s3.putObject({ Bucket, Key: "q1", Body: "text" });
    const alice = await user("alice", ALL);
    const Resource = `arn:aws:s3:::${Bucket}/*`;
    const withPolicy = (statement: object) =>
      s3.putBucketPolicy({ Bucket, Policy: policy({ Principal: "*", Resource, ...statement }) });
    const read = (keys: Keys) => as(keys).s3.getObject({ Bucket, Key: "q1" });
    await read(alice);
    await withPolicy({ Effect: "Deny", Action: "s3:GetObject" });
    await expect(read(alice)).rejects.toThrow(explicit("resource-based policy"));
    await expect(s3.getObject({ Bucket, Key: "q1" })).rejects.toThrow(explicit("resource-based policy"));
    const other = aws.rootOf("444455556666");
    await expect(read(other)).rejects.toThrow(refusal("AccessDenied", ""));
    await withPolicy({ Effect: "Allow", Action: "s3:GetObject", Principal: { AWS: "444455556666" } });
    await read(other);
  });

  test("a trust policy lets in users of the account it names, if they may assume roles themselves", async () => {
    const there = as(aws.rootOf("444455556666"));
    await there.iam.createUser({ UserName: "eve" });
    const { id, secret } = await newKeys(there.iam, "eve");
    const eve = as({ accessKeyId: id, secretAccessKey: secret });
    const RoleArn = await role("shared", { Principal: { AWS: "arn:aws:iam::444455556666:root" } });
    const assume = () => eve.sts.assumeRole({ RoleArn, RoleSessionName: "a" });
    await expect(assume()).rejects.toThrow(
      refusal(
        "AccessDenied",
        /^User: arn:aws:iam::444455556666:user\/eve is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role\/shared$/,
      ),
    );
    const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    await there.iam.attachUserPolicy({ UserName: "eve", PolicyArn });
    await assume();
    const none = await role("closed", { Principal: { AWS: "arn:aws:iam::111122223333:root" } });
    const closed = { RoleArn: none, RoleSessionName: "a" };
    await expect(eve.sts.assumeRole(closed)).rejects.toThrow(refusal("AccessDenied", "role/closed$"));
  });

  test("SCPs limit callers in a member account, including its root; RCPs limit access to its resources", async () => {
    const { organizations } = as();
    await organizations.createOrganization();
    const { CreateAccountStatus } = await organizations.createAccount({
      AccountName: "member",
      Email: "member@example.com",
    });
    const TargetId = CreateAccountStatus?.AccountId ?? "";
    const root = aws.rootOf(TargetId);
    const attach = async (Type: "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY", statement: object) => {
      const { Policy } = await organizations.createPolicy({
        Type,
        Name: Type,
        Description: "",
        Content: policy(statement),
      });
      await organizations.attachPolicy({ PolicyId: Policy?.PolicySummary?.Id, TargetId });
    };
    await buckets(root);
    await attach("SERVICE_CONTROL_POLICY", { Effect: "Deny", Action: "s3:ListAllMyBuckets", Resource: "*" });
    await expect(buckets(root)).rejects.toThrow(explicit("service control policy"));
    await buckets(await user("alice", ALL));
    const administrator = await user("administrator", ALL);
    const RoleArn = `arn:aws:iam::${TargetId}:role/OrganizationAccountAccessRole`;
    const assume = () => as(administrator).sts.assumeRole({ RoleArn, RoleSessionName: "a" });
    await assume();
    await attach("RESOURCE_CONTROL_POLICY", {
      Effect: "Deny",
      Principal: "*",
      Action: "sts:*",
      Resource: "*",
    });
    await expect(assume()).rejects.toThrow(explicit("resource control policy"));
  });
});

describe("limits", () => {
  test("lists are cut to pages, by default of 100", async () => {
    const { iam } = as();
    for (let n = 0; n < 105; n++)
      await iam.createUser({ UserName: `user-${n}`, Tags: [{ Key: "n", Value: `${n}` }] });
    const first = await iam.listUsers();
    expect([first.Users?.length, first.IsTruncated]).toEqual([100, true]);
    const names: string[] = [];
    for await (const page of iam.paginateListUsers({}, { pageSize: 50 })) {
      expect(page.Users?.length).toBeLessThanOrEqual(50);
      names.push(...(page.Users ?? []).map(({ UserName = "" }) => UserName));
    }
    expect(new Set(names).size).toBe(105);
  });

  test("a user with access keys and a device in use cannot be deleted", async () => {
    const { iam } = as();
    await user("alice");
    const { SerialNumber } = await device("alice");
    const conflict = refusal("DeleteConflict", "^Cannot delete entity, must delete access keys first.$");
    await expect(iam.deleteUser({ UserName: "alice" })).rejects.toThrow(conflict);
    await expect(iam.deleteVirtualMFADevice({ SerialNumber })).rejects.toThrow(
      refusal("DeleteConflict", "^MFA VirtualDevice in use. Must deactivate first.$"),
    );
    await iam.deactivateMFADevice({ UserName: "alice", SerialNumber });
    await iam.deleteVirtualMFADevice({ SerialNumber });
  });

  test("a group with a member or a policy, and an attached policy, cannot be deleted", async () => {
    const { iam } = as();
    await user("alice");
    const member = { GroupName: "MFA", UserName: "alice" };
    await iam.createGroup(member);
    const { Policy } = await iam.createPolicy({ PolicyName: "all", PolicyDocument: policy(ALL) });
    const attached = { GroupName: "MFA", PolicyArn: Policy?.Arn };
    await iam.addUserToGroup(member);
    await iam.attachGroupPolicy(attached);
    const conflict = (message: string) => refusal("DeleteConflict", message);
    await expect(iam.deleteGroup(member)).rejects.toThrow(conflict("must remove users from group first"));
    await iam.removeUserFromGroup(member);
    await expect(iam.deleteGroup(member)).rejects.toThrow(conflict("must detach all policies first"));
    await expect(iam.deletePolicy(attached)).rejects.toThrow(conflict("^Cannot delete a policy attached"));
    await iam.detachGroupPolicy(attached);
    await iam.deletePolicy(attached);
    await iam.deleteGroup(member);
  });

  test("a missing user, group or policy gets AWS's NoSuchEntity", async () => {
    const { iam } = as();
    const PolicyArn = `arn:aws:iam::${LOCAL_ACCOUNT}:policy/nothing`;
    const nothing = { UserName: "nobody", GroupName: "nothing", PolicyArn };
    for (const call of [
      () => iam.createAccessKey(nothing),
      () => iam.deleteUser(nothing),
      () => iam.deleteGroup(nothing),
      () => iam.deletePolicy(nothing),
    ]) {
      await expect(call()).rejects.toThrow(
        refusal("NoSuchEntity", "cannot be found|not found|does not exist"),
      );
    }
  });

  test("a third access key is refused", async () => {
    await user("alice");
    await keysOf("alice");
    await expect(as().iam.createAccessKey({ UserName: "alice" })).rejects.toThrow(
      refusal("LimitExceeded", "AccessKeysPerUser: 2"),
    );
  });

  test("a session that is too short or too long is refused", async () => {
    const alice = await user("alice");
    for (const DurationSeconds of [899, 129_601]) {
      const asked = { DurationSeconds };
      await expect(as(alice).sts.getSessionToken(asked)).rejects.toThrow(
        refusal("ValidationError", "durationSeconds"),
      );
    }
  });

  test("a call is throttled when a test asks for it", async () => {
    aws.faults.throttleNext(1);
    await expect(as().iam.getUser({ UserName: "alice" })).rejects.toThrow(
      refusal("Throttling", "Rate exceeded"),
    );
    await as().iam.listUsers();
  });
});

test("a call that is not supported is refused by name", async () => {
  await expect(as().s3.getBucketAcl({ Bucket: "any" })).rejects.toThrow(
    refusal("NotInLocalAws", "does not support the S3 call GET acl"),
  );
  await expect(as().sts.getAccessKeyInfo({ AccessKeyId: "AKIAIOSFODNN7EXAMPLE" })).rejects.toThrow(
    refusal("NotInLocalAws", "does not support the call sts:GetAccessKeyInfo"),
  );
});

test("the AWS CLI can call the local AWS, and prints its answers and errors", async () => {
  const home = await mkdtemp(join(tmpdir(), "aws-mfa-home-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await user("alice", ALL, {
    Effect: "Deny",
    Action: "s3:*",
    Resource: "*",
    Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
  });
  const member = await settleIn(home, await newKeys(as().iam, "alice"), aws.endpoint);
  const run = async (...args: string[]) => (await awsCli(args, member)).printed;
  expect(await run("sts", "get-caller-identity", "--query", "Arn", "--output", "text")).toContain(
    ":user/alice",
  );
  expect(await run("cloudtrail", "lookup-events")).toContain('"EventName": "GetCallerIdentity"');
  expect(await run("s3", "ls")).toContain(
    "An error occurred (AccessDenied) when calling the ListBuckets operation: User: " +
      `arn:aws:iam::${LOCAL_ACCOUNT}:user/alice is not authorized to perform: s3:ListAllMyBuckets ` +
      "with an explicit deny in an identity-based policy",
  );
});

describe("CloudTrail's log files", () => {
  test("contain each call with its caller, MFA and error, and no MFA code", async () => {
    const keys = await user("alice", ALL);
    const { SerialNumber, seed } = await device("alice");
    const RoleArn = await role("ops", THE_ACCOUNT);
    const code = codeOf(seed);
    const assume = { RoleArn, RoleSessionName: "a", SerialNumber, TokenCode: code };
    const session = sessionIn(await as(keys).sts.assumeRole(assume));
    await expect(as(keys).sts.assumeRole(assume)).rejects.toThrow();
    await expect(as(session).s3.listBuckets()).rejects.toThrow();
    const withCode = { SerialNumber, TokenCode: codeOf(seed) };
    await as(sessionIn(await as(keys).sts.getSessionToken(withCode))).iam.listUsers();

    const folder = await mkdtemp(join(tmpdir(), "aws-mfa-trail-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const [file = ""] = await aws.writeEvents(folder);
    expect(file.slice(folder.length)).toMatch(
      /^\/AWSLogs\/123456789012\/CloudTrail\/us-east-1\/\d{4}\/\d\d\/\d\d\/123456789012_CloudTrail_us-east-1_\d{8}T\d{4}Z_\w{16}\.json\.gz$/,
    );
    const text = gunzipSync(await readFile(file)).toString("utf8");
    const { Records } = JSON.parse(text);
    const seen = (name: string) =>
      Records.filter(({ eventName }: { eventName: string }) => eventName === name);
    const byAlice = { type: "IAMUser", userName: "alice", accessKeyId: keys.accessKeyId };
    const requestParameters = { roleArn: RoleArn, serialNumber: SerialNumber, roleSessionName: "a" };
    const errorMessage = expect.stringContaining("invalid MFA one time pass code");
    expect(seen("AssumeRole")).toMatchObject([
      { userIdentity: byAlice, requestParameters },
      { userIdentity: byAlice, requestParameters, errorCode: "AccessDenied", errorMessage },
    ]);
    const attributes = (mfaAuthenticated: string) => ({
      sessionContext: { attributes: { mfaAuthenticated } },
    });
    expect(seen("ListBuckets")).toMatchObject([
      { errorCode: "AccessDenied", userIdentity: { type: "AssumedRole", ...attributes("false") } },
    ]);
    expect(seen("ListUsers")).toMatchObject([{ userIdentity: { type: "IAMUser", ...attributes("true") } }]);
    expect(text).not.toContain(`"${code}"`);
  });
});
