import type { Setup, Subject } from "../audit/report";
import { hasMfa, type TrailEvent } from "../audit/usage/trail/event";
import type { Affected } from "./plan";
import { iamServiceOf } from "./request";

/** How late AWS may record a use. Source: IAM user guide, "Generate credential reports". */
export const LAST_USE_MS = 15 * 60 * 1000;

/** A user's credential and its last use that AWS recorded. */
type Figure = Affected["unseenUses"][number] & { readonly service?: string; readonly region?: string };

/** Last uses of users' credentials that AWS recorded, and that no event has shown yet. */
export class LastUses {
  private readonly figures = new Map<string, Figure[]>();

  constructor(subjects: Iterable<Subject>) {
    for (const { kind, id, setup } of subjects)
      if (kind === "user" && setup !== undefined) this.figures.set(id, figuresOf(setup));
  }

  /** The users with a recorded use. */
  users(): Iterable<string> {
    return this.figures.keys();
  }

  of(user: string): readonly Figure[] {
    return this.figures.get(user) ?? [];
  }

  /** An event around the time of a recorded use is that use, and the change is evaluated for the event. */
  explain(event: TrailEvent, user: string | undefined): void {
    const figures = user === undefined ? undefined : this.figures.get(user);
    if (user === undefined || figures === undefined || figures.length === 0) return;
    const use = useIn(event);
    const left = figures.filter(
      ({ of, at, service, region }) =>
        !use.of.includes(of) ||
        differ(service, use.service) ||
        differ(region, use.region) ||
        !(Math.abs(Date.parse(at) - Date.parse(use.at)) <= LAST_USE_MS),
    );
    if (left.length < figures.length) this.figures.set(user, left);
  }
}

/**
 * The use of a user's credentials that an event shows; for a session, the use that started it. A call that starts a session without a
 * code shows none: it grants nothing yet, and does not say what the session is for.
 */
function useIn(event: TrailEvent): {
  of: readonly Figure["of"][];
  at: string;
  service?: string;
  region?: string;
} {
  const { eventName, eventTime, userIdentity, sessionCredentialFromConsole, awsRegion } = event;
  const { accessKeyId, sessionContext } = userIdentity ?? {};
  const begins = eventName === "ConsoleLogin" || eventName === "GetSessionToken";
  if (begins && !hasMfa(event)) return { of: [], at: eventTime };
  if (eventName === "ConsoleLogin") return { of: ["password"], at: eventTime };
  const session = sessionContext?.attributes;
  if (accessKeyId?.startsWith("ASIA") || session !== undefined) {
    const isConsole = String(sessionCredentialFromConsole) === "true";
    return {
      of: isConsole ? ["password"] : ["password", "access key"],
      at: session?.creationDate ?? "",
      service: "sts",
    };
  }
  const service = iamServiceOf(event);
  return {
    of: ["access key"],
    at: eventTime,
    ...(service && { service }),
    ...(awsRegion && { region: awsRegion }),
  };
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

/** The uses without MFA: for a user with a device, AWS requires its code at every sign-in with the password. */
function figuresOf({ mfaDevice, password, accessKeys }: Setup): Figure[] {
  return [
    ...(password === null || mfaDevice || password.lastUsed === null
      ? []
      : [{ of: "password" as const, at: password.lastUsed }]),
    ...accessKeys.flatMap(({ active, lastUsed, lastUsedService, lastUsedRegion }) =>
      active && lastUsed !== null
        ? [
            {
              of: "access key" as const,
              at: lastUsed,
              ...(lastUsedService && { service: lastUsedService }),
              ...(lastUsedRegion && { region: lastUsedRegion }),
            },
          ]
        : [],
    ),
  ];
}
