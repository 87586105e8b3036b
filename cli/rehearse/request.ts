import { BlockList, isIP } from "node:net";
import type { RecordedCaller, RecordedMfa, RecordedRequest } from "aws-mfa-policy-pack/iam";
import { bringsCode, type TrailEvent } from "../audit/usage/trail/event";

/**
 * The request that an event records; several if the event does not say what kind of caller it was, or which further action the call
 * required. None for a call that AWS refused or that no policy can stop.
 * Source: CloudTrail user guide, "CloudTrail record contents" and "CloudTrail userIdentity element".
 */
export function requestsOf(event: TrailEvent): readonly RecordedRequest[] {
  const { eventName, eventSource, errorCode } = event;
  if (REFUSED.test(errorCode ?? "")) return [];
  if (UNSTOPPABLE.has(`${eventSource} ${eventName}`)) return [];
  // No policy can stop a sign-in, but one can stop handing its session to a terminal (aws login): signin:CreateOAuth2Token.
  if (eventSource === "signin.amazonaws.com" && !/OAuth2/.test(eventName)) return [];
  const keys = keysOf(event);
  return [actionsOf(event), ...(passesRole(event) ? [["iam:PassRole"]] : [])].flatMap((actions) =>
    callersOf(event).map((caller) => ({ actions, keys, caller, mfa: mfaOf(event, caller) })),
  );
}

/** Errors of AWS's authorization. Other errors, such as a wrong signature in kms:Verify, come after it. */
const REFUSED =
  /^(Client\.|Vpce)?(AccessDenied|Unauthori[sz]ed|AuthFailure|ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|(Incomplete|Invalid)Signature)/i;
/** They require no permissions. */
const UNSTOPPABLE = new Set(["sts.amazonaws.com GetSessionToken", "sts.amazonaws.com GetCallerIdentity"]);

/** Services whose events have the names of their actions. */
const AS_ACTIONS = new Set(
  (
    "iam sts signin ec2 kms secretsmanager ssm cloudformation organizations ecr ecs eks rds cloudtrail " +
    "route53 logs events autoscaling elasticloadbalancing codebuild codepipeline states glue athena"
  ).split(" "),
);
/** Services with other names: S3's ListBuckets is s3:ListAllMyBuckets, and SQS's SendMessageBatch is sqs:SendMessage. */
const OTHERWISE_NAMED = new Set("s3 lambda dynamodb sns sqs cloudfront".split(" "));

/** The service's name in CloudTrail. */
export function serviceOf({ eventSource = "" }: TrailEvent): string {
  return eventSource.replace(/\.amazonaws\.com(\.cn)?$/, "");
}

/** The service's name in IAM; `undefined` if it may differ: CloudWatch is `monitoring` in CloudTrail. */
export function iamServiceOf(event: TrailEvent): string | undefined {
  const service = serviceOf(event);
  return AS_ACTIONS.has(service) || OTHERWISE_NAMED.has(service) ? service : undefined;
}

function actionsOf(event: TrailEvent): readonly string[] {
  const service = iamServiceOf(event);
  if (service === undefined) return ["*"];
  return [`${service}:${AS_ACTIONS.has(service) ? event.eventName : "*"}`];
}

/**
 * Whether the call may have passed a role to a service. This requires iam:PassRole, for which CloudTrail records no event.
 * Source: IAM user guide, "Grant a user permissions to pass a role to an AWS service".
 */
function passesRole(event: TrailEvent): boolean {
  const service = serviceOf(event);
  if (service === "sts" || service === "iam") return event.eventName === "AddRoleToInstanceProfile";
  return textsIn(event.requestParameters).some((text) => /:role\/|instance-?profile/i.test(text));
}

/** All strings in a value. It is not recursive, because the caller chooses how deeply the value nests. */
function textsIn(value: unknown): readonly string[] {
  const texts: string[] = [];
  const left = [value];
  for (const each of left) {
    if (typeof each === "string") texts.push(each);
    else if (typeof each === "object" && each !== null)
      for (const entry of Object.entries(each)) left.push(...entry);
  }
  return texts;
}

