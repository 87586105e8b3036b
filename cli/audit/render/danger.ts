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
  unknown: "anyone it is attached to",
};

/** What those who get in can do, in a word or two. */
export function dangerCell(danger: Danger | undefined): string {
  return danger === undefined ? "" : CAN[danger.can].cell;
}

/** The danger as a sentence, if there is one. */
export function dangerText({ kind, danger }: Pick<Subject, "kind" | "danger">): readonly string[] {
  if (danger === undefined) return [];
  const { who, can, because } = danger;
  const reasons = because.length === 0 ? "" : ` (${because.join(", ")})`;
  return [
    `Danger: ${kind === "user" ? "anyone who has the credentials" : WHO[who]} can get in and ${CAN[can].verb}${reasons}.`,
  ];
}
