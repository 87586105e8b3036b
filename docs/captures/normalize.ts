import type { Normalize } from "./screen";

const DAY = "2030-01-15";
const TIME = "09:30:00";
const SECONDS = Date.parse(`${DAY}T${TIME}Z`) / 1000;
const TWO_DAYS_MS = 2 * 24 * 60 * 60 * 1000;
/** The local AWS dates every credential report on this day. */
const REPORT_DAY = "2015-02-02";

/**
 * Replaces what differs between runs and machines by examples of the same length: home folders, access key ids, and times near `now`.
 *
 * @param homes the example for each home folder; both have the same length
 */
export function normalizer(homes: ReadonlyMap<string, string>, now: Date): Normalize {
  const isNow = (day: string) =>
    day === REPORT_DAY || Math.abs(Date.parse(day) - now.getTime()) < TWO_DAYS_MS;
  return (line) => {
    const dated = line
      .replaceAll(
        /(\d{4}-\d{2}-\d{2})(?:([T ])\d{2}:\d{2}(:\d{2}(\.\d{3})?)?)?/g,
        (found, day: string, separator?: string, seconds?: string, fraction?: string) => {
          if (!isNow(day)) return found;
          if (separator === undefined) return DAY;
          return `${DAY}${separator}${seconds ? TIME : TIME.slice(0, 5)}${fraction ? ".000" : ""}`;
        },
      )
      .replaceAll(/(botocore-session-)\d{10}/g, `$1${SECONDS}`)
      .replaceAll(/\bAKIA[A-Z0-9]{16}\b/g, "AKIAIOSFODNN7EXAMPLE");
    return [...homes].reduce((text, [home, example]) => text.replaceAll(home, example), dated);
  };
}