/** The condition keys whose value or absence the event shows. The time stays unknown: the change comes later. */
function keysOf(event: TrailEvent): RecordedRequest["keys"] {
  const { awsRegion, sourceIPAddress, vpcEndpointId, userIdentity, requestParameters, eventName } = event;
  const keys = new Map<string, readonly string[] | undefined>();
  const address = sourceIPAddress ?? "";
  // A private address without an endpoint's id came through an endpoint that the event does not name.
  const isNamed =
    vpcEndpointId !== undefined || !PRIVATE.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  if (isIP(address) > 0 && isNamed) {
    keys.set("aws:sourceip", vpcEndpointId ? undefined : [address]);
    keys.set("aws:vpcsourceip", vpcEndpointId ? [address] : undefined);
    keys.set("aws:sourcevpce", vpcEndpointId ? [vpcEndpointId] : undefined);
  }
  if (isIP(address) > 0 && userIdentity?.invokedBy === undefined) {
    keys.set("aws:viaawsservice", ["false"]);
    for (const key of ["calledvia", "calledviafirst", "calledvialast"]) keys.set(`aws:${key}`, undefined);
  }
  if (awsRegion !== undefined) keys.set("aws:requestedregion", [awsRegion]);
  const { principalId, type } = userIdentity ?? {};
  if (principalId !== undefined && ["IAMUser", "AssumedRole", "FederatedUser"].includes(type ?? ""))
    keys.set("aws:userid", [principalId]);
  if (eventName === "AssumeRole" && requestParameters) {
    for (const name of ["externalId", "roleSessionName", "sourceIdentity"]) {
      const value = requestParameters[name];
      keys.set(`sts:${name.toLowerCase()}`, typeof value === "string" ? [value] : undefined);
    }
  }
  return keys;
}

const PRIVATE = new BlockList();
PRIVATE.addSubnet("10.0.0.0", 8);
PRIVATE.addSubnet("172.16.0.0", 12);
PRIVATE.addSubnet("192.168.0.0", 16);
PRIVATE.addSubnet("100.64.0.0", 10);
PRIVATE.addSubnet("fc00::", 7, "ipv6");

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
      return [{ kind: "federated-user", ...(arn && { arn }) }];
    case "AWSAccount": {
      // For a caller in another account, the role's account records only the unique id.
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
      return KINDS.map((kind) => ({ kind }));
  }
}

/** An access key, a service-specific credential, an SSH public key. Source: IAM user guide, "Understanding unique ID prefixes". */
const LONG_TERM = /^(AKIA|ACCA|APKA)/;

function mfaOf(event: TrailEvent, { kind }: RecordedCaller): RecordedMfa {
  const { eventTime, userIdentity } = event;
  const { accessKeyId = "", sessionContext, type } = userIdentity ?? {};
  if (kind === "service" || kind === "federated") return { kind: "absent" };
  if (bringsCode(event)) return { kind: "true", ageSeconds: 0 };
  if (type === "FederatedUser") return { kind: "none" };
  if (type !== "IAMUser" && type !== "AssumedRole") return { kind: "unknown" };
  const said = String(sessionContext?.attributes?.mfaAuthenticated);
  // AWS does not document what the session of a role carries.
  if (kind === "role") return { kind: said === "true" ? "unknown" : "none" };
  if (LONG_TERM.test(accessKeyId)) return { kind: "absent" };
  if (said === "true") {
    const since = Date.parse(sessionContext?.attributes?.creationDate ?? "");
    const ageSeconds = Math.floor((Date.parse(eventTime) - since) / 1000);
    return ageSeconds >= 0 ? { kind: "true", ageSeconds } : { kind: "true" };
  }
  if (said === "false") return { kind: accessKeyId.startsWith("ASIA") ? "false" : "none" };
  return { kind: "unknown" };
}
