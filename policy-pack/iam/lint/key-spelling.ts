import { MFA_AGE, MFA_PRESENT } from "../mfa-context";

/** The MFA keys as AWS spells them; case does not count in a policy. */
const SPELLING: ReadonlyMap<string, string> = new Map([
  [MFA_PRESENT, "aws:MultiFactorAuthPresent"],
  [MFA_AGE, "aws:MultiFactorAuthAge"],
]);

export function isMfaKey(key: string): boolean {
  return SPELLING.has(key);
}

/** A key for a reader: an MFA key as AWS spells it, any other as it is. */
export function spell(key: string): string {
  return SPELLING.get(key) ?? key;
}

/**
 * The MFA key that somebody meant who wrote this key, which AWS does not know: another prefix, a letter too many, or a
 * shorter name. `undefined` for an MFA key itself and for every other key. Keys that carry a name of the caller's own
 * choice (`aws:PrincipalTag/mfa`, `login.example.com:mfa`) mean what they say.
 */
export function meantMfaKey(key: string): string | undefined {
  if (isMfaKey(key) || key.includes("/") || OF_A_PROVIDER.test(key)) return undefined;
  const name = lettersOf(key.slice(key.lastIndexOf(":") + 1));
  const whole = lettersOf(key);
  const isMeant =
    SPEAKS_OF_MFA.test(name) ||
    [...SPELLING.keys()].some((right) => {
      const letters = lettersOf(right);
      return isNear(whole, letters) || isNear(name, letters.slice("aws".length));
    });
  if (!isMeant) return undefined;
  return spell(/ages?$/.test(name) ? MFA_AGE : MFA_PRESENT);
}

/** The condition keys of an identity provider begin with its domain. */
const OF_A_PROVIDER = /^[a-z0-9-]+(\.[a-z0-9-]+)+:/;

const SPEAKS_OF_MFA = /multifactor|^(is|has|used|with)?mfa|mfa(present|age|enabled|used|authenticated)?$/;

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

const MOST_SLIPS = 3;

/** Whether one text becomes the other by a few letters changed, added, left out or swapped with their neighbour. */
function isNear(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > MOST_SLIPS) return false;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + (isSame ? 0 : 1),
          isSwap && row > 1 && column > 1 ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, other.length) <= MOST_SLIPS;
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
