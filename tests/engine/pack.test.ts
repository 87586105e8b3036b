import { ListGroupsCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { afterEach, beforeAll, expect, test } from "vitest";
import { releaseAccess } from "../../examples/bad/release-access";
import { backupAccess } from "../../examples/good/backup-access";
import { failureOf, openScene, type Scene } from "./scene";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});

/** Each test has an empty account: a group of the bad example is there before its stack is judged as a whole. */
afterEach(() => scene.reset());

test("the bad example is rejected, at preview and at up, before any of its roles exists", async () => {
  const stack = await scene.stack(releaseAccess);
  for (const printed of [await failureOf(stack.preview()), await failureOf(stack.up())]) {
    expect(printed).toContain("iam-role-requires-mfa");
    expect(printed).toContain("mandatory");
  }
  const { Roles } = await scene.iam.send(new ListRolesCommand({}));
  expect(Roles).toEqual([]);
});

test("the good example is accepted, deployed, left as it is the second time, and removed", async () => {
  const stack = await scene.stack(backupAccess);
  expect((await stack.preview()).printed).toContain("aws-mfa@");
  await stack.up();
  const { Roles = [] } = await scene.iam.send(new ListRolesCommand({}));
  expect(Roles.length).toBeGreaterThan(0);
  expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
  await stack.destroy();
  const { Groups } = await scene.iam.send(new ListGroupsCommand({}));
  expect(Groups).toEqual([]);
});
