import { PLURAL, STANDING as WORDS } from "../../render/words";
import type { Standing, Subject } from "../../report";

export const STANDING = (standing: Standing): string =>
  WORDS[standing].charAt(0).toUpperCase() + WORDS[standing].slice(1);

const NUMBER = new Intl.NumberFormat("en");

export function count(number: number, one: string, many = `${one}s`): string {
  return `${NUMBER.format(number)} ${number === 1 ? one : many}`;
}

export const numeral = (number: number): string => NUMBER.format(number);

const LIST = new Intl.ListFormat("en", { type: "conjunction" });

/** Such as `15 roles, 6 groups and 40 users`. */
export function countedKinds(subjects: readonly Pick<Subject, "kind">[]): string {
  const numbers = new Map<string, number>();
  for (const { kind } of subjects) numbers.set(kind, (numbers.get(kind) ?? 0) + 1);
  const kinds = Object.entries(PLURAL).flatMap(([kind, plural]) => {
    const number = numbers.get(kind);
    return number === undefined ? [] : [count(number, kind, plural)];
  });
  return LIST.format(kinds);
}

const MOMENT = new Intl.DateTimeFormat("en", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
const DAY = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });

export const moment = (iso: string): string => shownBy(MOMENT, iso);
export const day = (iso: string | null): string => (iso === null ? "never" : shownBy(DAY, iso));

function shownBy(format: Intl.DateTimeFormat, iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : format.format(date);
}
