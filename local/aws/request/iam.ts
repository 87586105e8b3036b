import { found } from "../../provider/found";
import type { Account } from "../account";
import type { Caller } from "../caller";
import type { Context } from "../context";
import { unsupported } from "./call";
import { type Question, resourceTypesOf } from "./question";

/** The actions that default to the calling user. */
const OWN_BY_DEFAULT = new Set([
  "ChangePassword",
  "CreateAccessKey",
  "DeleteAccessKey",
  "GetUser",
  "ListAccessKeys",
  "ListMFADevices",
  "ListSSHPublicKeys",
  "ListServiceSpecificCredentials",
  "ListSigningCertificates",
  "UpdateAccessKey",
]);

/** The parameters, with the calling user if the action defaults to it. */
export function withOwnUser(action: string, parameters: URLSearchParams, caller: Caller): URLSearchParams {
  const isOfAll = parameters.has("UserName") || parameters.get("AllUsers") === "true";
  if (caller.kind !== "user" || isOfAll || !OWN_BY_DEFAULT.has(action)) return parameters;
  return new URLSearchParams([...parameters, ["UserName", caller.name]]);
}

/**
 * What an IAM call requests.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export async function iamQuestion(
  action: string,
  parameters: URLSearchParams,
  account: Account,
): Promise<Question> {
  const types = await resourceTypesOf("iam", action);
  const context = contextOf(parameters);
  const asked = { action: `iam:${action}`, account: account.id, context };
  if (types.length === 0) return { ...asked, resource: "*", named: "*" };
  for (const type of types) {
    const about = await resourceOf(type, parameters, account);
    if (about) return { ...asked, resource: about.arn, named: about.named };
  }
  // Without a name, moto returns the error, if the caller may call the action at all.
  if (types.includes("user"))
    return { ...asked, resource: `arn:aws:iam::${account.id}:user/default_user`, named: "*" };
  throw unsupported(`iam:${action} on a resource of type ${types.join(" or ")}`);
}

interface About {
  readonly arn: string;
  readonly named: string;
}

async function resourceOf(
  type: string,
  parameters: URLSearchParams,
  { id, iam }: Account,
): Promise<About | "" | undefined> {
  const of = (name: string) => parameters.get(name) || undefined;
  const arnOf = (kind: string, name: string) => `arn:aws:iam::${id}:${kind}${of("Path") ?? "/"}${name}`;
  const itself = (arn: string | undefined) => arn && { arn, named: arn };
  /** The ARN of an existing entity has its path. */
  const entity = async (name: string | undefined, get: (name: string) => Promise<string | undefined>) =>
    name && { arn: (await found(get(name))) ?? arnOf(type, name), named: `${type} ${name}` };
  switch (type) {
    case "user": {
      const key = of("AccessKeyId");
      const name =
        of("UserName") ?? (key && (await found(iam.getAccessKeyLastUsed({ AccessKeyId: key })))?.UserName);
      return entity(name, async (UserName) => (await iam.getUser({ UserName })).User?.Arn);
    }
    case "group":
      return entity(of("GroupName"), async (GroupName) => (await iam.getGroup({ GroupName })).Group?.Arn);
    case "role": {
      const service = of("AWSServiceName");
      if (service) return itself(`arn:aws:iam::${id}:role/aws-service-role/${service}/${service}`);
      return entity(of("RoleName"), async (RoleName) => (await iam.getRole({ RoleName })).Role?.Arn);
    }
    case "policy": {
      const arn = of("PolicyArn");
      const name = of("PolicyName");
      if (arn) return { arn, named: `policy ${arn}` };
      return name && { arn: arnOf("policy", name), named: `policy ${name}` };
    }
    case "mfa": {
      const name = of("VirtualMFADeviceName");
      return itself(of("SerialNumber") ?? (name && arnOf("mfa", name)));
    }
    case "instance-profile": {
      const name = of("InstanceProfileName");
      return name && { arn: arnOf("instance-profile", name), named: `instance profile ${name}` };
    }
    case "oidc-provider": {
      const host = of("Url")?.replace(/^https:\/\//, "");
      return itself(of("OpenIDConnectProviderArn") ?? (host && `arn:aws:iam::${id}:oidc-provider/${host}`));
    }
    case "saml-provider": {
      const name = of("Name");
      return itself(of("SAMLProviderArn") ?? (name && `arn:aws:iam::${id}:saml-provider/${name}`));
    }
    default:
      return undefined;
  }
}

function contextOf(parameters: URLSearchParams): Context {
  const policy = parameters.get("PolicyArn");
  const boundary = parameters.get("PermissionsBoundary");
  return {
    ...(policy && { "iam:PolicyARN": policy }),
    ...(boundary && { "iam:PermissionsBoundary": boundary }),
    ...tagsIn(parameters),
  };
}

/** The condition keys of the tags in a call. */
export function tagsIn(parameters: URLSearchParams): Context {
  const keys = [...parameters].filter(([name]) => /^Tags\.member\.\d+\.Key$/.test(name));
  if (keys.length === 0) return {};
  return {
    "aws:TagKeys": keys.map(([, key]) => key),
    ...Object.fromEntries(
      keys.map(([name, key]) => [
        `aws:RequestTag/${key}`,
        parameters.get(name.replace(/Key$/, "Value")) ?? "",
      ]),
    ),
  };
}
