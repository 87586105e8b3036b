import { randomUUID } from "node:crypto";
import type { Received } from "../http";
import type { Caller } from "./caller";
import type { AwsError } from "./error";
import type { Call } from "./request/call";
import { s3ActionOf } from "./request/s3";

/** A call with a valid signature. */
export interface Signed {
  readonly received: Received;
  readonly call: Call;
  readonly caller: Caller;
  readonly region: string;
}

export type CloudTrailEvent = ReturnType<typeof eventOf>;

/** The CloudTrail record of a call: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export function eventOf({ received, call, caller, region }: Signed, error: AwsError | undefined) {
  const name = call.protocol === "rest" ? s3ActionOf(call) : call.action;
  return {
    eventVersion: "1.11",
    userIdentity: identityOf(caller),
    eventTime: seconds(new Date()),
    eventSource: `${call.service}.amazonaws.com`,
    eventName: name.replace("ListAllMyBuckets", "ListBuckets"),
    awsRegion: region,
    sourceIPAddress: "127.0.0.1",
    userAgent: received.headers["user-agent"] ?? "",
    ...(error && { errorCode: error.code, errorMessage: error.message }),
    requestParameters: parametersOf(call),
    responseElements: null,
    requestID: randomUUID(),
    eventID: randomUUID(),
    readOnly: /^(Get|List|Describe|Lookup|AssumeRole|Generate|Head)/.test(name),
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: caller.account,
    eventCategory: "Management",
  };
}

const IDENTITY_TYPES = { root: "Root", user: "IAMUser", role: "AssumedRole", federated: "FederatedUser" };

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
function identityOf(caller: Caller) {
  const { kind, account: accountId, name, session } = caller;
  const [principalId = ""] = caller.userId.split(":");
  const sessionIssuer = { type: "Role", principalId, arn: caller.principalArn, accountId, userName: name };
  return {
    type: IDENTITY_TYPES[kind],
    principalId: caller.userId,
    arn: caller.arn,
    accountId,
    accessKeyId: caller.accessKeyId,
    ...(kind === "user" && { userName: name }),
    ...(session && {
      sessionContext: {
        ...(kind === "role" && { sessionIssuer }),
        attributes: {
          creationDate: seconds(session.issuedAt),
          mfaAuthenticated: String(session.mfa !== undefined),
        },
      },
    }),
  };
}

/** The parameters that CloudTrail does not record. */
const SECRET = /^(TokenCode|AuthenticationCode\d|(Old|New)?Password|WebIdentityToken|Action|Version)$/;

function parametersOf(call: Call): object {
  switch (call.protocol) {
    case "query":
      return named([...call.parameters].filter(([name]) => !SECRET.test(name)));
    case "json":
      return named(Object.entries(call.parameters));
    case "rest":
      return call.bucket === "" ? {} : { bucketName: call.bucket };
  }
}

/** In CloudTrail names begin with a lowercase letter. */
function named(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(
    entries.map(([name, value]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, value]),
  );
}

function seconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
