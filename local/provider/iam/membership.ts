import type { IAM } from "@aws-sdk/client-iam";
import { changeSet } from "../change-set";
import { found } from "../found";
import type { Kind } from "../kind";
import { text, texts } from "../value";

const add = (iam: IAM, UserName: string, GroupName: string) => iam.addUserToGroup({ UserName, GroupName });
const remove = (iam: IAM, UserName: string, GroupName: string) =>
  found(iam.removeUserFromGroup({ UserName, GroupName }));

/** Adds a user to groups. The user's other groups stay. */
export const userGroupMembership: Kind = {
  title: "IAM User Group Membership",
  inputs: { user: { required: true, replaces: true }, groups: { required: true, form: "set" } },
  async create({ iam }, inputs) {
    const user = text(inputs, "user");
    for (const group of texts(inputs, "groups")) await add(iam, user, group);
    return { id: `${user}/${texts(inputs, "groups").join("/")}` };
  },
  async read({ iam }, id, known) {
    const [user = "", ...named] = id.split("/");
    const declared = known.groups === undefined ? named : texts(known, "groups");
    const response = await found(iam.listGroupsForUser({ UserName: user }));
    if (response === undefined) return undefined;
    const groups = (response.Groups ?? []).flatMap(({ GroupName }) => GroupName ?? []);
    return { user, groups: declared.filter((group) => groups.includes(group)) };
  },
  update: ({ iam }, _id, before, after) =>
    changeSet(texts(before, "groups"), texts(after, "groups"), {
      add: (group) => add(iam, text(after, "user"), group),
      remove: (group) => remove(iam, text(after, "user"), group),
    }),
  async delete({ iam }, _id, state) {
    for (const group of texts(state, "groups")) await remove(iam, text(state, "user"), group);
  },
};

/** The exclusive list of a group's members. */
export const groupMembership: Kind = {
  title: "IAM Group Membership",
  inputs: {
    name: { replaces: true },
    group: { required: true, replaces: true },
    users: { required: true, form: "set" },
  },
  named: "name",
  async create({ iam }, inputs) {
    for (const user of texts(inputs, "users")) await add(iam, user, text(inputs, "group"));
    return { id: text(inputs, "name") };
  },
  async read({ iam }, id, known) {
    const group = text(known, "group");
    const response = await found(iam.getGroup({ GroupName: group }));
    return response && { name: id, group, users: response.Users?.flatMap(({ UserName }) => UserName ?? []) };
  },
  update: ({ iam }, _id, before, after) =>
    changeSet(texts(before, "users"), texts(after, "users"), {
      add: (user) => add(iam, user, text(after, "group")),
      remove: (user) => remove(iam, user, text(after, "group")),
    }),
  async delete({ iam }, _id, state) {
    for (const user of texts(state, "users")) await remove(iam, user, text(state, "group"));
  },
};
