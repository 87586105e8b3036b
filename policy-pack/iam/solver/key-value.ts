import type { Budget } from "./budget";
import type { Atom, Domain, Literal, Test } from "./formula";
import {
  findPoint,
  type IntervalSet,
  inIntervals,
  parseAddress,
  parseDate,
  parseNumber,
  points,
  type Scale,
  writePoint,
} from "./interval";
import {
  type Fillings,
  type Found,
  findString,
  found,
  hasUnknown,
  inSet,
  NONE,
  type StringSet,
  UNDECIDED,
} from "./string-constraint";

/** A value for one variable. `exact` is false when a free atom leaves it open which value it has to be. */
export interface Value {
  readonly texts: readonly string[] | undefined;
  readonly exact: boolean;
}

/** Finds a value of one variable for which all the literals hold (they are all about that variable). */
export function findValue(
  domain: Domain,
  literals: readonly Literal[],
  budget: Budget,
  fillings: Fillings = "some",
): Found<Value> {
  const isOpen = ({ atom }: Literal) => atom.test.kind === "free" && atom.test.evenAbsent;
  const mayLack = (literal: Literal) => literal.atom.ifAbsent === literal.holds || isOpen(literal);
  if (domain.presence !== "always" && literals.every(mayLack)) {
    return found({ texts: undefined, exact: !literals.some(isOpen) });
  }
  if (domain.presence === "never") return NONE;
  const demands = split(literals);
  if (demands === undefined) return NONE;
  const within = domain.within.map((test) => ({ test, holds: true }));
  const ask = (extra: readonly Demand[]) =>
    findOne([...within, ...demands.each, ...extra], domain.prefer, budget, fillings);

  const single = ask([...demands.plain, ...demands.some]);
  if (single.kind !== "none") return listed(single.kind === "found" ? [single] : [UNDECIDED]);
  if (!demands.isSet) return NONE;
  const several = demands.some.map((demand) => ask([demand]));
  // A key that is there with no value at all counts as absent, so there is no value without a demand for one.
  if (several.length === 0 || several.some((one) => one.kind === "none")) return NONE;
  // What a plain operator does with several values is not documented, so a set beside one stays undecided.
  return demands.plain.length > 0 ? UNDECIDED : listed(several);
}

function listed(values: readonly Found<{ text: string; exact: boolean }>[]): Found<Value> {
  const texts: string[] = [];
  let exact = true;
  for (const one of values) {
    if (one.kind !== "found") return UNDECIDED;
    texts.push(one.value.text);
    exact &&= one.value.exact;
  }
  return found({ texts: [...new Set(texts)], exact });
}

interface Demand {
  readonly test: Test;
  readonly holds: boolean;
}

/** What the literals ask of the values of a key that is there; `undefined` when no value can do. */
function split(
  literals: readonly Literal[],
): { plain: Demand[]; each: Demand[]; some: Demand[]; isSet: boolean } | undefined {
  const plain: Demand[] = [];
  const each: Demand[] = [];
  const some: Demand[] = [];
  for (const { atom, holds } of literals) {
    if (atom.test.kind === "present") {
      if (!holds) return undefined;
      continue;
    }
    const demand = { test: atom.test, holds: atom.opposite !== holds };
    if (atom.quantifier === "one") plain.push(demand);
    else if ((atom.quantifier === "every") === holds) each.push(demand);
    else some.push(demand);
  }
  return { plain, each, some, isSet: literals.some(({ atom }) => atom.quantifier !== "one") };
}

function findOne(
  demands: readonly Demand[],
  prefer: readonly string[],
  budget: Budget,
  fillings: Fillings,
): Found<{ text: string; exact: boolean }> {
  const exact = !demands.some(
    ({ test }) => test.kind === "free" || (test.kind === "text" && hasUnknown(test.set)),
  );
  if (fillings === "every" && !isFreeOfOthers(demands)) return NONE;
  const texts = demands.flatMap(({ test, holds }) =>
    test.kind === "text" ? [{ set: test.set, holds }] : [],
  );
  const lines = demands.flatMap(({ test, holds }) =>
    test.kind === "line" ? [{ scale: test.scale, set: test.set, holds }] : [],
  );
  const scales = [...new Set(lines.map((line) => line.scale))];
  const [scale] = scales;
  if (scale === undefined) {
    return withExact(findString(setsOf(texts, true), setsOf(texts, false), prefer, budget, fillings), exact);
  }
  if (texts.length === 0 && scales.length === 1) {
    const point = findPoint(scale, linesOf(lines, true), linesOf(lines, false));
    if (point.kind !== "found") {
      // No number is outside of them all, but a text that is no number may be: what AWS makes of it is not documented.
      return lines.some(({ holds }) => holds) ? point : UNDECIDED;
    }
    return found({ text: writePoint(scale, point.value), exact });
  }
  // Text and order asked of the same value: try what either side suggests; a miss is no proof.
  const suggested = [
    ...scales.flatMap((each) =>
      points(
        each,
        lines.map((line) => line.set),
      ).map((at) => writePoint(each, at)),
    ),
    ...texts.flatMap(({ set }) => set.flatMap((one) => one.text ?? [])),
    ...prefer,
  ];
  const text = suggested.find((candidate) => demands.every((demand) => holdsFor(demand, candidate)));
  return text === undefined ? UNDECIDED : found({ text, exact });
}

/**
 * Whether a value can be had whatever a number, a date or an address that is not known turns out to be: where nothing
 * else is asked of it, it can be chosen to match.
 */
function isFreeOfOthers(demands: readonly Demand[]): boolean {
  const unknown = demands.filter(({ test }) => test.kind === "free" && test.unknown === true);
  if (unknown.length === 0) return true;
  const others = demands.filter(
    ({ test }) => test.kind === "text" || (test.kind === "line" && !isWholeLine(test.set)),
  );
  return others.length === 0 && unknown.length === 1 && unknown[0]?.holds === true;
}

function isWholeLine([only, ...more]: IntervalSet): boolean {
  return more.length === 0 && only !== undefined && only.from === undefined && only.to === undefined;
}

function withExact(answer: Found<string>, exact: boolean): Found<{ text: string; exact: boolean }> {
  return answer.kind === "found" ? found({ text: answer.value, exact }) : answer;
}

function setsOf(texts: readonly { set: StringSet; holds: boolean }[], holds: boolean): StringSet[] {
  return texts.filter((text) => text.holds === holds).map((text) => text.set);
}

function linesOf(lines: readonly { set: IntervalSet; holds: boolean }[], holds: boolean): IntervalSet[] {
  return lines.filter((line) => line.holds === holds).map((line) => line.set);
}

/**
 * Whether the atom holds for these values of its variable (`undefined`: absent). `undefined` when it depends on
 * something outside the document.
 */
export function atomHolds(atom: Atom, values: readonly string[] | undefined): boolean | undefined {
  if (atom.test.kind === "free" && (values !== undefined || atom.test.evenAbsent)) return undefined;
  if (values === undefined) return atom.ifAbsent;
  const matched = values.map((text) => holdsFor({ test: atom.test, holds: !atom.opposite }, text));
  return atom.quantifier === "every" ? matched.every(Boolean) : matched.some(Boolean);
}

function holdsFor({ test, holds }: Demand, text: string): boolean {
  switch (test.kind) {
    case "text":
      return inSet(test.set, text) === holds;
    case "line": {
      const point = readPoint(test.scale, text);
      return point !== undefined && inIntervals(test.set, point) === holds;
    }
    case "present":
      return holds;
    case "free":
      return true;
  }
}

function readPoint(scale: Scale, text: string): bigint | undefined {
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
