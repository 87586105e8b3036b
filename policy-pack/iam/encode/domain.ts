import { type MfaContext, valueInContext } from "../mfa-context";
import { ANY_FEDERATED_USER, ANY_USER, type Home, identitiesOf } from "../principal/arn";
import type { CallerKind } from "../principal/caller";
import { always, type Domain, NEVER, oneOf, type Test } from "../solver/formula";
import type { IntervalSet, Scale } from "../solver/interval";
import { exactPattern } from "../solver/pattern";
import { actionPattern } from "./action";
import { anchoredPatterns } from "./policy-pattern";
import { ACTION, CALLER_ARN, RESOURCE } from "./variable";

/** Where a request comes from: the MFA that it carries, and the kind of identity that makes it. */
export interface Origin {
  readonly context: MfaContext;
  readonly caller: CallerKind;
  /** The unique id of the user or role, where it is known. */
  readonly id?: string | undefined;
  /** The account of a user; without it, any. */
  readonly home?: Home | undefined;
}

/** The values that the action, the resource, the caller and the condition keys of a request can have. */
export function domainOf(variable: string, origin: Origin): Domain {
  switch (variable) {
    case ACTION:
      return ANY_ACTION;
    case RESOURCE:
      return ANY_RESOURCE;
    case CALLER_ARN:
      return callerArn(origin);
    default:
      return keyDomain(variable, origin);
  }
}

export const ANY_ACTION = oneOf([actionPattern("?*:?*")]);
/** A call is on a resource that has an ARN, or on none in particular. */
const ANY_RESOURCE = oneOf([exactPattern("*"), ...anchoredPatterns(["arn:*:*:*:*:*"])]);

function callerArn({ caller, home }: Origin): Domain {
  if (caller !== "user" && caller !== "federated-user") return always();
  if (home === undefined) return oneOf(caller === "user" ? ANY_USER : ANY_FEDERATED_USER);
  const { users, federatedUsers } = identitiesOf(home);
  return oneOf(caller === "user" ? users : federatedUsers);
}

/** The values that a condition key can have in a request. */
export function keyDomain(key: string, origin: Origin): Domain {
  const known = valueInContext(origin.context, key);
  if (known?.kind === "range") return always({ kind: "line", scale: "age", set: known.within });
  return callerDomain(key, origin) ?? KEY_DOMAINS.get(key) ?? ANY_VALUE;
}

const ANY_VALUE: Domain = { presence: "optional", within: [], prefer: [] };
const WHOLE_LINE: IntervalSet = [{}];
const TRUE_OR_FALSE: Test = { kind: "text", set: [exactPattern("true", true), exactPattern("false", true)] };

function onScale(scale: Scale): Test {
  return { kind: "line", scale, set: WHOLE_LINE };
}

/**
 * Global keys that are always true or false, an address, or a date. Any other key may have a text as its value.
 * Source: IAM user guide, "AWS global condition context keys".
 */
const KEY_DOMAINS: ReadonlyMap<string, Domain> = new Map([
  ["aws:securetransport", { ...always(TRUE_OR_FALSE), prefer: ["true"] }],
  ["aws:viaawsservice", { ...ANY_VALUE, within: [TRUE_OR_FALSE] }],
  ["aws:multifactorauthpresent", { ...ANY_VALUE, within: [TRUE_OR_FALSE] }],
  ["aws:sourceip", { ...ANY_VALUE, within: [onScale("ip")] }],
  ["aws:vpcsourceip", { ...ANY_VALUE, within: [onScale("ip")] }],
  ["aws:currenttime", { ...always(onScale("date")), prefer: ["2030-01-01T00:00:00Z"] }],
  ["aws:epochtime", { ...always(onScale("date")), prefer: ["1893456000"] }],
]);

/**
 * The domain that the caller and the MFA context give a global key; `undefined` if they leave it free.
 * Source: IAM user guide, "AWS global condition context keys", "Properties of the principal", and "Information
 * available in the request".
 */
function callerDomain(key: string, { context, caller, id }: Origin): Domain | undefined {
  const isIdentity = caller === "user" || caller === "role" || caller === "federated-user";
  switch (key) {
    case "aws:principaltype":
      return isIdentity ? oneOf([exactPattern(PRINCIPAL_TYPES[caller])]) : undefined;
    case "aws:username":
      if (caller === "user") return always();
      return caller === "service" ? undefined : NEVER;
    case "aws:userid":
      switch (caller) {
        case "user":
          return oneOf(id === undefined ? anchoredPatterns(["AIDA?*"]) : [exactPattern(id)]);
        case "role":
          return oneOf(anchoredPatterns([`${id ?? "AROA?*"}:?*`]));
        case "federated-user":
          return oneOf(anchoredPatterns([`${"?".repeat(12)}:?*`]));
        default:
          return undefined;
      }
    case "aws:tokenissuetime":
      if (caller === "service") return undefined;
      if (caller === "federated" || (caller === "user" && context.kind === "absent")) return NEVER;
      return always(onScale("date"));
    case "aws:principalaccount":
      return isIdentity ? always() : undefined;
    case "aws:principalisawsservice":
      return caller === "federated" ? NEVER : oneOf([exactPattern(caller === "service" ? "true" : "false")]);
    case "aws:principalservicename":
      return caller === "service" ? always() : NEVER;
    default:
      return undefined;
  }
}

const PRINCIPAL_TYPES = { user: "User", role: "AssumedRole", "federated-user": "FederatedUser" } as const;
