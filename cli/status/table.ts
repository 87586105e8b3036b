import { givesCodes } from "../aws/device";
import { table } from "../terminal/table";
import { localDay } from "../terminal/time";
import type { DeviceState, Member } from "./member";
import { nameOf, type Row } from "./survey";

const HEAD = ["user", "in group", "device", "access keys", "last session", "to do"];
/**
 * The rows for people.
 *
 * @param columns how wide the terminal is; `undefined` where nothing is to be wrapped
 */
export function tableOf(rows: readonly Row[], now: Date, columns: number | undefined): string {
  const cells = rows.map((row) => cellsOf(row, now));
  return table(HEAD, cells, columns);
}

function cellsOf(row: Row, now: Date): string[] {
  const user = nameOf(row);
  if (row.kind === "unseen") {
    return [user, "?", "?", "?", "?", `could not be read: ${row.failure.problem}`];
  }
  if (row.kind === "absent") return [user, "–", "–", "–", "–", "AWS has no such user: pulumi up --refresh"];
  if (row.kind === "undeployed") return [user, "–", "–", "–", "–", "not deployed yet: pulumi up"];
  if (row.kind === "unlisted") {
    return [user, "yes", "–", "–", "–", "not a user of the stack: pulumi up, if one was interrupted"];
  }
  const { member, needs } = row;
  return [
    user,
    member.inGroup ? "yes" : "no",
    devicesCell(member),
    keysCell(member, now),
    member.lastSession ? `${ago(member.lastSession.at, now)}, ${member.lastSession.with}` : "none known",
    needs.map(({ text }) => text).join("\n"),
  ];
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
  const days = Math.floor((now.getTime() - date.getTime()) / (24 * 60 * 60 * 1000));
  if (days < 1) return "today";
  return days === 1 ? "1 day ago" : `${days} days ago`;
}
