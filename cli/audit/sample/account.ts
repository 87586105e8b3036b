import { ranked } from "../danger/rank";
import type { AssumableBy, Place, Setup, Subject } from "../report";
import { lastUseOfUser } from "../usage/last-use";
import { condition, openGroup, openRole, openUser } from "./findings";

const ACCOUNT = "111122223333";
const arn = (kind: string, name: string, account = ACCOUNT) => `arn:aws:iam::${account}:${kind}/${name}`;
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const PARTNER = "arn:aws:iam::444455556666:root";

const with_ = (principal: string, of: AssumableBy["class"]): AssumableBy => ({
  principal,
  class: of,
  mfa: "required",
});
const without = (principal: string, of: AssumableBy["class"]): AssumableBy => ({
  principal,
  class: of,
  mfa: "not required",
});

type More = Partial<Pick<Subject, "danger" | "findings" | "notes" | "assumableBy" | "setup" | "lastUse">>;

function subject(kind: "role" | "group" | "user") {
  return (name: string, standing: Subject["standing"], reason: string, more: More = {}): Subject => ({
    kind,
    name,
    id: arn(kind, name),
    standing,
    reason,
    findings: [],
    notes: [],
    ...more,
    ...lastUseBy(more),
  });
}
const role = subject("role");
const group = subject("group");
const user = subject("user");

function lastUseBy({ setup }: More): Pick<Subject, "lastUse"> {
  const lastUse = lastUseOfUser(setup);
  return lastUse === undefined || lastUse === "none" ? {} : { lastUse };
}

const key = (createdAt: string, lastUsed: string | null, active = true) => ({ active, createdAt, lastUsed });
function setup(given: Partial<Setup>): Setup {
  return { mfaDevice: false, password: null, accessKeys: [], guardedBy: [], ...given };
}

const OPEN = "Can be assumed without MFA.";
const HELD = "Whoever assumes it must have given a code.";

const ROLES = [
  role("Release", "open", OPEN, {
    findings: [openRole("Release", [ROOT]), condition("Release")],
    danger: ranked({
      who: "this account",
      can: "escalation",
      because: ["iam:PassRole and lambda:CreateFunction"],
    }),
    assumableBy: [without(ROOT, "account")],
    lastUse: { kind: "used", of: "role", at: "2026-02-27T14:03:00.000Z", region: "eu-west-1" },
  }),
  role("OrganizationAudit", "open", "Anyone of the organization can assume it without MFA.", {
    findings: [openRole("OrganizationAudit", ["*"])],
    danger: ranked({ who: "anyone", can: "read", because: ["iam:ListUsers"] }),
    assumableBy: [without("*", "anyone"), with_(arn("user", "alice"), "user")],
    lastUse: { kind: "not recorded", of: "role", createdAt: "2023-05-04T09:00:00.000Z" },
  }),
  role("Billing", "open", OPEN, {
    findings: [openRole("Billing", [arn("user", "carol")])],
    danger: ranked({ who: "named principals", can: "data", because: ["budgets:ModifyBudget"] }),
    assumableBy: [
      without(arn("user", "carol"), "user"),
      with_(arn("user", "alice"), "user"),
      with_(ROOT, "account"),
    ],
  }),
  role("BackupOperator", "open", OPEN, {
    findings: [openRole("BackupOperator", [arn("user", "bob")], "known")],
    danger: ranked({ who: "named principals", can: "administrator", because: [] }),
    assumableBy: [without(arn("user", "bob"), "user")],
  }),
  role("PartnerAccess", "unknown", "Its trust policy needs too many cases to be decided.", {
    notes: ["Not decided: the trust policy has 40 statements with patterns that overlap."],
    assumableBy: [without(PARTNER, "account")],
  }),
  role("DeployFromCi", "exempt", "Only a machine gets in, which an exemption covers.", {
    findings: [openRole("DeployFromCi", [arn("role", "ci-runner")], "exempt")],
    notes: ["Exempt: a machine without people (until 2030-12-31)."],
    assumableBy: [without(arn("role", "ci-runner"), "role")],
  }),
  role("PublishDocumentation", "exempt", "Only federated principals get in, which need no MFA here.", {
    assumableBy: [
      without(`arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`, "federated"),
    ],
  }),
  role("ResizeImages", "exempt", "Only services get in, which need no MFA here.", {
    assumableBy: [without("lambda.amazonaws.com", "service")],
  }),
  role("MFABasedAccess", "protected", HELD, {
    assumableBy: [
      with_(ROOT, "account"),
      with_(arn("user", "alice"), "user"),
      with_(arn("user", "bob"), "user"),
      with_(arn("user", "carol"), "user"),
    ],
  }),
  role("ReadOnly", "protected", HELD, { assumableBy: [with_(ROOT, "account"), with_(PARTNER, "account")] }),
  role("DataScience", "protected", HELD, {
    assumableBy: [with_(arn("user", "carol"), "user"), with_(arn("user", "dave"), "user")],
  }),
  role("DatabaseAdmin", "protected", HELD, { assumableBy: [with_(arn("user", "alice"), "user")] }),
];

