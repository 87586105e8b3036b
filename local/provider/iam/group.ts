import { found } from "../found";
import type { Kind } from "../kind";
import { optionalText, text } from "../value";

/** A group keeps its id in the engine when it is renamed, so its name is what counts. */
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
    const [GroupName, wanted] = [text(before, "name"), text(after, "name")];
    // AWS takes a new name that is the old one; moto calls it taken.
    const NewGroupName = wanted === GroupName ? undefined : wanted;
    await iam.updateGroup({ GroupName, NewGroupName, NewPath: text(after, "path") });
  },
  async delete({ iam }, _id, state) {
    await iam.deleteGroup({ GroupName: text(state, "name") });
  },
};
