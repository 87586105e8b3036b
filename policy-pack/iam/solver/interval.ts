import { type Found, found, NONE } from "./found";

/**
 * The meaning of a line's points, each an exact whole number: an address of 32 or 128 bits, a number in units of 10^-PLACES, a
 * date in such units of a second since 1970.
 */
export type Scale = "number" | "age" | "date" | "ip";

/** An interval. It is unbounded where an end is absent; `without` excludes the end itself. */
export interface Interval {
  readonly from?: { readonly at: bigint; readonly without: boolean };
  readonly to?: { readonly at: bigint; readonly without: boolean };
}

export type IntervalSet = readonly Interval[];

export function inIntervals(set: IntervalSet, point: bigint): boolean {
  return set.some(
    ({ from, to }) =>
      (from === undefined || (from.without ? point > from.at : point >= from.at)) &&
      (to === undefined || (to.without ? point < to.at : point <= to.at)),
  );
}

/** Finds a point in every set of `all` and in no set of `none`. Complete: the sets change only at their ends. */
export function findPoint(
  scale: Scale,
  all: readonly IntervalSet[],
  none: readonly IntervalSet[],
): Found<bigint> {
  const point = points(scale, [...all, ...none]).find(
    (candidate) =>
      all.every((set) => inIntervals(set, candidate)) && !none.some((set) => inIntervals(set, candidate)),
  );
  return point === undefined ? NONE : found(point);
}

/** One point from every stretch of the line on which no set changes, a round one if there is a choice. */
export function points(scale: Scale, sets: readonly IntervalSet[]): bigint[] {
  const ends = sets
    .flat()
    .flatMap(({ from, to }) => [from?.at, to?.at])
    .filter((end) => end !== undefined);
  if (scale === "ip") {
    const all = ends.flatMap((end) => [end, end - 1n, end + 1n]);
    return [...all, DOCUMENTATION_ADDRESS, DOCUMENTATION_ADDRESS_V6].filter(isAddress);
  }
  const sorted = [...new Set(ends)].sort((a, b) => (a < b ? -1 : 1));
  const [first = 0n] = sorted;
  const last = sorted.at(-1) ?? 0n;
  if (scale === "age") return [...new Set(sorted.flatMap(wholesAround))];
  const between = sorted.slice(1).flatMap((end, index) => {
    const previous = sorted[index] ?? end;
    return previous + ONE < end ? [wholeAbove(previous)] : [(previous + end) / 2n];
  });
  const far = scale === "date" ? 86_400n * ONE : ONE;
  return sorted.length === 0 ? [0n] : [...sorted, ...between, last + far, first - far];
}

/** An age is a whole number of seconds. */
function wholesAround(point: bigint): bigint[] {
  const above = wholeAbove(point);
  return [above - 2n * ONE, above - ONE, above].filter((age) => age >= 0n);
}

function wholeAbove(point: bigint): bigint {
  return point - (((point % ONE) + ONE) % ONE) + ONE;
}

/** IPv4 lies below 2^32; IPv6 is moved above it, so that the two never mix. */
const V6 = 1n << 32n;
const DOCUMENTATION_ADDRESS = 0xcb007101n; // 203.0.113.1
const DOCUMENTATION_ADDRESS_V6 = V6 + (0x20010db8n << 96n) + 1n; // 2001:db8::1

function isAddress(point: bigint): boolean {
  return point >= 0n && point < V6 + (1n << 128n);
}

/** Decimal places of a number, and the most digits before the point; one with more is not read. */
const PLACES = 400;
const ONE = 10n ** BigInt(PLACES);

/** A whole number as a point of a line. */
export function wholeNumber(value: number): bigint {
  return BigInt(value) * ONE;
}

/** The whole number at a point or below it. */
export function floorOf(point: bigint): number {
  return Number((wholeAbove(point) - ONE) / ONE);
}

