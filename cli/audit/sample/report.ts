import { ranked } from "../danger/rank";
import type { Place, Report } from "../report";
import { account } from "./account";
import { openRole } from "./findings";

const refusing: Place = {
  kind: "account",
  name: "444455556666",
  trouble: {
    problem: "AWS refuses iam:GetAccountAuthorizationDetails to arn:aws:iam::444455556666:role/audit.",
    remedy: "Allow what `aws-mfa audit --iam-policy` prints to this role.",
  },
  subjects: [],
};

const URN = "urn:pulumi:prod::payments::aws:iam";
const state: Place = {
  kind: "state",
  name: "payments/prod",
  subjects: [
    {
      kind: "role",
      name: "refunds",
      id: `${URN}/role:Role::refunds`,
      standing: "open",
      reason: "Can be assumed without MFA.",
      findings: [openRole("refunds", ["arn:aws:iam::111122223333:root"])],
      notes: [],
      danger: ranked({
        who: "this account",
        can: "unknown",
        because: ["arn:aws:iam::aws:policy/job-function/Billing"],
      }),
      assumableBy: [{ principal: "arn:aws:iam::111122223333:root", class: "account", mfa: "not required" }],
    },
    {
      kind: "group",
      name: "payments-team",
      id: `${URN}/group:Group::payments-team`,
      standing: "unknown",
      reason: "A policy that it carries is encrypted in the state.",
      findings: [],
      notes: [],
    },
  ],
};

const file: Place = {
  kind: "file",
  name: "policies/break-glass.json",
  subjects: [
    {
      kind: "policy",
      name: "break-glass.json",
      id: "policies/break-glass.json",
      standing: "protected",
      reason: "Whoever assumes a role with this trust policy must have given a code.",
      findings: [],
      notes: [],
      assumableBy: [{ principal: "arn:aws:iam::111122223333:root", class: "account", mfa: "required" }],
    },
  ],
};

/** Two accounts, one that denies access, a stack's state and a file, compared with an earlier report. The ids are from AWS's documentation. */
export const sampleReport: Report = {
  version: 1,
  madeAt: "2026-03-01T06:30:00.000Z",
  baseline: { madeAt: "2026-02-01T06:30:00.000Z" },
  places: [account, refusing, state, file],
};
