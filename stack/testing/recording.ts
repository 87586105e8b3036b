import * as pulumi from "@pulumi/pulumi";
import { mfaAccess, type StackOutputs } from "../stack";

/** A registered resource. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** The reference of its provider; empty for the default one. */
  readonly provider: string;
  readonly secretOutputs: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

export interface Recording {
  readonly outputs: StackOutputs;
  readonly resources: readonly Recorded[];
}

const ACCOUNT = "111122223333";

interface Surroundings {
  readonly partition?: string;
  /** The ARNs of existing users, by name. */
  readonly users?: Readonly<Record<string, string>>;
  /** The ARN of the caller who runs the program. */
  readonly caller?: string;
}

/**
 * Runs the stack's program without an engine and records what it registers.
 *
 * @param config values of the project's namespace
 * @throws the program's error, which must come before it registers a resource
 */
export async function record(
  config: Record<string, unknown>,
  surroundings: Surroundings = {},
): Promise<Recording> {
  const { partition = "aws", users = {}, caller = `arn:aws:iam::${ACCOUNT}:root` } = surroundings;
  const resources: Recorded[] = [];
  const options = new Map<string, Pick<Recorded, "secretOutputs" | "deleteBeforeReplace">>();
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        const { type, name, inputs, provider = "" } = args;
        const { secretOutputs = [], deleteBeforeReplace = false } = options.get(`${type} ${name}`) ?? {};
        if (type !== "pulumi:pulumi:Stack") {
          resources.push({ type, name, inputs, provider, secretOutputs, deleteBeforeReplace });
        }
        return { id: name, state: { ...inputs, ...computed(type, inputs, partition) } };
      },
      call({ token, inputs }) {
        switch (token) {
          case "aws:index/getCallerIdentity:getCallerIdentity":
            return { accountId: ACCOUNT, arn: caller };
          case "aws:index/getPartition:getPartition":
            return { partition };
          case "aws:index/getRegion:getRegion":
            return { region: "eu-central-1" };
          case "aws:iam/getUser:getUser": {
            const arn = users[inputs.userName];
            if (arn === undefined) {
              // gRPC errors have their message in `details`.
              const details = `NoSuchEntity: The user with name ${inputs.userName} cannot be found.`;
              throw Object.assign(new Error(details), { details });
            }
            return { arn };
          }
          default:
            throw new Error(`the program called ${token}, for which there is no answer`);
        }
      },
    },
    "aws-mfa-stack",
    "dev",
    false,
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        `aws-mfa-stack:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );

  let ran: Promise<StackOutputs> | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
      const { additionalSecretOutputs = [], deleteBeforeReplace = false }: pulumi.CustomResourceOptions =
        opts;
      options.set(`${type} ${name}`, { secretOutputs: additionalSecretOutputs, deleteBeforeReplace });
      return undefined;
    });
    ran = mfaAccess();
    await Promise.allSettled([ran]);
  });
  // Registrations continue after the program ends; this waits for the last one.
  await pulumi.runtime.disconnect();
  if (ran === undefined) throw new Error("the program did not run");
  try {
    return { outputs: await ran, resources };
  } catch (error) {
    if (resources.length > 0)
      throw new Error("the program registered resources before it refused", { cause: error });
    throw error;
  }
}

/** The value of an output, secrets included. */
export function valueIn<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply((value) => resolve(value)));
}

function computed(type: string, inputs: Record<string, unknown>, partition: string): Record<string, unknown> {
  const arn = (kind: string, name: unknown) => ({ arn: `arn:${partition}:iam::${ACCOUNT}:${kind}/${name}` });
  switch (type) {
    case "aws:iam/group:Group":
      return arn("group", inputs.name);
    case "aws:iam/policy:Policy":
      return arn("policy", inputs.name);
    case "aws:iam/role:Role":
      return arn("role", inputs.name);
    case "aws:iam/virtualMfaDevice:VirtualMfaDevice":
      return {
        ...arn("mfa", `${String(inputs.path ?? "/").slice(1)}${inputs.virtualMfaDeviceName}`),
        base32StringSeed: `seed of ${inputs.virtualMfaDeviceName}`,
        qrCodePng: `picture of ${inputs.virtualMfaDeviceName}`,
      };
    default:
      return {};
  }
}
