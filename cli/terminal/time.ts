const FORMAT = new Intl.DateTimeFormat("en-GB", {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
});

/** A time for a person, where they are: `2030-03-01 21:35 CET`. */
export function localTime(date: Date): string {
  const { hour, minute, timeZoneName } = partsOf(date);
  return `${localDay(date)} ${hour}:${minute} ${timeZoneName}`;
}

/** A day for a person: `2030-03-01`. */
export function localDay(date: Date): string {
  const { year, month, day } = partsOf(date);
  return `${year}-${month}-${day}`;
}

function partsOf(date: Date): Readonly<Record<string, string>> {
  return Object.fromEntries(FORMAT.formatToParts(date).map(({ type, value }) => [type, value]));
}
