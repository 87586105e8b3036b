import { found } from "../found";
import type { Kind } from "../kind";
import { optionalText, text } from "../value";
import { changeTags, TAGS, tagList, tagOutputs } from "./tags";
import { deleteUser } from "./user-deletion";

/** A renamed user keeps the id in the engine, so the name identifies the user in AWS. */
export const user: Kind = {
  title: "IAM User",
  inputs: {
    name: {},
    path: { byDefault: "/" },
    permissionsBoundary: {},
    forceDestroy: { byDefault: false },
    tags: TAGS,
  },
  named: "name",
  async create({ iam }, inputs) {
    const name = text(inputs, "name");
    await iam.createUser({
      UserName: name,
      Path: text(inputs, "path"),
      PermissionsBoundary: optionalText(inputs, "permissionsBoundary"),
      Tags: tagList(inputs),
    });
    return { id: name };
  },
  async read({ iam }, id, known) {
    const UserName = optionalText(known, "name") ?? id;
    const user = (await found(iam.getUser({ UserName })))?.User;
    return (
      user && {
        arn: user.Arn,
        name: user.UserName,
        path: user.Path,
        // moto has no boundaries of users, so this is the input.
        permissionsBoundary: optionalText(known, "permissionsBoundary") ?? "",
        uniqueId: user.UserId,
        ...tagOutputs(user.Tags),
      }
    );
  },
  async update({ iam }, _id, before, after) {
    const [was, UserName] = [text(before, "name"), text(after, "name")];
    if (was !== UserName || before.path !== after.path) {
      const NewUserName = was === UserName ? undefined : UserName;
      await iam.updateUser({ UserName: was, NewUserName, NewPath: text(after, "path") });
    }
    await changeTags(before, after, {
      add: (Tags) => iam.tagUser({ UserName, Tags }),
      remove: (TagKeys) => iam.untagUser({ UserName, TagKeys }),
    });
  },
  delete: ({ iam }, _id, state) => deleteUser(iam, text(state, "name"), state.forceDestroy === true),
};
