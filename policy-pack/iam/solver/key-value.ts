import type { Budget } from "./budget";
import type { Atom, Domain, Literal, Test } from "./formula";
import { type Found, found, NONE, UNDECIDED } from "./found";
import { findPoint, type IntervalSet, inIntervals, points, readPoint, writePoint } from "./interval";
import { inSet } from "./match";
import type { StringSet } from "./pattern";
import { type Fillings, findString, hasUnknown } from "./string-constraint";

/** A value of a variable. `exact` is false if a free atom leaves open which value it must be. */
export interface Value {
  readonly texts: readonly string[] | undefined;
  readonly exact: boolean;
}

/** Finds a value of a variable for which all literals hold; they are all about it. */
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
  // A key without any value counts as absent, so that there is no value without a demand for one.
  if (several.length === 0 || several.some((one) => one.kind === "none")) return NONE;
  // AWS does not document what a plain operator does with several values, so that a set beside one is undecided.
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

/** What the literals require of the values of a key that is present; `undefined` if no value meets them. */
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
  const texts = (...signs: readonly boolean[]) =>
    demands.flatMap(({ test, holds }) =>
      test.kind === "text" && signs.includes(holds) ? [textsOf(test, holds)] : [],
    );
  const lines = (...signs: readonly boolean[]) =>
    demands.flatMap(({ test, holds }) => (test.kind === "line" && signs.includes(holds) ? [test.set] : []));
  const scales = [...new Set(demands.flatMap(({ test }) => (test.kind === "line" ? [test.scale] : [])))];
  const [scale] = scales;
  if (scale === undefined) {
    const text = findString(texts(true), texts(false), prefer, budget, fillings);
    return text.kind === "found" ? found({ text: text.value, exact }) : text;
  }
  if (texts(true, false).length === 0 && scales.length === 1) {
    const point = findPoint(scale, lines(true), lines(false));
    if (point.kind === "found") return found({ text: writePoint(scale, point.value), exact });
    // No number is outside all of the sets, but a text that is no number may be: AWS does not document it.
    return lines(true).length > 0 ? point : UNDECIDED;
  }
  // Both text and order are asked of the same value: try the values that either suggests. A miss is no proof.
  const suggested = [
    ...scales.flatMap((each) => points(each, lines(true, false)).map((at) => writePoint(each, at))),
    ...texts(true, false).flatMap((set) => set.flatMap((one) => one.text ?? [])),
    ...prefer,
  ];
  const text = suggested.find((candidate) => demands.every((demand) => holdsFor(demand, candidate)));
  return text === undefined ? UNDECIDED : found({ text, exact });
}

/**
 * Whether a value exists whatever an unknown number, date or address turns out to be: if nothing else is required of the
 * value, it can be chosen to match.
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

/**
 * Whether the atom holds for these values of its variable (`undefined`: absent). `undefined` if something outside the
 * document decides.
 */
export function atomHolds(atom: Atom, values: readonly string[] | undefined): boolean | undefined {
  if (atom.test.kind === "free" && (values !== undefined || atom.test.evenAbsent)) return undefined;
  if (values === undefined) return atom.ifAbsent;
  const matched = values.map((text) => holdsFor({ test: atom.test, holds: !atom.opposite }, text));
  return atom.quantifier === "every" ? matched.every(Boolean) : matched.some(Boolean);
}

/** The texts of which a value must be one, or must not be one. */
function textsOf({ set, surely = set }: Extract<Test, { kind: "text" }>, holds: boolean): StringSet {
  return holds ? set : surely;
}

function holdsFor({ test, holds }: Demand, text: string): boolean {
  switch (test.kind) {
    case "text":
      return inSet(textsOf(test, holds), text) === holds;
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
