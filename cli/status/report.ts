import { nameOf, type Row } from "./survey";

/** The rows for scripts. Dates are in ISO 8601; what AWS does not know is `null`. */
export function reportOf(stack: string, account: string, rows: readonly Row[]): string {
  const complete = rows.every(({ kind }) => kind !== "unseen");
  return `${JSON.stringify({ stack, account, complete, users: rows.map(userOf) }, undefined, 2)}\n`;
}

function userOf(row: Row) {
  const user = nameOf(row);
  switch (row.kind) {
    case "unseen":
      return { user, problem: row.failure.problem, remedy: row.failure.remedy };
    case "absent":
      return { user, exists: false };
    case "undeployed":
      return { user, deployed: false };
    case "unlisted":
      return { user, inStack: false, inGroup: true };
    case "seen": {
      const { inGroup, devices, locked, otherDevices, accessKeys, hasPassword, lastSession } = row.member;
      return {
        user,
        exists: true,
        needs: row.needs,
        inGroup,
        // As before a user could have several.
        device: devices[0],
        devices,
        locked,
        replacing: devices.some(({ replacing }) => replacing),
        otherDevices: otherDevices.map(({ serial }) => serial),
        accessKeys: accessKeys.map((key) => ({ ...key, lastUse: key.lastUse ?? null })),
        hasPassword,
        lastSession: lastSession ?? null,
      };
    }
  }
}
