import type { TrailEvent } from "../audit/usage/trail/event";
import type { Affected } from "./plan";

/** Somebody who called. */
export interface Who {
  readonly id: string;
  readonly kind: Affected["kind"];
  /** The user whose policies count. */
  readonly user?: string;
}

/** Who made a call, by what its event says. */
export function whoIn({ userIdentity }: TrailEvent): Who {
  const { type, arn, invokedBy, identityProvider, principalId, accountId, sessionContext } =
    userIdentity ?? {};
  const issuer = sessionContext?.sessionIssuer?.arn;
  switch (type) {
    case "IAMUser":
      if (arn !== undefined) return { id: arn, kind: "user", user: arn };
      break;
    case "FederatedUser":
      // It can do no more than the user who asked for it.
      if (issuer !== undefined) return { id: issuer, kind: "user", user: issuer };
      break;
    case "AssumedRole":
      if (issuer !== undefined || arn !== undefined) return { id: issuer ?? arn ?? "", kind: "role" };
      break;
    case "Root":
      if (arn !== undefined) return { id: arn, kind: "user" };
      break;
  }
  const id = invokedBy ?? identityProvider ?? arn ?? principalId ?? accountId ?? "an unknown caller";
  return { id, kind: "other" };
}

/** The role that the call was to assume. */
export function assumedIn({ eventName, requestParameters }: TrailEvent): string | undefined {
  const role = /^AssumeRole/.test(eventName) ? requestParameters?.roleArn : undefined;
  return typeof role === "string" ? role : undefined;
}
