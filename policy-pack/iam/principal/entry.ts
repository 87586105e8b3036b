import { identityOf, partsOf, type Text, Unknown, written } from "../policy/unknown";

/** The classes of principals. `anyone` is `*`, `{"AWS":"*"}` and `NotPrincipal`. */
export type PrincipalClass = "service" | "federated" | "role" | "user" | "account" | "anyone";

/**
 * One name in a `Principal` or `NotPrincipal` element. Any part of it may be unknown, if the rest says what kind of principal it
 * is.
 * Source: IAM user guide, "AWS JSON policy elements: Principal".
 */
export type PrincipalEntry =
  | { readonly kind: "anyone"; readonly text: Text }
  | { readonly kind: "account"; readonly text: Text; readonly partition?: Text; readonly account: Text }
  /** `isFederated`: a session of `sts:GetFederationToken`, which AWS names by the user's part of its ARN. */
  | { readonly kind: "user"; readonly text: Text; readonly partition: Text; readonly isFederated: boolean }
  /** A role, or one session of it. */
  | {
      readonly kind: "role" | "session";
      readonly text: Text;
      readonly partition: Text;
      readonly account: Text;
      readonly name: Text;
    }
  /** A unique id, which AWS shows in place of a user or role that was deleted. */
  | { readonly kind: "id"; readonly text: string; readonly class: "user" | "role" }
  | { readonly kind: "service"; readonly text: Text }
  | { readonly kind: "federated"; readonly text: Text; readonly protocol: "saml" | "web" | "unknown" }
  /** Under `AWS`, so that it is a user, a role, an account or anyone. */
  | { readonly kind: "unknown"; readonly text: Unknown }
  /** The whole `Principal` element, so that it is a principal of any class. */
  | { readonly kind: "anybody"; readonly text: Unknown };

export function classOf(entry: PrincipalEntry): PrincipalClass | "unknown" {
  switch (entry.kind) {
    case "session":
      return "role";
    case "id":
      return entry.class;
    case "anybody":
      return "unknown";
    default:
      return entry.kind;
  }
}

/** The principal as the document names it, for messages. */
export function nameOf({ kind, text }: PrincipalEntry): string {
  return kind === "anybody" ? "a principal that is not known yet" : written(text);
}

/** The same for entries that name the same principal in the same way. */
export function idOf({ kind, text }: PrincipalEntry): string {
  return `${kind} ${identityOf(text)}`;
}

const PARTITION = "((?:aws|U+)(?:[a-z0-9-]|U)*)";
const ACCOUNT = "(\\d{12}|\\d*U(?:\\d|U)*)";
const NAME = "((?:[\\w+=,.@-]|U)+)";
/** AWS lets a path hold every character from `!` to DEL; a wildcard is none in a principal. */
const PATH = "(?:(?:[!-)+->@-\\x7f]|U)*/)?";

/** A pattern in which `U` is a character for an unknown part. */
function form(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll("U", "[\\uE000-\\uE0FF]")}$`);
}

const ROOT = form(`arn:${PARTITION}:iam::${ACCOUNT}:root`);
const USER_OR_ROLE = form(`arn:${PARTITION}:iam::${ACCOUNT}:(user|role)/${PATH}${NAME}`);
const SESSION = form(`arn:${PARTITION}:sts::${ACCOUNT}:assumed-role/${NAME}/${NAME}`);
const FEDERATED_USER = form(`arn:${PARTITION}:sts::${ACCOUNT}:federated-user/${NAME}`);
const PROVIDER = form(`arn:${PARTITION}:iam::${ACCOUNT}:(saml|oidc)-provider/(?:[^*?\\s]|U)+`);

/** Reads a name under `AWS`; `undefined` for one that AWS refuses. */
export function parseAwsPrincipal(text: Text): PrincipalEntry | undefined {
  if (text === "*") return { kind: "anyone", text };
  if (text instanceof Unknown && text.form === "account") return { kind: "account", text, account: text };
  const { shape, part } = shapeOf(text);
  if (/^\d{12}$/.test(shape)) return { kind: "account", text, account: text };
  const [id, prefix] = /^(AIDA|AROA)[A-Z0-9]{12,28}$/.exec(shape) ?? [];
  if (id !== undefined) return { kind: "id", text: id, class: prefix === "AIDA" ? "user" : "role" };
  const root = ROOT.exec(shape);
  if (root !== null) return { kind: "account", text, partition: part(root[1]), account: part(root[2]) };
  const [, partition, account, type, name] = USER_OR_ROLE.exec(shape) ?? [];
  if (type === "user") return { kind: "user", text, partition: part(partition), isFederated: false };
  const session = SESSION.exec(shape);
  if (type === "role" || session !== null) {
    const [inPartition, ofAccount, called] = session?.slice(1) ?? [partition, account, name];
    const parts = { partition: part(inPartition), account: part(ofAccount), name: part(called) };
    return { kind: session === null ? "role" : "session", text, ...parts };
  }
  const federated = FEDERATED_USER.exec(shape);
  if (federated !== null) return { kind: "user", text, partition: part(federated[1]), isFederated: true };
  return text instanceof Unknown ? { kind: "unknown", text } : undefined;
}

/** Reads a name under `"Service"`. */
export function parseServicePrincipal(text: Text): PrincipalEntry | undefined {
  return text instanceof Unknown || /^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+$/.test(text)
    ? { kind: "service", text }
    : undefined;
}

/** Reads a name under `"Federated"`: a SAML provider, an OpenID Connect provider, or one of the built-in ones. */
export function parseFederatedPrincipal(text: Text): PrincipalEntry | undefined {
  const provider = PROVIDER.exec(shapeOf(text).shape)?.[3];
  if (provider !== undefined) {
    return { kind: "federated", text, protocol: provider === "saml" ? "saml" : "web" };
  }
  if (text instanceof Unknown) return { kind: "federated", text, protocol: "unknown" };
  return /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(\/[^*?\s]*)?$/.test(text)
    ? { kind: "federated", text, protocol: "web" }
    : undefined;
}

/** The text with a private character for each unknown part, and the inverse. */
function shapeOf(text: Text): { readonly shape: string; readonly part: (shape?: string) => Text } {
  const parts = partsOf(text);
  const mark = (index: number) => String.fromCharCode(0xe000 + index);
  const holdsMark = parts.some((each) => typeof each === "string" && /[\uE000-\uE0FF]/.test(each));
  if (parts.length > 0x100 || holdsMark) return { shape: "", part: () => "" };
  const shape = parts.map((each, index) => (typeof each === "string" ? each : mark(index))).join("");
  const restore = (char: string): Text => parts[char.charCodeAt(0) - 0xe000] ?? char;
  return { shape, part: (of = "") => Unknown.text("a part of a principal", of.split("").map(restore)) };
}
