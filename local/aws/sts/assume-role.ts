import type { Role } from "@aws-sdk/client-iam";
import { denied } from "../authorization";
import { tagsOf } from "../credentials";
import { awsError } from "../error";
import type { Result } from "../render";
import { tagsIn } from "../request/iam";
import type { Question } from "../request/question";
import type { State } from "../state";
import { codeIn, credentialsResult, durationIn, type StsCall, sessionPoliciesIn } from "./call";
import type { Claims } from "./web-identity";

const MAXIMUM = 43_200;
const HOUR = 3600;

/**
 * A session of a role that the trust policy and the caller's own policies let the caller assume.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export async function assumeRole({ parameters, caller, contextWith, state }: StsCall): Promise<Result> {
  if (caller.kind === "root") throw awsError("assumedByRoot");
  const seconds = durationIn(parameters, MAXIMUM, HOUR);
  const context = contextWith(await codeIn(parameters, caller, state));
  const question = questionOf("AssumeRole", parameters);
  const role = await roleOf(question, caller.arn, state);
  const trust = state.trustOf(role);
  if (trust === undefined) throw denied(question, caller.arn, undefined);
  await state.decide(caller, question, context, trust);
  if (Object.keys(tagsIn(parameters)).length > 0) {
    await state.decide(caller, { ...question, action: "sts:TagSession" }, context, trust);
  }
  if (seconds > (role.MaxSessionDuration ?? HOUR)) throw awsError("exceedsMaximum");
  if (caller.kind === "role" && seconds > HOUR) throw awsError("exceedsChaining");
  return begin(role, question.account, parameters, seconds, state);
}

/**
 * A session of a role that the trust policy lets an identity provider of the role's account assume.
 *
 * @param claims of a verified token
 */
export async function assumeRoleWithWebIdentity(
  parameters: URLSearchParams,
  claims: Claims,
  state: State,
): Promise<Result> {
  const seconds = durationIn(parameters, MAXIMUM, HOUR);
  const question = questionOf("AssumeRoleWithWebIdentity", parameters);
  const host = claims.iss.replace(/^https:\/\//, "");
  const provider = `arn:aws:iam::${question.account}:oidc-provider/${host}`;
  const { ClientIDList = [] } = await state
    .accounts(question.account)
    .iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: provider })
    .catch(() => ({ ClientIDList: [] }));
  if (!ClientIDList.includes(claims.aud)) throw awsError("noProvider", claims.iss);
  const role = await roleOf(question, provider, state);
  await state.decideFederated(
    provider,
    question,
    { [`${host}:aud`]: claims.aud, [`${host}:sub`]: claims.sub },
    state.trustOf(role),
  );
  if (seconds > (role.MaxSessionDuration ?? HOUR)) throw awsError("exceedsMaximum");
  const result = await begin(role, question.account, parameters, seconds, state);
  return { ...result, SubjectFromWebIdentityToken: claims.sub, Audience: claims.aud, Provider: provider };
}

function questionOf(action: string, parameters: URLSearchParams): Question {
  const arn = parameters.get("RoleArn") ?? "";
  const externalId = parameters.get("ExternalId");
  return {
    action: `sts:${action}`,
    resource: arn,
    account: arn.split(":")[4] ?? "",
    context: {
      "sts:RoleSessionName": parameters.get("RoleSessionName") ?? "",
      ...(externalId !== null && { "sts:ExternalId": externalId }),
      ...tagsIn(parameters),
    },
    named: arn,
  };
}

/** Throws AwsError for a role that does not exist, as for one that does not trust the caller. */
async function roleOf(question: Question, principal: string, { accounts }: State): Promise<Role> {
  const RoleName = question.resource.slice(question.resource.lastIndexOf("/") + 1);
  const found = await accounts(question.account)
    .iam.getRole({ RoleName })
    .catch(() => undefined);
  if (found?.Role?.Arn !== question.resource) throw denied(question, principal, undefined);
  return found.Role;
}

async function begin(
  role: Role,
  account: string,
  parameters: URLSearchParams,
  seconds: number,
  state: State,
): Promise<Result> {
  const { RoleName: name = "", Arn: principalArn = "", RoleId } = role;
  const sessionName = parameters.get("RoleSessionName") ?? "";
  const arn = `arn:aws:sts::${account}:assumed-role/${name}/${sessionName}`;
  const userId = `${RoleId}:${sessionName}`;
  const session = {
    issuedAt: new Date(),
    policies: await sessionPoliciesIn(parameters, state.accounts(account)),
  };
  const tags = tagsOf(role.Tags);
  const issued = state.credentials.issue(
    { kind: "role", account, name, arn, principalArn, userId, tags, session },
    seconds,
  );
  return {
    Credentials: credentialsResult(issued),
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    PackedPolicySize: "6",
  };
}
