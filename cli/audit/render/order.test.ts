import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ranked } from "../danger/rank";
import type { Danger, Standing, Subject } from "../report";
import { anyReport } from "../sample/any-report";
import { byDanger, placed, STANDINGS, sortedByDanger } from "./order";

const subject = (name: string, danger?: Omit<Danger, "rank">, standing: Standing = "open"): Subject => ({
  kind: "group",
  name,
  id: name,
  standing,
  reason: "",
  findings: [],
  notes: [],
  ...(danger === undefined ? {} : { danger: ranked(danger) }),
});

describe("the order of subjects", () => {
  test("is by standing, then by what can be done, then by who gets in", () => {
    const said = (who: Danger["who"], can: Danger["can"]) => ({ who, can, because: [] });
    const all = [
      subject("protected", undefined, "protected"),
      subject("marketing", said("members", "read")),
      subject("public", said("anyone", "read")),
      subject("vendor", said("another account", "unknown")),
      subject("deploy", said("named principals", "escalation")),
      subject("admins", said("members", "administrator")),
    ];
    const sorted = sortedByDanger(all, (each) => each);
    expect(sorted.map(({ name }) => name)).toEqual([
      ...["admins", "deploy", "vendor", "public", "marketing", "protected"],
    ]);
  });

  test("keeps every subject of any report, and puts standing before danger", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const all = byDanger(report).map(({ subject: each }) => each);
        expect(new Set(all)).toEqual(new Set(placed(report).map(({ subject: each }) => each)));
        const keys = all.map(({ standing, danger }) => [STANDINGS.indexOf(standing), -(danger?.rank ?? 0)]);
        expect(keys).toEqual([...keys].sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d));
      }),
    );
  });
});
