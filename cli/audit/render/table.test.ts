import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { printable } from "../../terminal/escape-controls";
import type { Place, Subject } from "../report";
import { tableOf } from "./table";

const tableOfPlace = (place: Partial<Place>) =>
  tableOf(
    {
      version: 1,
      madeAt: "2030-01-31T12:00:00.000Z",
      places: [{ kind: "account", name: "111122223333", subjects: [], ...place }],
    },
    { all: false, columns: undefined },
  );

const HOSTILE = "x\u001b[1A\u001b[2K\rrequired\u202e\u0007";
const VISIBLE = "x\\u001b[1A\\u001b[2K\\u000drequired\\u202e\\u0007";

describe("the table", () => {
  test("shows kinds of devices and signing certificates, and administrators without a device", () => {
    const user = (name: string, mfaDevice: boolean, can: "administrator" | "data"): Subject => ({
      ...({ kind: "user", name, id: name, standing: "open", reason: "", findings: [], notes: [] } as const),
      danger: { who: "named principals", can, because: [], rank: 50 },
      setup: {
        mfaDevice,
        ...(mfaDevice && { deviceKinds: ["virtual"] as const }),
        signingCertificates: 1,
        password: null,
        accessKeys: [{ active: true, createdAt: null, lastUsed: null }],
        guardedBy: [],
      },
    });
    const subjects = [
      user("alice", true, "administrator"),
      user("bob", false, "administrator"),
      user("carol", false, "data"),
    ];
    const text = stripVTControlCharacters(tableOfPlace({ subjects }));
    expect(text).toMatch(/alice .*virtual device, 1 key, 1 signing certificate/);
    expect(text).toContain("Administrators without an MFA device: bob.");
  });

  test("escapes control characters in every name, reason and message", () => {
    const role: Subject = {
      kind: "role",
      name: HOSTILE,
      id: "x",
      standing: "open",
      reason: `${HOSTILE}\nrequired  role  other`,
      notes: [],
      findings: [
        {
          policy: "iam-role-requires-mfa",
          severity: "critical",
          level: "mandatory",
          message: `first\n${HOSTILE}`,
          witnesses: [],
          fingerprint: "",
          state: "new",
        },
      ],
    };
    const trouble = { problem: HOSTILE, remedy: HOSTILE };
    const text = tableOfPlace({ name: HOSTILE, notes: [HOSTILE], trouble, subjects: [role] });
    const ours = stripVTControlCharacters(printable(text));
    expect(ours).not.toMatch(/[^\P{C}\n]/u);
    expect(ours.split(VISIBLE)).toHaveLength(9);
    expect(ours).toContain(`\n  first\n  ${VISIBLE}\n`);
    expect(ours).not.toMatch(/^required/m);
  });

  test("does not say that nobody gets in if nothing was read", () => {
    const notes = ["Not looked at: the account is suspended."];
    const text = tableOfPlace({ notes });
    expect(text).toContain("Nothing was found there to evaluate.");
    expect(text).not.toContain("Nobody gets in");
  });
});
