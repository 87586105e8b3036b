import type { Opaque } from "../opaque";

/** The classes that the specification tells apart; `anyone` is `*`, `{"AWS":"*"}` and what `NotPrincipal` leaves. */
export type PrincipalClass = "service" | "federated" | "role" | "user" | "account" | "anyone";

/**
 * One name in a `Principal` or `NotPrincipal` element.
 * Source: IAM user guide, "AWS JSON policy elements: Principal".
 */
export type PrincipalEntry =
  | { readonly kind: "anyone"; readonly written: string }
  | {
      readonly kind: "account";
      readonly written: string;
      readonly partition?: string;
      readonly account: string;
    }
  | { readonly kind: "user"; readonly written: string }
  | { readonly kind: "role"; readonly written: string; readonly account: string; readonly name: string }
  /** One session of a role. */
  | {
      readonly kind: "session";
      readonly written: string;
      readonly partition: string;
      readonly account: string;
      readonly name: string;
    }
  /** A unique id, which AWS shows in place of a user or role that was deleted. */
  | { readonly kind: "id"; readonly written: string; readonly class: "user" | "role" }
  | { readonly kind: "service"; readonly written: string }
  | { readonly kind: "federated"; readonly written: string; readonly protocol: "saml" | "web" }
  | { readonly kind: "unknown"; readonly value: Opaque };

export function classOf(entry: PrincipalEntry): PrincipalClass | "unknown" {
  switch (entry.kind) {
    case "session":
      return "role";
    case "id":
      return entry.class;
    default:
      return entry.kind;
  }
}

/** Reads a name under `"AWS"`; `undefined` for one that AWS refuses. */
export function parseAwsPrincipal(written: string): PrincipalEntry | undefined {
  if (written === "*") return { kind: "anyone", written };
  if (/^\d{12}$/.test(written)) return { kind: "account", written, account: written };
  if (/^AIDA[A-Z0-9]{12,28}$/.test(written)) return { kind: "id", written, class: "user" };
  if (/^AROA[A-Z0-9]{12,28}$/.test(written)) return { kind: "id", written, class: "role" };
  const match = /^arn:(aws[a-z0-9-]*):(iam|sts)::(\d{12}):(.+)$/.exec(written);
  const [, partition = "", service = "", account = "", rest = ""] = match ?? [];
  if (/[*?]/.test(rest)) return undefined;
  if (service === "iam") {
    if (rest === "root") return { kind: "account", written, partition, account };
    const [, type, name = ""] = /^(user|role)\/(?:[^:]*\/)?([^/:]+)$/.exec(rest) ?? [];
    if (type === "user") return { kind: "user", written };
    if (type === "role") return { kind: "role", written, account, name };
  }
  if (service === "sts") {
    const [, name] = /^assumed-role\/([^/:]+)\/[^/:]+$/.exec(rest) ?? [];
    if (name !== undefined) return { kind: "session", written, partition, account, name };
    if (/^federated-user\/[^/:]+$/.test(rest)) return { kind: "user", written };
  }
  return undefined;
}

/** Reads a name under `"Service"`. */
export function parseServicePrincipal(written: string): PrincipalEntry | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+$/.test(written)
    ? { kind: "service", written }
    : undefined;
}

/** Reads a name under `"Federated"`: a SAML provider, an OpenID Connect provider, or one of the built-in ones. */
export function parseFederatedPrincipal(written: string): PrincipalEntry | undefined {
  if (/^arn:aws[a-z0-9-]*:iam::\d{12}:saml-provider\/[^*?\s]+$/.test(written)) {
    return { kind: "federated", written, protocol: "saml" };
  }
  if (
    /^arn:aws[a-z0-9-]*:iam::\d{12}:oidc-provider\/[^*?\s]+$/.test(written) ||
    /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(\/[^*?\s]*)?$/.test(written)
  ) {
    return { kind: "federated", written, protocol: "web" };
  }
  return undefined;
}
