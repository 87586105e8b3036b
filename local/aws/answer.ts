import { type Answer, forward, type Received } from "../http";
import { ACCOUNT_HEADER } from "./account";
import type { Caller, Mfa } from "./caller";
import { contextOf } from "./context";
import { AwsError, awsError } from "./error";
import type { Signed } from "./event";
import { answerIam } from "./iam/answer";
import { errorAnswer, jsonAnswer, queryAnswer, textIn } from "./render";
import { type Call, parseCall, protocolOf, UNSUPPORTED, unsupported } from "./request/call";
import { iamQuestion, withOwnUser } from "./request/iam";
import { organizationsQuestion } from "./request/organizations";
import { s3Question } from "./request/s3";
import { type Authorization, parseAuthorization, verifySignature } from "./request/signature";
import { assertSessionMay } from "./sessions";
import type { State } from "./state";
import { answerSts } from "./sts/answer";
import { assumeRoleWithWebIdentity } from "./sts/assume-role";

/** Answers a request: with moto's response if AWS would allow the call, or else with AWS's error. Rejects if moto does not respond. */
export async function answer(received: Received, moto: string, state: State): Promise<Answer> {
  let authorization: Authorization | undefined;
  let known: Signed | undefined;
  try {
    authorization = parseAuthorization(received);
    const call = parseCall(received, authorization?.service);
    state.faults.throttle();
    if (authorization === undefined) return await answerUnsigned(call, state);
    const caller = await authenticated(received, authorization, state);
    known = { received, call, caller, region: authorization.region };
    assertSessionMay(caller, call);
    const answered = await execute(known, moto, state).finally(() => {
      // Also after an error: moto may have made the change.
      if (mayChangePolicies(call)) state.forget();
    });
    state.events.record(known, errorIn(answered));
    return answered;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (known && error.code !== UNSUPPORTED) state.events.record(known, error);
    return errorAnswer(error, protocolOf(authorization?.service, received.headers));
  }
}

/** Whether the call may change the policies that decide other calls. */
function mayChangePolicies(call: Call): boolean {
  if (call.service !== "iam" && call.service !== "organizations") return false;
  return !/^(Describe|Generate|Get|List)/.test(call.action);
}

/** The error in a response from moto, if any. */
function errorIn({ status, body }: Answer): AwsError | undefined {
  if (status < 400) return undefined;
  const text = body.toString("utf8");
  return new AwsError(status, textIn(text, "Code") ?? "", textIn(text, "Message") ?? "");
}

/** The owner of the key that signed the request. Throws AwsError. */
async function authenticated(
  received: Received,
  authorization: Authorization,
  state: State,
): Promise<Caller> {
  const { accessKeyId, service } = authorization;
  const token = received.headers["x-amz-security-token"];
  try {
    const secret = state.credentials.secretOf(accessKeyId, token === undefined ? undefined : String(token));
    await verifySignature(received, authorization, secret);
    return await state.credentials.callerOf(accessKeyId);
  } catch (error) {
    throw service === "s3" && error instanceof AwsError ? s3ErrorOf(error) : error;
  }
}

function s3ErrorOf(error: AwsError): AwsError {
  if (error.code === "InvalidClientTokenId") return awsError("s3UnknownKey");
  return error.code === "ExpiredToken" ? awsError("s3Expired") : error;
}

async function answerUnsigned(call: Call, state: State): Promise<Answer> {
  if (call.protocol !== "query" || call.action !== "AssumeRoleWithWebIdentity") {
    throw unsupported(`the unsigned call ${"action" in call ? call.action : call.method}`);
  }
  const claims = state.webIdentity.claimsIn(call.parameters.get("WebIdentityToken") ?? "");
  return queryAnswer(call.action, await assumeRoleWithWebIdentity(call.parameters, claims, state), "sts");
}

/** Executes the call if it is allowed. Throws AwsError. */
async function execute(
  { received, call, caller, region }: Signed,
  moto: string,
  state: State,
): Promise<Answer> {
  const contextWith = (code: Mfa | undefined) => contextOf(caller, received.headers, region, code);
  const account = state.accounts(caller.account);
  const { host: _, ...kept } = received.headers;
  const headers = { ...kept, [ACCOUNT_HEADER]: caller.account };
  const onward = (body = received.body) => forward({ ...received, headers, body }, moto);
  switch (call.service) {
    case "sts":
      // moto records when a key was last used.
      await onward();
      return answerSts({ ...call, caller, contextWith, state });
    case "iam": {
      const parameters = withOwnUser(call.action, call.parameters, caller);
      const question = await iamQuestion(call.action, parameters, account);
      await state.decide(caller, question, contextWith(undefined));
      return answerIam({
        action: call.action,
        parameters,
        caller,
        resource: question.resource,
        account,
        state,
        forward: (given) => onward(Buffer.from(given.toString())),
      });
    }
    case "s3": {
      const question = s3Question(call, caller, state.owners.get(call.bucket));
      const policy = call.bucket === "" ? undefined : await bucketPolicy(call.bucket, caller, state);
      await state.decide(caller, question, contextWith(undefined), policy);
      const done = await onward();
      if (question.action === "s3:CreateBucket" && done.status === 200)
        state.owners.set(call.bucket, caller.account);
      return done;
    }
    case "organizations": {
      const question = await organizationsQuestion(call.action, call.parameters, account);
      await state.decide(caller, question, contextWith(undefined));
      const done = await onward();
      if (call.action === "CreateOrganization" && done.status === 200) state.organized = true;
      return done;
    }
    case "cloudtrail": {
      const action = `cloudtrail:${call.action}`;
      if (call.action !== "LookupEvents") throw unsupported(`the call ${action}`);
      const question = { action, resource: "*", account: caller.account, context: {}, named: undefined };
      await state.decide(caller, question, contextWith(undefined));
      return jsonAnswer(state.events.lookUp(caller.account, region, call.parameters));
    }
  }
}

async function bucketPolicy(Bucket: string, { account }: Caller, { accounts }: State): Promise<unknown> {
  const found = await accounts(account)
    .s3.getBucketPolicy({ Bucket })
    .catch(() => undefined);
  return found?.Policy === undefined ? undefined : JSON.parse(found.Policy);
}
