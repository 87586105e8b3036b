import type { Place, Report, Subject } from "../report";
import { openRole } from "./findings";

const ACCOUNT = "111122223333";

/** An account of many roles and users, every tenth role open and every tenth user without a device. */
export function largeReport(roles: number, groups: number, users: number): Report {
  const name = (kind: string, index: number) => `${kind}-${String(index).padStart(5, "0")}`;
  const many = (kind: Subject["kind"], number: number, more: (index: number) => Partial<Subject>) =>
    Array.from(
      { length: number },
      (_, index): Subject => ({
        kind,
        name: name(kind, index),
        id: `arn:aws:iam::${ACCOUNT}:${kind}/${name(kind, index)}`,
        standing: "protected",
        reason: "Without MFA nobody gets in.",
        findings: [],
        notes: [],
        ...more(index),
      }),
    );
  const user = (index: number) => `arn:aws:iam::${ACCOUNT}:user/${name("user", index % Math.max(1, users))}`;
  const place: Place = {
    kind: "account",
    name: ACCOUNT,
    subjects: [
      ...many("role", roles, (index) => {
        const assumableBy = [index, index * 7 + 3].map((at) => ({
          principal: user(at),
          class: "user" as const,
          mfa: index % 10 === 0 ? ("not required" as const) : ("required" as const),
        }));
        return index % 10 === 0
          ? {
              standing: "open",
              findings: [
                openRole(
                  name("role", index),
                  assumableBy.map((each) => each.principal),
                ),
              ],
              assumableBy,
            }
          : { assumableBy };
      }),
      ...many("group", groups, () => ({})),
      ...many("user", users, (index) => ({
        setup: { mfaDevice: index % 10 !== 0, password: null, accessKeys: [], guardedBy: ["EngineersMFA"] },
      })),
    ],
  };
  return { version: 1, madeAt: "2026-03-01T06:30:00.000Z", places: [place] };
}
