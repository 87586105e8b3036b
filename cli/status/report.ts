import type { Row } from "./survey";

/** The rows as JSON for scripts. Dates are in ISO 8601; what AWS has not recorded is `null`. */
export function reportOf(stack: string, account: string, rows: readonly Row[]): string {
  const complete = rows.every(({ kind }) => kind !== "unseen");
  const users = rows.map((row) => ({ user: row.user, ...stateOf(row) }));
  return `${JSON.stringify({ stack, account, complete, users }, undefined, 2)}\n`;
}

function stateOf(row: Row) {
  switch (row.kind) {
    case "unseen":
      return { problem: row.failure.problem, remedy: row.failure.remedy };
    case "absent":
      return { exists: false };
    case "undeployed":
      return { deployed: false };
    case "unlisted":
      return { inStack: false, inGroup: true };
    case "seen": {
      const { inGroup, devices, locked, otherDevices, accessKeys, hasPassword, lastSession } = row.member;
      return {
        exists: true,
        needs: row.needs,
        inGroup,
        // From before a user could have several devices.
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
