import { found } from "../found";
import type { Kind } from "../kind";
import { optionalText, text } from "../value";

/** A renamed group keeps its id in the engine, so its name identifies it in AWS. */
export const group: Kind = {
  title: "IAM Group",
  inputs: { name: {}, path: { byDefault: "/" } },
  named: "name",
  async create({ iam }, inputs) {
    const name = text(inputs, "name");
    await iam.createGroup({ GroupName: name, Path: text(inputs, "path") });
    return { id: name };
  },
  async read({ iam }, id, known) {
    const GroupName = optionalText(known, "name") ?? id;
    const group = (await found(iam.getGroup({ GroupName })))?.Group;
    return group && { arn: group.Arn, name: group.GroupName, path: group.Path, uniqueId: group.GroupId };
  },
  async update({ iam }, _id, before, after) {
    const [GroupName, name] = [text(before, "name"), text(after, "name")];
    // AWS accepts the old name as the new one; moto does not.
    const NewGroupName = name === GroupName ? undefined : name;
    await iam.updateGroup({ GroupName, NewGroupName, NewPath: text(after, "path") });
  },
  async delete({ iam }, _id, state) {
    await iam.deleteGroup({ GroupName: text(state, "name") });
  },
};
