import {
  CreateUserCommand,
  DeleteUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  GetUserCommand,
  PutUserPermissionsBoundaryCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateUserCommand,
} from "@aws-sdk/client-iam";
import { found } from "../found";
import type { Kind } from "../kind";
import { optionalText, text } from "../value";
import { releaseUser } from "./release-user";
import { changeTags, TAGS, tagList, tagOutputs } from "./tags";

export const user: Kind = {
  title: "IAM User",
  inputs: {
    name: { replaces: true },
    path: { byDefault: "/" },
    permissionsBoundary: {},
    forceDestroy: { byDefault: false },
    tags: TAGS,
  },
  named: "name",
  async create({ iam }, inputs) {
    const name = text(inputs, "name");
    await iam.send(
      new CreateUserCommand({
        UserName: name,
        Path: text(inputs, "path"),
        PermissionsBoundary: optionalText(inputs, "permissionsBoundary"),
        Tags: tagList(inputs),
      }),
    );
    return { id: name };
  },
  async read({ iam }, id) {
    const answer = await found(iam.send(new GetUserCommand({ UserName: id })));
    const user = answer?.User;
    return (
      user && {
        arn: user.Arn,
        name: user.UserName,
        path: user.Path,
        permissionsBoundary: user.PermissionsBoundary?.PermissionsBoundaryArn ?? "",
        uniqueId: user.UserId,
        ...tagOutputs(user.Tags),
      }
    );
  },
  async update({ iam }, id, before, after) {
    if (before.path !== after.path) {
      await iam.send(new UpdateUserCommand({ UserName: id, NewPath: text(after, "path") }));
    }
    const boundary = optionalText(after, "permissionsBoundary");
    if (boundary !== undefined) {
      await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: id, PermissionsBoundary: boundary }));
    } else if (optionalText(before, "permissionsBoundary") !== undefined) {
      await iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: id }));
    }
    await changeTags(before, after, {
      add: (Tags) => iam.send(new TagUserCommand({ UserName: id, Tags })),
      remove: (TagKeys) => iam.send(new UntagUserCommand({ UserName: id, TagKeys })),
    });
  },
  async delete({ iam }, id, state) {
    if (state.forceDestroy === true) await releaseUser(iam, id);
    await iam.send(new DeleteUserCommand({ UserName: id }));
  },
};
