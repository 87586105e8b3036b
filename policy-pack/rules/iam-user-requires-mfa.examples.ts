import { SELF_SERVICE_ACTIONS } from "../iam/guard/verdict";
import { type ExampleResource, type Examples, iam, policyText, UNKNOWN_TEXT, WITHOUT_MFA } from "./example";
import { examples as groups } from "./iam-group-requires-mfa.examples";

const USER = iam("User", "alice", { name: "alice" });
const KEY = iam("AccessKey", "alice-key", { user: "alice" });
const LOGIN = iam("UserLoginProfile", "alice-login", { user: "alice" });

function member(...names: readonly string[]): ExampleResource {
  return iam("UserGroupMembership", "alice-groups", { user: "alice", groups: names });
}

export const examples: Examples = {
  good: [
    {
      title: "A user with an access key in a guarded group",
      resources: [USER, KEY, member("staff"), ...(groups.good[0]?.resources ?? [])],
    },
    {
      title: "A group that another stack guards",
      config: { guardedGroups: ["*MFA"] },
      resources: [USER, KEY, member("StaffMFA")],
    },
    {
      title: "A group of another stack that is not known yet, and may be a guarded one",
      config: { guardedGroups: ["*MFA"] },
      resources: [USER, KEY, member(UNKNOWN_TEXT)],
      notes: ["a policy or a membership is not known"],
    },
    { title: "A user without any credential", resources: [USER] },
  ],
  bad: [
    {
      title: "A user with an access key in no group",
      resources: [USER, KEY],
      says: ["an access key that works", "no guarded group"],
    },
    {
      title: "A user with a password in a group without a guard",
      resources: [USER, LOGIN, member("readers"), iam("Group", "readers", { name: "readers" })],
      says: ["a console password that works"],
    },
    {
      title: "A user whose own guard leaves too much open",
      resources: [
        USER,
        KEY,
        iam("UserPolicy", "alice-guard", {
          name: "alice-guard",
          user: "alice",
          policy: policyText({
            Effect: "Deny",
            NotAction: [...SELF_SERVICE_ACTIONS, "iam:ChangePassword"],
            Resource: "*",
            Condition: WITHOUT_MFA,
          }),
        }),
      ],
      says: ["leaves too much open: iam:ChangePassword in NotAction", "remove this entry from NotAction"],
    },
    {
      title: "A GroupMembership, which owns all members of the guarded group, removes the user",
      resources: [
        USER,
        KEY,
        member("staff"),
        ...(groups.good[0]?.resources ?? []),
        iam("GroupMembership", "all-staff", { name: "all-staff", group: "staff", users: ["bob"] }),
      ],
      says: ["all-staff owns all members of a guarded group and does not name this user"],
    },
    {
      title: "A user with both in no group",
      resources: [USER, KEY, LOGIN],
      says: ["an access key and a console password that work without MFA"],
    },
  ],
};
