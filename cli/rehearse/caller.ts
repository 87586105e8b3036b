import type { TrailEvent } from "../audit/usage/trail/event";
import type { Affected } from "./plan";

export interface Caller {
  readonly id: string;
  readonly kind: Affected["kind"];
  /** The ARN of the user whose policies apply. */
  readonly user?: string;
}

/** Who made a call, from its event. */
export function callerIn({ userIdentity }: TrailEvent): Caller {
  const { type, arn, invokedBy, identityProvider, principalId, accountId, sessionContext } =
    userIdentity ?? {};
  const issuer = sessionContext?.sessionIssuer?.arn;
  if (type === "IAMUser" && arn !== undefined) return { id: arn, kind: "user", user: arn };
  // Its permissions are at most those of the user who requested it.
  if (type === "FederatedUser" && issuer !== undefined) return { id: issuer, kind: "user", user: issuer };
  const role = issuer ?? arn;
  if (type === "AssumedRole" && role !== undefined) return { id: role, kind: "role" };
  if (type === "Root" && arn !== undefined) return { id: arn, kind: "user" };
  const id = invokedBy ?? identityProvider ?? arn ?? principalId ?? accountId ?? "an unknown caller";
  return { id, kind: "other" };
}

/** The ARN of the role that the call requested to assume. */
export function assumedIn({ eventName, requestParameters }: TrailEvent): string | undefined {
  const role = /^AssumeRole/.test(eventName) ? requestParameters?.roleArn : undefined;
  return typeof role === "string" ? role : undefined;
}
