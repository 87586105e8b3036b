import type { Danger } from "../report";

/** How bad it is, at worst. What is not known may be anything, so only what is known to be worse stands before it. */
const CAN: Readonly<Record<Danger["can"], number>> = {
  administrator: 100,
  escalation: 90,
  unknown: 60,
  data: 50,
  read: 20,
  nothing: 5,
};

/** What of it is left, the fewer get in. */
const WHO: Readonly<Record<Danger["who"], number>> = {
  anyone: 1,
  "another account": 0.95,
  "this account": 0.9,
  members: 0.85,
  unknown: 0.85,
  "named principals": 0.8,
};

/** A danger with its rank, which never falls when more get in or they can do more. */
export function ranked(danger: Omit<Danger, "rank">): Danger {
  return { ...danger, rank: Math.round(CAN[danger.can] * WHO[danger.who]) };
}

/** The worse of two. */
export function isWorse(one: Danger["can"], other: Danger["can"]): boolean {
  return CAN[one] > CAN[other];
}

/** Whether more get in. */
export function isWider(one: Danger["who"], other: Danger["who"]): boolean {
  return WHO[one] > WHO[other];
}
