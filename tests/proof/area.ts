import type { Random } from "../random";

/** One kind of document that the proof compares. */
export interface Area {
  readonly name: string;
  /** How many of a hundred documents of the proof are of it. */
  readonly share: number;
  /** Compares this many random documents: with the same seed the same ones. */
  compare(count: number, seed: number, pick: Random, tally: Tally): Promise<void>;
  /** Lets go of what it started. */
  end?(): Promise<void>;
}

/**
 * What a verdict came to. `safe`: no request without MFA gets in. `open`: one does. `undecided`: a value that is not known
 * decides. `undocumented`: it counts as open, because AWS does not say what it means.
 */
export type Said = "safe" | "open" | "undecided" | "undocumented";

/** A verdict that is wrong: `missed` is a way in that was called safe, `false alarm` the reverse. */
export interface Disagreement {
  readonly direction: "missed" | "false alarm";
  readonly text: string;
}

/** What was counted in one area. */
export interface Tally {
  documents: number;
  /** Asked of the evaluator about what is called safe. */
  requests: number;
  /** Asked of it about what is called open. */
  witnesses: number;
  readonly said: Record<Said, number>;
  /** Further counts, by what was counted. */
  readonly more: Map<string, number>;
  readonly disagreements: Disagreement[];
}

export function newTally(): Tally {
  return {
    documents: 0,
    requests: 0,
    witnesses: 0,
    said: { safe: 0, open: 0, undecided: 0, undocumented: 0 },
    more: new Map(),
    disagreements: [],
  };
}

export function count(tally: Tally, what: string): void {
  tally.more.set(what, (tally.more.get(what) ?? 0) + 1);
}

export function missed(tally: Tally, what: string, about: object): void {
  tally.disagreements.push({ direction: "missed", text: `${what}: ${written(about)}` });
}

export function falseAlarm(tally: Tally, what: string, about: object): void {
  tally.disagreements.push({ direction: "false alarm", text: `${what}: ${written(about)}` });
}

/** What is the same for all documents of an area is left out. */
function written(about: object): string {
  return JSON.stringify(about, (key, value: unknown) =>
    key === "values" || key === "tooOld" ? undefined : value,
  );
}

/** One line with every count of an area. */
export function summary(
  name: string,
  { documents, requests, witnesses, said, more, disagreements }: Tally,
): string {
  const wrong = (direction: Disagreement["direction"]) =>
    disagreements.filter((each) => each.direction === direction).length;
  const others = [...more].map(([what, times]) => `, ${what}: ${times}`).join("");
  return (
    `${name}: ${documents} documents; ${said.safe} safe (${requests} requests, ${wrong("missed")} get in), ` +
    `${said.open} open (${witnesses} witnesses, ${wrong("false alarm")} false alarms), ` +
    `${said.undecided} undecided, ${said.undocumented} undocumented${others}`
  );
}
