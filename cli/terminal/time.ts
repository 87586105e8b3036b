const TIME = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
});

/** A time in the person's time zone: `2030-03-01 21:35 CET`. */
export function localTime(date: Date): string {
  return `${localDay(date)} ${TIME.format(date)}`;
}

/** A day in the person's time zone: `2030-03-01`. */
export function localDay(date: Date): string {
  // Not the date of a locale with this form: some builds of Node.js have only English.
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}
