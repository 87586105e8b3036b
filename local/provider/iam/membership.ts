import type { IAM } from "@aws-sdk/client-iam";
import { found } from "../found";
import type { Kind } from "../kind";
import { text, texts } from "../value";

const add = (iam: IAM, UserName: string, GroupName: string) => iam.addUserToGroup({ UserName, GroupName });
const remove = (iam: IAM, UserName: string, GroupName: string) =>
  found(iam.removeUserFromGroup({ UserName, GroupName }));

/** Puts one user into groups and leaves the user's other groups alone. */
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
    const answer = await found(iam.listGroupsForUser({ UserName: user }));
    if (answer === undefined) return undefined;
    const has = (answer.Groups ?? []).flatMap(({ GroupName }) => GroupName ?? []);
    return { user, groups: declared.filter((group) => has.includes(group)) };
  },
  async update({ iam }, _id, before, after) {
    const user = text(after, "user");
    const [old, wanted] = [texts(before, "groups"), texts(after, "groups")];
    for (const group of old.filter((name) => !wanted.includes(name))) await remove(iam, user, group);
    for (const group of wanted.filter((name) => !old.includes(name))) await add(iam, user, group);
  },
  async delete({ iam }, _id, state) {
    for (const group of texts(state, "groups")) await remove(iam, text(state, "user"), group);
  },
};

/** The members of one group, exclusively. */
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
    const answer = await found(iam.getGroup({ GroupName: group }));
    return (
      answer && { name: id, group, users: (answer.Users ?? []).flatMap(({ UserName }) => UserName ?? []) }
    );
  },
  async update({ iam }, _id, before, after) {
    const group = text(after, "group");
    const [old, wanted] = [texts(before, "users"), texts(after, "users")];
    for (const user of old.filter((name) => !wanted.includes(name))) await remove(iam, user, group);
    for (const user of wanted.filter((name) => !old.includes(name))) await add(iam, user, group);
  },
  async delete({ iam }, _id, state) {
    for (const user of texts(state, "users")) await remove(iam, user, text(state, "group"));
  },
};
