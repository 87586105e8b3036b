import type { AssumableBy } from "../report";

/** Who gets in; for a user, with which `credential`. */
export interface Principal {
  readonly principal: string;
  readonly class: AssumableBy["class"] | "credential";
}

export interface Called {
  readonly name: string;
  readonly what: string;
}

/** A short name for a principal, and what it is. The details have its ARN. */
export function called({ principal, class: of }: Principal): Called {
  const arn = /^arn:[^:]*:[^:]*:[^:]*:([^:]*):(.*)$/s.exec(principal);
  const account = arn?.[1] ?? "";
  const last = (arn?.[2] ?? principal).split("/").at(-1) || principal;
  switch (of) {
    case "anyone":
      return { name: principal === "*" ? "Anyone" : last, what: "anyone in the world" };
    case "credential":
      return { name: principal, what: "anyone who has them" };
    case "account":
      return { name: arn === null ? principal : account, what: "everyone in the account" };
    case "user":
    case "role":
      return { name: last, what: account === "" ? of : `${of} in ${account}` };
    case "service":
    case "federated":
      return { name: last, what: of };
    case "unknown":
      return { name: last, what: "not known" };
  }
}
