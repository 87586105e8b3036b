import type { Danger, Subject } from "../report";

const CAN: Readonly<Record<Danger["can"], { readonly cell: string; readonly verb: string }>> = {
  administrator: { cell: "administrator", verb: "do anything" },
  escalation: { cell: "escalation", verb: "give themselves more permissions" },
  unknown: { cell: "not known", verb: "use permissions that are not known here" },
  data: { cell: "changes", verb: "change data or settings" },
  read: { cell: "read only", verb: "read" },
  nothing: { cell: "nothing", verb: "do nothing more: no policy here allows it" },
};

const WHO: Readonly<Record<Danger["who"], string>> = {
  anyone: "anyone in the world",
  "another account": "anyone that another account allows",
  "this account": "anyone that this account allows",
  members: "each member",
  "named principals": "the named principals",
  unknown: "whoever it is attached to",
};

/** What those who get in can do, in a word or two, for a table. */
export function dangerCell(danger: Danger | undefined): string {
  return danger === undefined ? "" : CAN[danger.can].cell;
}

/** The danger as one sentence, or none. */
export function dangerInWords({ kind, danger }: Pick<Subject, "kind" | "danger">): readonly string[] {
  if (danger === undefined) return [];
  const { who, can, because } = danger;
  const says = because.length === 0 ? "" : ` (${because.join(", ")})`;
  const whoever = kind === "user" ? "whoever has the credentials" : WHO[who];
  return [`Danger: ${whoever} can get in and ${CAN[can].verb}${says}.`];
}
