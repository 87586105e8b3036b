import { memoize } from "../memoize";
import { type Literal, literal } from "../solver/formula";
import type { Pattern, StringSet } from "../solver/pattern";

/** Variables of a request that are no condition keys have a capital letter, which no condition key keeps. */
export const ACTION = "Action";
export const RESOURCE = "Resource";
/** The ARN of a role's session; `aws:PrincipalArn` is the role's. */
export const SESSION = "Session";

export const CALLER_ARN = "aws:principalarn";
export const CALLER_ACCOUNT = "aws:principalaccount";

/** Begins the variable of a choice. */
export const CHOICE = "Choice ";

/** That a variable's text is in a set. */
export function isIn(variable: string, set: StringSet): Literal {
  const id = `${variable} in ${memoize(written, set, () => JSON.stringify(set.map(compact)))}`;
  return literal(variable, id, { kind: "text", set });
}

export function isNotIn(variable: string, set: StringSet): Literal {
  return { ...isIn(variable, set), holds: false };
}

const written = new WeakMap<StringSet, string>();

/** All that distinguishes one pattern from another. */
function compact({ tokens, text, ignoreCase }: Pattern): readonly unknown[] {
  const letters = tokens.map((token) =>
    token.kind === "char" ? token.char : token.kind === "unknown" ? { ...token, label: "" } : token,
  );
  return [ignoreCase, text ?? letters];
}
