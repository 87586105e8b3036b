import { spellKey } from "../condition/key";
import { isMfaKey, MFA_AGE, MFA_PRESENT } from "../mfa-context";

/**
 * The MFA key, as AWS spells it, that an unknown key close to it means: with another prefix, a letter too many, or a shorter
 * name. `undefined` for an MFA key itself and every other key, also one that includes a name of someone's own choice
 * (`aws:PrincipalTag/mfa`, `login.example.com:mfa`).
 */
export function meantMfaKey(key: string): string | undefined {
  if (isMfaKey(key) || key.includes("/") || OF_A_PROVIDER.test(key)) return undefined;
  const name = lettersOf(key.slice(key.lastIndexOf(":") + 1));
  const whole = lettersOf(key);
  const isMeant =
    SPEAKS_OF_MFA.test(name) ||
    [MFA_PRESENT, MFA_AGE].some((right) => {
      const letters = lettersOf(right);
      return isNear(whole, letters) || isNear(name, letters.slice("aws".length));
    });
  if (!isMeant) return undefined;
  return spellKey(/ages?$/.test(name) ? MFA_AGE : MFA_PRESENT);
}

/** The condition keys of an identity provider begin with its domain. */
const OF_A_PROVIDER = /^[a-z0-9-]+(\.[a-z0-9-]+)+:/;

const SPEAKS_OF_MFA = /multifactor|^(is|has|used|with)?mfa|mfa(present|age|enabled|used|authenticated)?$/;

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

const MOST_SLIPS = 3;

/** Whether one text becomes the other by a few letters changed, added, removed or swapped with their neighbor. */
function isNear(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > MOST_SLIPS) return false;
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= one.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwap ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(one.length, other.length) <= MOST_SLIPS;
}