const GROUPS = [
  group("Contractors", "open", "Members need no MFA.", {
    findings: [openGroup("Contractors")],
    danger: ranked({ who: "members", can: "nothing", because: [] }),
    lastUse: { kind: "nobody", members: 0 },
  }),
  group("Auditors", "unknown", "A policy that it carries could not be read."),
  group("EngineersMFA", "protected", "It carries a guard: without MFA nothing but enrolling a device."),
  group("AdministratorsMFA", "protected", "It carries a guard: without MFA nothing but enrolling a device."),
];

const USERS = [
  user("bob", "open", "Has an access key that works without MFA.", {
    findings: [openUser("bob", "an access key that works")],
    danger: ranked({ who: "named principals", can: "data", because: ["s3:PutObject"] }),
    setup: setup({
      accessKeys: [
        key("2023-02-11T09:12:00Z", "2026-02-27T16:40:00Z"),
        key("2021-06-01T08:00:00Z", null, false),
      ],
    }),
  }),
  user("erin", "open", "Has a password that works without MFA.", {
    findings: [openUser("erin", "a console password that works")],
    danger: ranked({
      who: "named principals",
      can: "unknown",
      because: ["arn:aws:iam::aws:policy/SupportUser"],
    }),
    setup: setup({ password: { lastUsed: "2026-02-20T07:31:00Z" } }),
  }),
  user("dave", "exempt", "An exemption covers what was found.", {
    findings: [{ ...openUser("dave", "access keys"), state: "exempt" }],
    notes: ["Exempt: leaves at the end of the quarter (until 2026-03-31)."],
    setup: setup({ accessKeys: [key("2024-08-19T12:00:00Z", "2026-01-08T10:05:00Z")] }),
  }),
  user("carol", "protected", "A guard of EngineersMFA requires MFA of the user.", {
    notes: ["No device is assigned yet, so this user can do nothing but enroll one."],
    setup: setup({ guardedBy: ["EngineersMFA"], accessKeys: [key("2026-02-25T11:00:00Z", null)] }),
  }),
  user("alice", "protected", "A guard of AdministratorsMFA requires MFA of the user.", {
    setup: setup({
      mfaDevice: true,
      guardedBy: ["AdministratorsMFA", "EngineersMFA"],
      password: { lastUsed: "2026-02-28T08:15:00Z" },
      accessKeys: [key("2025-11-03T10:00:00Z", "2026-02-28T17:02:00Z")],
    }),
  }),
  user("frank", "protected", "Has neither a password nor access keys."),
];

/** An account with some of everything. */
export const account: Place = {
  kind: "account",
  name: ACCOUNT,
  alias: "example-production",
  notes: ["Last uses may be up to four hours old."],
  subjects: [...ROLES, ...GROUPS, ...USERS],
};