/** Reads a number exactly: digits with a sign, a fraction or an exponent. */
export function parseNumber(text: string): bigint | undefined {
  const match = /^(-?)(\d{1,400})(?:\.(\d{1,400}))?(?:e([+-]?\d{1,3}))?$/i.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const shift = PLACES - fraction.length + Number(exponent);
  if (shift < 0 || shift > 2 * PLACES) return undefined;
  const size = BigInt(whole + fraction) * 10n ** BigInt(shift);
  return sign === "-" ? -size : size;
}

/** Reads a date: one of the W3C forms of ISO 8601, or seconds since 1970. */
export function parseDate(text: string): bigint | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text) && !/^\d{4}$/.test(text)) return parseNumber(text);
  const match =
    /^(\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)?)?)(\.\d{1,400})?(Z|[+-]\d\d:?\d\d)?$/i.exec(text);
  const [, moment = "", fraction = "", zone = ""] = match ?? [];
  const hasTime = /T/i.test(moment);
  if (match === null || (!hasTime && fraction + zone !== "")) return undefined;
  if (fraction !== "" && !/:\d\d:\d\d$/.test(moment)) return undefined;
  const time = Date.parse(`${moment}${hasTime ? zone || "Z" : ""}`.toUpperCase());
  if (Number.isNaN(time)) return undefined;
  return wholeNumber(time / 1000) + (parseNumber(`0${fraction}`) ?? 0n);
}

/** Reads an address or a CIDR block as the interval that it covers. */
export function parseAddressBlock(text: string): Interval | undefined {
  const [address = "", bits, ...rest] = text.split("/");
  const value = parseAddress(address);
  if (value === undefined || rest.length > 0) return undefined;
  const size = value >= V6 ? 128 : 32;
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return undefined;
  const prefix = bits === undefined ? size : Number(bits);
  if (prefix > size) return undefined;
  const span = 1n << BigInt(size - prefix);
  const base = value >= V6 ? V6 : 0n;
  const from = base + ((value - base) / span) * span;
  return { from: { at: from, without: false }, to: { at: from + span - 1n, without: false } };
}

export function parseAddress(text: string): bigint | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const parts = text.split(".").map(Number);
    if (parts.some((part) => part > 255)) return undefined;
    return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  }
  const halves = text.toLowerCase().split("::");
  if (!/^[0-9a-f:]+$/i.test(text) || halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const gap = 8 - head.length - tail.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined;
  const groups = [...head, ...Array<string>(Math.max(gap, 0)).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined;
  return V6 + groups.reduce((sum, group) => (sum << 16n) + BigInt(Number.parseInt(group, 16)), 0n);
}

/** The point of a text; `undefined` if the text has none on this scale. */
export function readPoint(scale: Scale, text: string): bigint | undefined {
  switch (scale) {
    case "number":
    case "age":
      return parseNumber(text);
    case "date":
      return parseDate(text);
    case "ip":
      return parseAddress(text);
  }
}

/** Writes a point as a request would carry it. */
export function writePoint(scale: Scale, point: bigint): string {
  switch (scale) {
    case "number":
    case "age":
      return writeNumber(point);
    case "date": {
      const milliseconds = Number((point * 1000n) / ONE);
      const isExact =
        wholeNumber(milliseconds) === point * 1000n && Math.abs(milliseconds) <= LAST_MILLISECOND;
      return isExact ? new Date(milliseconds).toISOString() : writeNumber(point);
    }
    case "ip":
      return writeAddress(point);
  }
}

/** The last moment that a `Date` can hold. */
const LAST_MILLISECOND = 8.64e15;

function writeNumber(point: bigint): string {
  const digits = (point < 0n ? -point : point).toString().padStart(PLACES + 1, "0");
  const whole = digits.slice(0, -PLACES);
  const fraction = digits.slice(-PLACES).replace(/0+$/, "");
  return `${point < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

function writeAddress(point: bigint): string {
  if (point < V6) return [24n, 16n, 8n, 0n].map((shift) => (point >> shift) & 0xffn).join(".");
  const groups = [7n, 6n, 5n, 4n, 3n, 2n, 1n, 0n];
  return groups.map((group) => (((point - V6) >> (group * 16n)) & 0xffffn).toString(16)).join(":");
}
