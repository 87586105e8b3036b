import type { Request } from "./simulator";

/** A number or a moment: a whole number, and by which power of ten it is to be multiplied. */
type Point = readonly [digits: bigint, exponent: number];

/**
 * A document and a request with every number and every date replaced by its place among them. The evaluator compares
 * doubles and milliseconds, which are too coarse; small whole numbers in the same order mean the same.
 */
export function ranked(
  document: unknown,
  request: Request,
): { readonly document: unknown; readonly request: Request } {
  const points = new Map<string, Point[]>();
  const both = { document, request };
  replaced(both, (key, text) => {
    const point = pointOf(key, text);
    if (point !== undefined) points.set(key, [...(points.get(key) ?? []), point]);
    return text;
  });
  return replaced(both, (key, text) => {
    const point = pointOf(key, text);
    if (point === undefined) return text;
    const place = points.get(key)?.filter((each) => compare(each, point) < 0).length ?? 0;
    return key === "aws:currenttime" ? new Date(place * 86_400_000).toISOString() : String(place);
  });
}

const ORDERED = /^aws:(principaltag\/level|multifactorauthage|currenttime|epochtime)$/i;

/** The value with each text under an ordered key, given in small letters, replaced. */
function replaced<T>(value: T, replace: (key: string, text: string) => string): T {
  const under = (key: string, each: unknown): unknown => {
    if (typeof each === "string") return ORDERED.test(key) ? replace(key.toLowerCase(), each) : each;
    if (Array.isArray(each)) return each.map((one: unknown) => under(key, one));
    if (typeof each !== "object" || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([name, one]) => [name, under(name, one)]));
  };
  return under("", value) as T;
}

function pointOf(key: string, text: string): Point | undefined {
  if (key.endsWith("time") && (text.includes("-", 1) || /^\d{4}$/.test(text))) {
    const [, moment = "", fraction = "", zone = "Z"] =
      /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
    const seconds = Date.parse(moment + (moment.includes("T") ? zone : "")) / 1000;
    return [BigInt(seconds) * 10n ** BigInt(fraction.length) + BigInt(fraction || 0), -fraction.length];
  }
  const [all, sign, whole, fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  if (all === undefined) return undefined;
  return [BigInt(`${sign}${BigInt(`${whole}${fraction}`)}`), Number(exponent) - fraction.length];
}

function compare([digits, exponent]: Point, [otherDigits, otherExponent]: Point): number {
  const least = Math.min(exponent, otherExponent);
  const difference =
    digits * 10n ** BigInt(exponent - least) - otherDigits * 10n ** BigInt(otherExponent - least);
  return difference < 0n ? -1 : Number(difference > 0n);
}
