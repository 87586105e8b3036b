import { STANDING as WORDS } from "../../render/words";
import type { Standing } from "../../report";

export const STANDING = (standing: Standing): string =>
  WORDS[standing].charAt(0).toUpperCase() + WORDS[standing].slice(1);

const MOMENT = new Intl.DateTimeFormat("en", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
const DAY = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });

export const moment = (iso: string): string => formatted(MOMENT, iso);
export const day = (iso: string): string => formatted(DAY, iso);

function formatted(format: Intl.DateTimeFormat, iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : format.format(date);
}
