import type { Retouch } from "./screen";

/** As long as what stands in their place, so that every line keeps its length. */
const DAY = "2030-01-15";
const TIME = "09:30:00";
const SECONDS = Date.parse(`${DAY}T${TIME}Z`) / 1000;
const TWO_DAYS_MS = 2 * 24 * 60 * 60 * 1000;
/** The local AWS says of every credential report that it was made on this day, where AWS would say within four hours. */
const DAY_OF_REPORTS = "2015-02-02";

/**
 * What is shown of a run in the place of what differs from run to run and from machine to machine: the home folder, which
 * is a temporary one, access key ids, and the days and times about `now`. Everything else stays as the terminal showed it.
 *
 * @param homes the path of each home folder, and what is shown for it; both as long as each other
 */
export function retouchFor(homes: ReadonlyMap<string, string>, now: Date): Retouch {
  const isNow = (day: string) =>
    day === DAY_OF_REPORTS || Math.abs(Date.parse(day) - now.getTime()) < TWO_DAYS_MS;
  return (line) => {
    const timed = line.replaceAll(
      /(\d{4}-\d{2}-\d{2})(?:([T ])\d{2}:\d{2}(:\d{2}(\.\d{3})?)?)?/g,
      (found, day: string, between?: string, seconds?: string, fraction?: string) => {
        if (!isNow(day)) return found;
        if (between === undefined) return DAY;
        return `${DAY}${between}${seconds ? TIME : TIME.slice(0, 5)}${fraction ? ".000" : ""}`;
      },
    );
    const named = timed.replaceAll(/(botocore-session-)\d{10}/g, `$1${SECONDS}`);
    const withExampleKeys = named.replaceAll(/\bAKIA[A-Z0-9]{16}\b/g, "AKIAIOSFODNN7EXAMPLE");
    return [...homes].reduce((text, [home, shown]) => text.replaceAll(home, shown), withExampleKeys);
  };
}
