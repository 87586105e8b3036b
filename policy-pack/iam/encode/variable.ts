import { memoize } from "../memoize";
import { type Literal, literal } from "../solver/formula";
import type { Pattern, StringSet } from "../solver/pattern";

/** Variables of a request that are no condition keys. */
export const ACTION = "action";
export const RESOURCE = "resource";
/** The ARN of a role's session; `aws:PrincipalArn` is the role's. */
export const SESSION = "session";

export const CALLER_ARN = "aws:principalarn";
export const CALLER_ACCOUNT = "aws:principalaccount";

/** Begins the variable of a choice; no condition key has a space in it. */
export const CHOICE = "choice ";

/** That a variable's text is in a set. */
export function isIn(variable: string, set: StringSet): Literal {
  const id = `${variable} in ${memoize(written, set, () => set.map(writtenPattern).join("|"))}`;
  return literal(variable, id, { kind: "text", set });
}

export function isNotIn(variable: string, set: StringSet): Literal {
  return { ...isIn(variable, set), holds: false };
}

const written = new WeakMap<StringSet, string>();

function writtenPattern({ tokens, text, ignoreCase }: Pattern): string {
  const letters = tokens.map((token) => {
    if (token.kind === "char") return token.char;
    return `\u0000${token.kind === "unknown" ? token.id : token.kind}\u0000`;
  });
  return `${ignoreCase ? "~" : ""}${text ?? letters.join("")}`;
}
