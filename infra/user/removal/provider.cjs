// The code that takes a device off its user and deletes it. The engine keeps this text in the state and runs it in a process of
// its own, also for a `destroy` without the program: plain JavaScript, and nothing but what it requires here.

// On an older Node the AWS SDK announces which one it will want. Whoever runs `destroy` cannot do anything about it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const {
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  IAMClient,
  NoSuchEntityException,
} = require("@aws-sdk/client-iam");
const { fromTemporaryCredentials } = require("@aws-sdk/credential-providers");

/** @returns {import("@pulumi/pulumi").dynamic.ResourceProvider} */
exports.handler = () => {
  /** @type {(key: string) => string | undefined} */
  let setting = () => undefined;

  return {
    async configure({ config }) {
      setting = (key) => config.get(`aws:${key}`);
    },

    async create(inputs) {
      return { id: inputs.serialNumber, outs: inputs };
    },

    async diff(_id, old, next) {
      const replaces = ["serialNumber", "userName"].filter((key) => old[key] !== next[key]);
      const changes = replaces.length > 0 || ["region", "__provider"].some((key) => old[key] !== next[key]);
      return { changes, replaces, deleteBeforeReplace: true };
    },

    async update(_id, _old, next) {
      return { outs: next };
    },

    async delete(_id, { serialNumber, userName, region }) {
      const client = new IAMClient(clientSettings(setting, region));
      try {
        await unlessGone(
          client.send(new DeactivateMFADeviceCommand({ SerialNumber: serialNumber, UserName: userName })),
        );
        await unlessGone(client.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: serialNumber })));
      } finally {
        client.destroy();
      }
    },
  };
};

/**
 * Never enabled, deactivated or deleted already, or the user is gone: nothing is left to do.
 *
 * @param {Promise<unknown>} call
 */
async function unlessGone(call) {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof NoSuchEntityException)) throw error;
  }
}

/**
 * Who is asking, and where: the `aws` configuration, else what the AWS SDK finds in its environment.
 *
 * @param {(key: string) => string | undefined} setting
 * @param {string} region
 * @returns {import("@aws-sdk/client-iam").IAMClientConfig}
 */
function clientSettings(setting, region) {
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
  return { ...here, ...(credentials && { credentials }), ...(endpoint.iam && { endpoint: endpoint.iam }) };
}
