import {
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  UpdateGroupCommand,
} from "@aws-sdk/client-iam";
import { found } from "../found";
import type { Kind } from "../kind";
import { text } from "../value";

export const group: Kind = {
  title: "IAM Group",
  // The official provider renames a group; the stand-in makes another, since its id is the name.
  inputs: { name: { replaces: true }, path: { byDefault: "/" } },
  named: "name",
  async create({ iam }, inputs) {
    const name = text(inputs, "name");
    await iam.send(new CreateGroupCommand({ GroupName: name, Path: text(inputs, "path") }));
    return { id: name };
  },
  async read({ iam }, id) {
    const answer = await found(iam.send(new GetGroupCommand({ GroupName: id })));
    const group = answer?.Group;
    return group && { arn: group.Arn, name: group.GroupName, path: group.Path, uniqueId: group.GroupId };
  },
  async update({ iam }, id, _before, after) {
    await iam.send(new UpdateGroupCommand({ GroupName: id, NewPath: text(after, "path") }));
  },
  delete: async ({ iam }, id) => {
    await iam.send(new DeleteGroupCommand({ GroupName: id }));
  },
};
