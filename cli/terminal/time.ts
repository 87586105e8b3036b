const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
/** Swedish dates are ISO 8601. */
const DAY = new Intl.DateTimeFormat("sv-SE");

/** A time in the person's time zone: `2030-03-01 21:35 CET`. */
export function localTime(date: Date): string {
  return `${localDay(date)} ${TIME.format(date)}`;
}

/** A day in the person's time zone: `2030-03-01`. */
export function localDay(date: Date): string {
  return DAY.format(date);
}
