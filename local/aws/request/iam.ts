import { found } from "../../provider/found";
import type { Account } from "../account";
import type { Caller } from "../caller";
import type { Context } from "../context";
import { unmapped } from "./call";
import { type Question, resourceTypesOf } from "./question";

/** The calls that are about the caller where they name no user. */
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

/** The same parameters, with the user whom the call leaves out. */
export function withOwnUser(action: string, parameters: URLSearchParams, caller: Caller): URLSearchParams {
  const isOfAll = parameters.has("UserName") || parameters.get("AllUsers") === "true";
  if (caller.kind !== "user" || isOfAll || !OWN_BY_DEFAULT.has(action)) return parameters;
  return new URLSearchParams([...parameters, ["UserName", caller.name]]);
}

/**
 * What a call of IAM asks for.
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
  // Without its name moto says what is wrong with the call; whoever may not do it at all is refused before.
  if (types.includes("user"))
    return { ...asked, resource: `arn:aws:iam::${account.id}:user/default_user`, named: "*" };
  throw unmapped(`on what iam:${action} works, of the kind ${types.join(" or ")}`);
}

interface About {
  readonly arn: string;
  readonly named: string;
}

async function resourceOf(
  type: string,
  parameters: URLSearchParams,
  account: Account,
): Promise<About | undefined> {
  const { id, iam } = account;
  const of = (name: string) => parameters.get(name) || undefined;
  const made = (kind: string, name: string) => `arn:aws:iam::${id}:${kind}${of("Path") ?? "/"}${name}`;
  const itself = (arn: string): About => ({ arn, named: arn });
  switch (type) {
    case "user": {
      const key = of("AccessKeyId");
      const name =
        of("UserName") ?? (key && (await found(iam.getAccessKeyLastUsed({ AccessKeyId: key })))?.UserName);
      if (!name) return undefined;
      const user = (await found(iam.getUser({ UserName: name })))?.User;
      return { arn: user?.Arn ?? made("user", name), named: `user ${name}` };
    }
    case "group": {
      const name = of("GroupName");
      if (!name) return undefined;
      const group = (await found(iam.getGroup({ GroupName: name })))?.Group;
      return { arn: group?.Arn ?? made("group", name), named: `group ${name}` };
    }
    case "role": {
      const name = of("RoleName");
      if (!name) {
        const service = of("AWSServiceName");
        return service ? itself(`arn:aws:iam::${id}:role/aws-service-role/${service}/${service}`) : undefined;
      }
      const role = (await found(iam.getRole({ RoleName: name })))?.Role;
      return { arn: role?.Arn ?? made("role", name), named: `role ${name}` };
    }
    case "policy": {
      const arn = of("PolicyArn");
      if (arn) return { arn, named: `policy ${arn}` };
      const name = of("PolicyName");
      return name ? { arn: made("policy", name), named: `policy ${name}` } : undefined;
    }
    case "mfa": {
      const arn = of("SerialNumber");
      const name = of("VirtualMFADeviceName");
      if (arn) return itself(arn);
      return name ? itself(made("mfa", name)) : undefined;
    }
    case "instance-profile": {
      const name = of("InstanceProfileName");
      return name ? { arn: made("instance-profile", name), named: `instance profile ${name}` } : undefined;
    }
    case "oidc-provider": {
      const url = of("Url");
      const arn = of("OpenIDConnectProviderArn");
      if (arn) return itself(arn);
      return url ? itself(`arn:aws:iam::${id}:oidc-provider/${url.replace(/^https:\/\//, "")}`) : undefined;
    }
    case "saml-provider": {
      const arn = of("SAMLProviderArn") ?? (of("Name") && `arn:aws:iam::${id}:saml-provider/${of("Name")}`);
      return arn ? itself(arn) : undefined;
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

/** The tags that a call gives to what it makes. */
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
