import { isIP } from "node:net";
import type { RecordedCaller, RecordedMfa, RecordedRequest } from "aws-mfa-policy-pack/iam";
import type { TrailEvent } from "../audit/usage/trail/event";

/**
 * What an event tells of the request that it records; several where it leaves open of what kind the caller was. None of a call that
 * AWS refused, and none that no policy can stop.
 * Source: CloudTrail user guide, "CloudTrail record contents" and "CloudTrail userIdentity element".
 */
export function requestsOf(event: TrailEvent): readonly RecordedRequest[] {
  const { eventName, eventSource, errorCode } = event;
  if (REFUSED.test(errorCode ?? "") || eventSource === undefined) return [];
  if (UNSTOPPABLE.has(`${eventSource} ${eventName}`) || eventSource === "signin.amazonaws.com") return [];
  const request = { actions: actionsOf(eventSource, eventName), keys: keysOf(event) };
  return callersOf(event).map((caller) => ({ ...request, caller, mfa: mfaOf(event, caller) }));
}

const REFUSED = /denied|unauthori[sz]ed|authfailure|expiredtoken|invalidclienttokenid|signature/i;
/** They grant nothing, so that no policy is asked. */
const UNSTOPPABLE = new Set(["sts.amazonaws.com GetSessionToken", "sts.amazonaws.com GetCallerIdentity"]);

/** Services whose events are named as their actions are. */
const AS_ACTIONS = new Set(
  (
    "iam sts ec2 kms secretsmanager ssm cloudformation organizations dynamodb sns sqs ecr ecs eks rds cloudtrail " +
    "route53 logs events autoscaling elasticloadbalancing codebuild codepipeline cloudfront states glue athena"
  ).split(" "),
);

/** CloudTrail names most events as the action, but not all: S3's ListBuckets is s3:ListAllMyBuckets. */
function actionsOf(eventSource: string, eventName: string): readonly string[] {
  const service = eventSource.replace(/\.amazonaws\.com(\.cn)?$/, "");
  if (AS_ACTIONS.has(service)) return [`${service}:${eventName}`];
  if (service === "s3" || service === "lambda") return [`${service}:*`];
  return ["*"];
}

/** The keys of which the event tells the value, or that they were absent. The time is left open: the change comes later. */
function keysOf(event: TrailEvent): RecordedRequest["keys"] {
  const { awsRegion, sourceIPAddress, vpcEndpointId, userIdentity, requestParameters, eventName } = event;
  const keys = new Map<string, readonly string[] | undefined>();
  const address = sourceIPAddress ?? "";
  if (isIP(address) > 0) {
    keys.set("aws:sourceip", vpcEndpointId ? undefined : [address]);
    keys.set("aws:vpcsourceip", vpcEndpointId ? [address] : undefined);
    keys.set("aws:sourcevpce", vpcEndpointId ? [vpcEndpointId] : undefined);
    if (userIdentity?.invokedBy === undefined) {
      keys.set("aws:viaawsservice", ["false"]);
      for (const key of ["calledvia", "calledviafirst", "calledvialast"]) keys.set(`aws:${key}`, undefined);
    }
  }
  if (awsRegion !== undefined) keys.set("aws:requestedregion", [awsRegion]);
  const { principalId, type } = userIdentity ?? {};
  if (principalId !== undefined && (type === "IAMUser" || type === "AssumedRole"))
    keys.set("aws:userid", [principalId]);
  if (type === "FederatedUser") keys.set("aws:principaltype", ["FederatedUser"]);
  if (eventName === "AssumeRole" && requestParameters) {
    for (const name of ["externalId", "roleSessionName", "sourceIdentity"]) {
      const value = requestParameters[name];
      keys.set(`sts:${name.toLowerCase()}`, typeof value === "string" ? [value] : undefined);
    }
  }
  return keys;
}

const KINDS = ["user", "role"] as const;

function callersOf({ userIdentity, requestParameters }: TrailEvent): readonly RecordedCaller[] {
  const { type, arn, accountId = "*", principalId = "", invokedBy, identityProvider } = userIdentity ?? {};
  const id = principalId.split(":")[0];
  const known = id ? { id } : {};
  switch (type) {
    case "IAMUser":
      return [{ kind: "user", ...known, ...(arn && { arn }) }];
    case "AssumedRole": {
      const role = userIdentity?.sessionContext?.sessionIssuer?.arn;
      return [{ kind: "role", ...known, ...(role && { arn: role }), ...(arn && { session: arn }) }];
    }
    case "FederatedUser":
      // It is neither a user nor a role; what is the same for both is so for it.
      return KINDS.map((kind) => ({ kind, ...(arn && { arn }) }));
    case "AWSAccount": {
      // Of a caller in another account the role's account has the unique id alone.
      const isOf = { user: id?.startsWith("AIDA"), role: id?.startsWith("AROA") };
      const kinds = KINDS.filter((kind) => isOf[kind]);
      return (kinds.length === 0 ? KINDS : kinds).map((kind) => {
        return { kind, ...known, arn: `arn:*:iam::${accountId}:${kind}/*` };
      });
    }
    case "AWSService":
      return [{ kind: "service", ...(invokedBy && { name: invokedBy }) }];
    case "SAMLUser":
    case "WebIdentityUser": {
      const saml = requestParameters?.principalArn;
      const name = typeof saml === "string" ? saml : identityProvider;
      return [{ kind: "federated", ...(name && { name }) }];
    }
    default:
      return [];
  }
}

function mfaOf(event: TrailEvent, { kind }: RecordedCaller): RecordedMfa {
  const { eventTime, errorCode, requestParameters, userIdentity } = event;
  const { accessKeyId = "", sessionContext, type } = userIdentity ?? {};
  if (kind === "service" || kind === "federated") return { kind: "absent" };
  if (typeof requestParameters?.serialNumber === "string" && !errorCode)
    return { kind: "true", ageSeconds: 0 };
  if (type === "AWSAccount") return { kind: "unknown" };
  if (type === "FederatedUser") return { kind: "none" };
  const said = String(sessionContext?.attributes?.mfaAuthenticated);
  // What a session of a role carries AWS does not promise.
  if (kind === "role") return { kind: said === "true" ? "unknown" : "none" };
  if (accessKeyId.startsWith("AKIA")) return { kind: "absent" };
  if (said === "true") {
    const since = Date.parse(sessionContext?.attributes?.creationDate ?? "");
    const ageSeconds = Math.floor((Date.parse(eventTime) - since) / 1000);
    return ageSeconds >= 0 ? { kind: "true", ageSeconds } : { kind: "true" };
  }
  if (said === "false") return { kind: accessKeyId.startsWith("ASIA") ? "false" : "none" };
  return { kind: "unknown" };
}
