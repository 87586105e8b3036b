import { randomBytes } from "node:crypto";
import { NoSuchEntityException } from "@aws-sdk/client-iam";
import type { Answer } from "../../http";
import type { Account } from "../account";
import type { Caller } from "../caller";
import { Device } from "../device";
import { changesPolicies } from "../late-policies";
import { queryAnswer, textIn } from "../render";
import type { State } from "../state";
import { assertNotInUse, checkEnable, checkResync } from "./devices";
import { assertGroupEmpty, assertKeyFits, assertPolicyDetached, assertUserEmpty } from "./limits";
import { pageOf, withoutPage } from "./pages";

/** An IAM call that the policies allow. */
export interface IamCall {
  readonly action: string;
  readonly parameters: URLSearchParams;
  readonly caller: Caller;
  /** The ARN of the resource. */
  readonly resource: string;
  readonly account: Account;
  readonly state: State;
  /** Executes the call in moto, with these parameters. */
  readonly forward: (parameters: URLSearchParams) => Promise<Answer>;
}

/** Answers an IAM call: checks first what moto does not check, and stores afterwards what moto returns only once. Throws AwsError. */
export async function answerIam(call: IamCall): Promise<Answer> {
  const { action, parameters, account, forward } = call;
  const own = withoutMoto(call);
  if (own) return own;
  await check(call).catch((error) => {
    // moto itself returns this error.
    if (!(error instanceof NoSuchEntityException)) throw error;
  });
  if (changesPolicies(action)) await call.state.beforeChange(account);
  if (action === "ResyncMFADevice") return queryAnswer(action, {}, "iam");
  const paged = /^List|^GetGroup$/.test(action);
  const answer = await forward(paged ? withoutPage(parameters) : parameters);
  if (answer.status !== 200) return answer;
  const text = answer.body.toString("utf8");
  store(call, text, account.id);
  if (paged) return withText(answer, pageOf(text, parameters));
  return answer;
}

/** Throws AwsError if AWS would refuse what moto accepts. */
async function check({ action, parameters, caller, account, state }: IamCall): Promise<void> {
  const user = parameters.get("UserName") ?? "";
  switch (action) {
    case "CreateAccessKey":
      return assertKeyFits(user, account);
    case "DeleteGroup":
      return assertGroupEmpty(parameters.get("GroupName") ?? "", account);
    case "DeletePolicy":
      return assertPolicyDetached(parameters.get("PolicyArn") ?? "", account);
    case "DeleteUser":
      return assertUserEmpty(user, account);
    case "DeleteVirtualMFADevice":
      return assertNotInUse(parameters.get("SerialNumber") ?? "", account);
    case "EnableMFADevice":
      return checkEnable(parameters, caller, account, state.devices);
    case "ResyncMFADevice":
      return checkResync(parameters, account, state.devices);
  }
}

/** Stores what moto returns only once, or never. */
function store({ action, parameters, resource, state }: IamCall, answer: string, account: string): void {
  switch (action) {
    case "CreateAccessKey":
      state.addKey(textIn(answer, "AccessKeyId") ?? "", account, textIn(answer, "SecretAccessKey") ?? "");
      break;
    case "CreateVirtualMFADevice": {
      const seed = Buffer.from(textIn(answer, "Base32StringSeed") ?? "", "base64").toString("ascii");
      state.devices.set(textIn(answer, "SerialNumber") ?? "", new Device(seed));
      break;
    }
    case "DeleteVirtualMFADevice":
      state.devices.delete(parameters.get("SerialNumber") ?? "");
      break;
    case "CreateUser": {
      const boundary = parameters.get("PermissionsBoundary");
      if (boundary) state.boundaries.set(resource, boundary);
      break;
    }
    case "DeleteUser":
      state.boundaries.delete(resource);
      break;
  }
}

/** Executes the calls about users' boundaries and service-specific credentials, which moto does not support. */
function withoutMoto({ action, parameters, resource, account, state }: IamCall): Answer | undefined {
  switch (action) {
    case "CreateServiceSpecificCredential": {
      const ServiceSpecificCredential = {
        ServiceSpecificCredentialId: `ACCA${randomBytes(8).toString("hex").toUpperCase()}`,
        UserName: parameters.get("UserName") ?? "",
        ServiceName: parameters.get("ServiceName") ?? "",
        CreateDate: new Date().toISOString(),
        Status: "Active",
      };
      state.serviceCredentials.set(ServiceSpecificCredential.ServiceSpecificCredentialId, {
        account: account.id,
        credential: ServiceSpecificCredential,
      });
      return queryAnswer(action, { ServiceSpecificCredential }, "iam");
    }
    case "DeleteServiceSpecificCredential":
      state.serviceCredentials.delete(parameters.get("ServiceSpecificCredentialId") ?? "");
      return queryAnswer(action, {}, "iam");
    case "ListServiceSpecificCredentials": {
      const user =
        parameters.get("AllUsers") === "true" ? undefined : (parameters.get("UserName") ?? undefined);
      const ServiceSpecificCredentials = [...state.serviceCredentials.values()]
        .filter((each) => each.account === account.id && [undefined, each.credential.UserName].includes(user))
        .map(({ credential }) => credential);
      return queryAnswer(action, { ServiceSpecificCredentials }, "iam");
    }
    case "PutUserPermissionsBoundary":
      state.boundaries.set(resource, parameters.get("PermissionsBoundary") ?? "");
      return queryAnswer(action, {}, "iam");
    case "DeleteUserPermissionsBoundary":
      state.boundaries.delete(resource);
      return queryAnswer(action, {}, "iam");
    default:
      return undefined;
  }
}

function withText(answer: Answer, text: string): Answer {
  const body = Buffer.from(text);
  return { ...answer, headers: { ...answer.headers, "content-length": String(body.length) }, body };
}
