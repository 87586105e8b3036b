import type { Danger } from "../report";

/** The weight of what they can do. An unknown policy may allow anything, so only what is known to be worse ranks above it. */
const CAN: Readonly<Record<Danger["can"], number>> = {
  administrator: 100,
  escalation: 90,
  unknown: 60,
  data: 50,
  read: 20,
  nothing: 5,
};

/** The share of it that counts: the fewer get in, the less. */
const WHO: Readonly<Record<Danger["who"], number>> = {
  anyone: 1,
  "another account": 0.95,
  "this account": 0.9,
  members: 0.85,
  unknown: 0.85,
  "named principals": 0.8,
};

/** A danger with its rank, which never falls if more get in or if they can do more. */
export function ranked(danger: Omit<Danger, "rank">): Danger {
  return { ...danger, rank: Math.round(CAN[danger.can] * WHO[danger.who]) };
}

export function isWorse(one: Danger["can"], other: Danger["can"]): boolean {
  return CAN[one] > CAN[other];
}

/** Whether more get in. */
export function isWider(one: Danger["who"], other: Danger["who"]): boolean {
  return WHO[one] > WHO[other];
}
