import type { AssumableBy } from "../report";

/** Who gets in; of a user, with what: a `credential` is in whoever's hands it is. */
export interface Principal {
  readonly principal: string;
  readonly class: AssumableBy["class"] | "credential";
}

/** A principal as a person calls it, and what it is. */
export interface Called {
  readonly name: string;
  readonly what: string;
}

/** A short name for a principal: the whole ARN stands beside it in the details. */
export function called({ principal, class: of }: Principal): Called {
  const arn = /^arn:[^:]*:[^:]*:[^:]*:([^:]*):(.*)$/s.exec(principal);
  const account = arn?.[1] ?? "";
  const last = (arn?.[2] ?? principal).split("/").at(-1) || principal;
  switch (of) {
    case "anyone":
      return { name: principal === "*" ? "Anyone" : last, what: "anyone at all" };
    case "credential":
      return { name: principal, what: "whoever holds them" };
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
