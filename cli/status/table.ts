import { givesCodes } from "../aws/device";
import { table } from "../terminal/table";
import { localDay } from "../terminal/time";
import type { DeviceState, Member } from "./member";
import type { Row } from "./survey";
import { daysSince } from "./tasks";

const HEAD = ["user", "in group", "device", "access keys", "last session", "to do"];

/**
 * The rows for people.
 *
 * @param columns the width of the terminal; `undefined` for no wrapping
 */
export function tableOf(rows: readonly Row[], now: Date, columns: number | undefined): string {
  const cells = rows.map((row) => [row.user, ...cellsOf(row, now)]);
  return table(HEAD, cells, columns);
}

function cellsOf(row: Row, now: Date): string[] {
  switch (row.kind) {
    case "unseen":
      return ["?", "?", "?", "?", `could not be read: ${row.failure.problem}`];
    case "absent":
      return ["–", "–", "–", "–", "AWS has no such user: pulumi up --refresh"];
    case "undeployed":
      return ["–", "–", "–", "–", "not deployed yet: pulumi up"];
    case "unlisted":
      return ["yes", "–", "–", "–", "not a user of the stack: pulumi up, if one was interrupted"];
    case "seen": {
      const { inGroup, lastSession } = row.member;
      return [
        inGroup ? "yes" : "no",
        devicesCell(row.member),
        keysCell(row.member, now),
        lastSession ? `${ago(lastSession.at, now)}, ${lastSession.with}` : "none known",
        row.needs.map(({ text }) => text).join("\n"),
      ];
    }
  }
}

function devicesCell({ devices, otherDevices }: Member): string {
  return [
    ...devices.map((each) => (devices.length > 1 ? `${each.name}: ${deviceCell(each)}` : deviceCell(each))),
    ...otherDevices.map((other) =>
      givesCodes(other) ? `not of the stack: ${other.serial}` : "a security key, for the console only",
    ),
  ].join("\n");
}

function deviceCell(device: DeviceState): string {
  switch (device.state) {
    case "missing":
      return "gone";
    case "waiting":
      return "not enabled";
    case "taken":
      return `${device.by}'s`;
    case "enabled":
      return device.since ? `enabled ${localDay(device.since)}` : "enabled";
  }
}

function keysCell({ accessKeys }: Member, now: Date): string {
  if (accessKeys.length === 0) return "none";
  return accessKeys
    .map(({ active, madeAt, lastUse }) => {
      const made = `${active ? "" : "inactive, "}made ${ago(madeAt, now)}`;
      return lastUse ? `${made}, used ${ago(lastUse.at, now)} (${lastUse.service})` : `${made}, never used`;
    })
    .join("\n");
}

function ago(date: Date, now: Date): string {
  const days = daysSince(date, now);
  if (days < 1) return "today";
  return days === 1 ? "1 day ago" : `${days} days ago`;
}
