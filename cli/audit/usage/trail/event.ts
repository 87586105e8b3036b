import { z } from "zod";
import { jsonIn } from "../../input-text";

const event = z.object({
  eventTime: z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString()),
  eventName: z.string(),
  eventSource: z.string().optional(),
  awsRegion: z.string().optional(),
  recipientAccountId: z.string().optional(),
  sourceIPAddress: z.string().nullish(),
  userAgent: z.string().nullish(),
  errorCode: z.string().nullish(),
  vpcEndpointId: z.string().nullish(),
  sessionCredentialFromConsole: z.union([z.string(), z.boolean()]).optional(),
  userIdentity: z
    .object({
      type: z.string().optional(),
      arn: z.string().optional(),
      accountId: z.string().optional(),
      principalId: z.string().optional(),
      accessKeyId: z.string().optional(),
      invokedBy: z.string().optional(),
      identityProvider: z.string().optional(),
      sessionContext: z
        .object({
          sessionIssuer: z.object({ arn: z.string().optional() }).optional(),
          attributes: z
            .object({
              mfaAuthenticated: z.union([z.string(), z.boolean()]).optional(),
              creationDate: z.string().optional(),
            })
            .optional(),
        })
        .optional(),
    })
    .nullish(),
  requestParameters: z.looseObject({ roleArn: z.unknown(), serialNumber: z.unknown() }).partial().nullish(),
  additionalEventData: z.looseObject({ MFAUsed: z.unknown() }).partial().nullish(),
  responseElements: z.looseObject({ ConsoleLogin: z.unknown() }).partial().nullish(),
});

/**
 * The parts of a CloudTrail record that show who uses what.
 * Source: CloudTrail user guide, "CloudTrail record contents" and "CloudTrail userIdentity element".
 */
export type TrailEvent = z.infer<typeof event>;

/** `aws cloudtrail lookup-events` prints the record as a string. */
const lookedUp = z.object({ CloudTrailEvent: z.string() });

/** Parses a record, or names the path that does not fit. */
export function parseEvent(text: string): TrailEvent | { readonly wrong: string } {
  const parsed = event.safeParse(jsonIn(text));
  if (parsed.success) return parsed.data;
  const wrapped = lookedUp.safeParse(jsonIn(text));
  if (wrapped.success) return parseEvent(wrapped.data.CloudTrailEvent);
  return { wrong: parsed.error.issues[0]?.path.join(".") || "it is not JSON" };
}

/** One use of a role or a user. */
export interface Sighting {
  /** The ARN of the role or the user. */
  readonly subject: string;
  readonly caller: string;
  readonly mfa: boolean;
}

/**
 * The uses that an event shows: of the user or role whose credentials made the call, and of the role that the call assumed. A call that
 * AWS denied is a use of the caller, but not of the role. A failed sign-in is no use.
 */
export function sightingsIn(found: TrailEvent): readonly Sighting[] {
  const { eventName, errorCode, userIdentity, requestParameters } = found;
  if (!userIdentity) return [];
  if (eventName === "ConsoleLogin" && found.responseElements?.ConsoleLogin !== "Success") return [];
  const { type, arn, accountId, principalId, invokedBy, identityProvider, sessionContext } = userIdentity;
  const caller =
    arn ?? invokedBy ?? identityProvider ?? principalId ?? accountId ?? type ?? "an unknown caller";
  const mfa = hasMfa(found);
  const own = sessionContext?.sessionIssuer?.arn ?? arn;
  const assumed = requestParameters?.roleArn;
  return [
    ...(own === undefined ? [] : [{ subject: own, caller, mfa }]),
    ...(/^AssumeRole/.test(eventName) && !errorCode && typeof assumed === "string"
      ? [{ subject: assumed, caller, mfa }]
      : []),
  ];
}

/** Whether the session has MFA, or this call or sign-in proved it. */
export function hasMfa(found: TrailEvent): boolean {
  const { mfaAuthenticated } = found.userIdentity?.sessionContext?.attributes ?? {};
  return (
    String(mfaAuthenticated) === "true" || found.additionalEventData?.MFAUsed === "Yes" || bringsCode(found)
  );
}

/** Whether the call itself had the code of a device. IAM's calls name a device too, as the one to change. */
export function bringsCode({ eventName, requestParameters, errorCode }: TrailEvent): boolean {
  return (
    /^(AssumeRole|GetSessionToken)$/.test(eventName) &&
    typeof requestParameters?.serialNumber === "string" &&
    !errorCode
  );
}
