// What the dynamic providers share. It precedes the code of each: the state holds both texts, and the engine runs them in a process of
// their own, also for a `destroy` without the program. So this is plain JavaScript without imports from this package.

// On older Node versions the AWS SDK warns about future requirements, which nobody can act on during a `destroy`.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const iam = require("@aws-sdk/client-iam");
const { GetCallerIdentityCommand, STSClient } = require("@aws-sdk/client-sts");
const { fromTemporaryCredentials } = require("@aws-sdk/credential-providers");

/** @type {(key: string) => string | undefined} */
let setting = () => undefined;

async function configure({ config }) {
  setting = (key) => config.get(`aws:${key}`);
}

/** Calls `work` with a function that sends a command to IAM, a function that gives the credentials, and the ARN of their owner. */
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

/** The AWS provider may use other credentials than this client. A user of the same name in another account is another user. */
async function callerIn(account, settings) {
  const client = new STSClient(settings);
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    if (Account === account) return Arn;
    throw new Error(
      `The AWS provider is in account ${account}, but the credentials of this run belong to account ${Account}. ` +
        `Fix: run it with credentials of account ${account}.`,
    );
  } finally {
    client.destroy();
  }
}

/** The response, or `undefined` if the entity does not exist. */
async function unlessGone(response) {
  try {
    return await response;
  } catch (error) {
    if (error instanceof iam.NoSuchEntityException) return undefined;
    throw error;
  }
}

/** The user's active credentials, as text. */
async function activeCredentials(send, UserName) {
  const keys = await unlessGone(send(new iam.ListAccessKeysCommand({ UserName })));
  const password = await unlessGone(send(new iam.GetLoginProfileCommand({ UserName })));
  const active = (keys?.AccessKeyMetadata ?? []).filter(({ Status }) => Status === "Active");
  return [
    ...active.map(({ AccessKeyId }) => `access key ${AccessKeyId}`),
    ...(password ? ["a password"] : []),
  ];
}

/**
 * The keys of what the program still has. The engine checks what the program registers, and deletes afterwards: what is deleted although
 * it was checked was only replaced (`pulumi up --replace`), now or by an update that was killed, and its delete must do nothing. A
 * resource that is deleted before it is replaced is deleted before it is checked. All versions of this code in a process share the set.
 */
const REGISTERED = Symbol.for("aws-mfa-stack:registered");
globalThis[REGISTERED] ??= new Set();
const registered = globalThis[REGISTERED];

/**
 * The provider of a resource that creates nothing in AWS and acts when it is deleted.
 *
 * @param of `idOf`: its id in the state; `keyOf`: what identifies it in this process; `compared`: the inputs whose change is an update;
 * `replacing`: those whose change replaces it; `failuresOf`: why an update is refused; `remove`: what its deletion does
 */
function resource({ idOf, keyOf, compared, replacing = [], failuresOf = async () => [], remove }) {
  return {
    configure,

    async check(old, inputs) {
      registered.add(keyOf(inputs));
      return { inputs, failures: await failuresOf(old, inputs) };
    },

    async create(inputs) {
      return { id: idOf(inputs), outs: inputs };
    },

    async diff(_id, old, next) {
      const changes = [...compared, "region", "account", "__provider", "aws"].some(
        (key) => JSON.stringify(old[key]) !== JSON.stringify(next[key]),
      );
      const replaces = replacing.filter((key) => old[key] !== next[key]);
      return { changes, replaces, deleteBeforeReplace: replacing.length > 0 };
    },

    async update(_id, _old, next) {
      return { outs: next };
    },

    async delete(_id, inputs) {
      if (!registered.has(keyOf(inputs))) await remove(inputs);
    },
  };
}

/** The region, credentials and endpoints of the `aws` configuration; the AWS SDK finds the rest in its environment. */
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

exports.shared = { activeCredentials, resource, unlessGone, withIam };
