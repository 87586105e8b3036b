import { SELF_SERVICE_ACTIONS } from "../iam/guard/verdict";
import { type ExampleResource, type Examples, policyText, UNKNOWN_TEXT, WITHOUT_MFA } from "./example";
import { examples as groups } from "./iam-group-requires-mfa.examples";

const USER: ExampleResource = { type: "aws:iam/user:User", name: "alice", props: { name: "alice" } };
const KEY: ExampleResource = {
  type: "aws:iam/accessKey:AccessKey",
  name: "alice-key",
  props: { user: "alice" },
};
const LOGIN: ExampleResource = {
  type: "aws:iam/userLoginProfile:UserLoginProfile",
  name: "alice-login",
  props: { user: "alice" },
};

function member(...names: readonly string[]): ExampleResource {
  return {
    type: "aws:iam/userGroupMembership:UserGroupMembership",
    name: "alice-groups",
    props: { user: "alice", groups: names },
  };
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
      resources: [
        USER,
        LOGIN,
        member("readers"),
        { type: "aws:iam/group:Group", name: "readers", props: { name: "readers" } },
      ],
      says: ["a console password that works"],
    },
    {
      title: "A user whose own guard leaves too much open",
      resources: [
        USER,
        KEY,
        {
          type: "aws:iam/userPolicy:UserPolicy",
          name: "alice-guard",
          props: {
            name: "alice-guard",
            user: "alice",
            policy: policyText({
              Effect: "Deny",
              NotAction: [...SELF_SERVICE_ACTIONS, "iam:ChangePassword"],
              Resource: "*",
              Condition: WITHOUT_MFA,
            }),
          },
        },
      ],
      says: ["leaves too much open: iam:ChangePassword in NotAction", "remove this entry from NotAction"],
    },
    {
      title: "A GroupMembership, which owns all members of the guarded group, takes the user out again",
      resources: [
        USER,
        KEY,
        member("staff"),
        ...(groups.good[0]?.resources ?? []),
        {
          type: "aws:iam/groupMembership:GroupMembership",
          name: "all-staff",
          props: { name: "all-staff", group: "staff", users: ["bob"] },
        },
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
