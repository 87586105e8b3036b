import { type Found, found, NONE } from "./text";

/** Where a scale's values lie on a line. Numbers and dates are numbers (dates in ms); addresses are 128-bit. */
export type Scale = "number" | "date" | "ip";

/** An interval with its ends. `undefined` is an open end; `without` leaves the end itself out. */
export interface Interval {
  readonly from?: { readonly at: bigint | number; readonly without: boolean };
  readonly to?: { readonly at: bigint | number; readonly without: boolean };
}

export type LineSet = readonly Interval[];

export function onLine(set: LineSet, point: bigint | number): boolean {
  return set.some(
    ({ from, to }) =>
      (from === undefined || (from.without ? point > from.at : point >= from.at)) &&
      (to === undefined || (to.without ? point < to.at : point <= to.at)),
  );
}

/** Finds a point in every set of `all` and in no set of `none`. Complete: the sets change only at their ends. */
export function findPoint(
  scale: Scale,
  all: readonly LineSet[],
  none: readonly LineSet[],
): Found<bigint | number> {
  const point = points(scale, [...all, ...none]).find(
    (candidate) => all.every((set) => onLine(set, candidate)) && !none.some((set) => onLine(set, candidate)),
  );
  return point === undefined ? NONE : found(point);
}

/** One point from every stretch of the line on which no set changes, a round one where there is a choice. */
export function points(scale: Scale, sets: readonly LineSet[]): (bigint | number)[] {
  const ends = sets
    .flat()
    .flatMap(({ from, to }) => [from?.at, to?.at])
    .filter((end) => end !== undefined);
  if (scale === "ip") {
    const all = ends.flatMap((end) => [BigInt(end), BigInt(end) - 1n, BigInt(end) + 1n]);
    return [...all, DOCUMENTATION_ADDRESS, DOCUMENTATION_ADDRESS_V6].filter(isAddress);
  }
  const sorted = [...new Set(ends.map(Number))].sort((a, b) => a - b);
  if (sorted.length === 0) return [0];
  const between = sorted.slice(1).flatMap((end, index) => {
    const previous = sorted[index] ?? end;
    const step = scale === "date" ? 1000 : 1;
    return previous + step < end ? [previous + step] : [(previous + end) / 2];
  });
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? 0;
  const far = scale === "date" ? 86_400_000 : 1;
  return [...sorted, ...between, last + far, first - far];
}

/** IPv4 lies below 2^32; IPv6 is moved above it, so that the two never mix. */
export const V6 = 1n << 32n;
const DOCUMENTATION_ADDRESS = 0xcb007101n; // 203.0.113.1
const DOCUMENTATION_ADDRESS_V6 = V6 + (0x20010db8n << 96n) + 1n; // 2001:db8::1

function isAddress(point: bigint | number): boolean {
  return point >= 0n && point < V6 + (1n << 128n);
}

/** Reads a number as IAM writes it: digits, with a sign or a fraction. Nothing rests on how AWS would read another form. */
export function parseNumber(text: string): number | undefined {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** Reads a date: one of the W3C forms of ISO 8601, or seconds since 1970. Milliseconds since 1970. */
export function parseDate(text: string): number | undefined {
  const epoch = /^\d+(\.\d+)?$/.test(text) && text.length > 4 ? Number(text) * 1000 : undefined;
  if (epoch !== undefined) return epoch;
  if (!/^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/i.test(text))
    return undefined;
  const zoned = /T/i.test(text) && !/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? `${text}Z` : text;
  const time = Date.parse(zoned.toUpperCase());
  return Number.isNaN(time) ? undefined : time;
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

/** Writes a point as a request would carry it. */
export function writePoint(scale: Scale, point: bigint | number): string {
  switch (scale) {
    case "number":
      return String(point);
    case "date":
      return new Date(Number(point)).toISOString();
    case "ip":
      return writeAddress(BigInt(point));
  }
}

function writeAddress(point: bigint): string {
  if (point < V6) return [24n, 16n, 8n, 0n].map((shift) => (point >> shift) & 0xffn).join(".");
  const groups = [7n, 6n, 5n, 4n, 3n, 2n, 1n, 0n];
  return groups.map((group) => (((point - V6) >> (group * 16n)) & 0xffffn).toString(16)).join(":");
}
