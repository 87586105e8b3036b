// What the stack's dynamic providers have in common: it stands before the code of each. The engine keeps both texts in the state
// and runs them in a process of its own, also for a `destroy` without the program: plain JavaScript, and nothing but what it requires.

// On an older Node the AWS SDK announces which one it will want. Whoever runs `destroy` cannot do anything about it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const iam = require("@aws-sdk/client-iam");
const { GetCallerIdentityCommand, STSClient } = require("@aws-sdk/client-sts");
const { fromTemporaryCredentials } = require("@aws-sdk/credential-providers");

/** @type {(key: string) => string | undefined} */
let setting = () => undefined;

async function configure({ config }) {
  setting = (key) => config.get(`aws:${key}`);
}

/** Does `work` with a function that sends one command to IAM, one that gives the credentials it does so with, and the ARN of who has them. */
async function withIam({ region, account }, work) {
  const { sts, ...settings } = clientSettings(region);
  const client = new iam.IAMClient(settings);
  try {
    const caller = account && (await callerIn(account, { ...settings, endpoint: sts }));
    return await work((command) => client.send(command), client.config.credentials, caller);
  } finally {
    client.destroy();
  }
}

/** The AWS provider may sign in another way than this. A user of the same name in another account is somebody else. */
async function callerIn(account, settings) {
  const client = new STSClient(settings);
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    if (Account === account) return Arn;
    throw new Error(
      `The AWS provider is in account ${account}, and the credentials of this run are of account ${Account}. ` +
        "Users and MFA devices are let go with the latter. Fix: run it with credentials of the provider's account.",
    );
  } finally {
    client.destroy();
  }
}

/** The answer; `undefined` where AWS has no such thing (any more). */
async function unlessGone(answer) {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof iam.NoSuchEntityException) return undefined;
    throw error;
  }
}

/** What a user can sign in with. */
async function waysIn(send, UserName) {
  const keys = await unlessGone(send(new iam.ListAccessKeysCommand({ UserName })));
  const password = await unlessGone(send(new iam.GetLoginProfileCommand({ UserName })));
  const active = (keys?.AccessKeyMetadata ?? []).filter(({ Status }) => Status === "Active");
  return [
    ...active.map(({ AccessKeyId }) => `access key ${AccessKeyId}`),
    ...(password ? ["a password"] : []),
  ];
}

/** Whether a resource has other values than before in one of these, or other code. */
function differs(old, next, keys) {
  return [...keys, "region", "account", "__provider", "aws"].some(
    (key) => JSON.stringify(old[key]) !== JSON.stringify(next[key]),
  );
}

/**
 * What the program still has. The engine checks what the program registers, and deletes after that: what was checked and is deleted all
 * the same was only replaced (`pulumi up --replace`), now or by an update that was killed, and nothing may be done for it. What is
 * replaced by deleting it first is deleted before it is checked. Every version of this code in a process has the same set.
 */
const REGISTERED = Symbol.for("aws-mfa-stack:registered");
globalThis[REGISTERED] ??= new Set();
const registered = globalThis[REGISTERED];

/** Who is asking, and where: the `aws` configuration, else what the AWS SDK finds in its environment. */
function clientSettings(region) {
  const profile = setting("profile");
  const accessKeyId = setting("accessKey");
  const secretAccessKey = setting("secretKey");
  const sessionToken = setting("token");
  const [endpoint = {}] = JSON.parse(setting("endpoints") ?? "[]");
  const roles = JSON.parse(setting("assumeRoles") ?? "[]");

  const here = { region, ...(profile && { profile }) };
  const keys =
    accessKeyId && secretAccessKey
      ? { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
      : undefined;
  const credentials = roles.reduce(
    (masterCredentials, { roleArn, sessionName = "aws-mfa-stack", externalId }) =>
      fromTemporaryCredentials({
        ...(masterCredentials && { masterCredentials }),
        params: {
          RoleArn: roleArn,
          RoleSessionName: sessionName,
          ...(externalId && { ExternalId: externalId }),
        },
        clientConfig: { ...here, ...(endpoint.sts && { endpoint: endpoint.sts }) },
      }),
    keys,
  );
  return {
    ...here,
    ...(credentials && { credentials }),
    ...(endpoint.iam && { endpoint: endpoint.iam }),
    sts: endpoint.sts,
  };
}

exports.shared = { configure, differs, registered, unlessGone, waysIn, withIam };
