import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { enableDevice } from "../../local/demo/member";
import type { LocalStack } from "../../local/engine/stack";
import { mfaAccess } from "../../stack/stack";
import { type RecordedAws, recordAws } from "../attack/guard/calls";
import { administrator, deployer } from "./administrator";
import { failureOf, openScene, type Scene } from "./scene";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  return () => scene.close();
});
afterEach(() => scene.reset());

const CONFIGURATION = {
  users: [
    "carol",
    { name: "dave", retainOnDelete: true, devices: ["phone", "backup"] },
    { name: "erin", existing: true },
  ],
  roles: [
    {
      name: "Deploy",
      managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      trust: { users: ["carol"] },
    },
    { name: "Look" },
    { name: "Audit", assumeRoleArn: "arn:aws:iam::123456789012:role/deployer" },
  ],
};

/** A stack as the program left it that had no `MfaAccess`, and the calls that change something in AWS from now on. */
async function formerStack(
  program?: () => Promise<Record<string, unknown>>,
): Promise<{ stack: LocalStack; aws: RecordedAws; seed: string; before: string[] }> {
  const aws = await recordAws(scene.moto.endpoint, async () => {});
  onTestFinished(() => aws.close());
  await scene.iam.createUser({ UserName: "erin" });
  const keys = await administrator(scene.iam, "dora");
  await deployer(scene.iam);
  const stack = await scene.access(CONFIGURATION, {
    env: { AWS_ENDPOINT_URL: aws.endpoint, ...keys },
    ...(program && { program }),
  });
  await stack.up();
  const seed = await stack.output("seed:carol");
  await enableDevice(scene.iam, "carol", "arn:aws:iam::123456789012:mfa/carol", seed);
  await rewrite(stack, asWithoutMfaAccess);
  const before = await idsIn(stack);
  expect(before.filter((id) => id.includes("VirtualMfaDevice"))).toHaveLength(4);
  aws.begin();
  return { stack, aws, seed, before };
}

test("a stack of a program without MfaAccess is adopted without a change in AWS", async () => {
  const { stack, aws, seed, before } = await formerStack();
  expect(Object.keys((await stack.preview()).changes).sort()).toEqual(["create", "same"]);
  const { changes } = await stack.up();
  expect(aws.calls).toEqual([]);
  expect(changes.create).toBe(1);
  expect(await idsIn(stack)).toEqual(before);
  expect(await stack.output("seed:carol")).toBe(seed);
  expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
  expect(aws.calls).toEqual([]);
});

test("an adoption that an update did not finish is finished by the next", async () => {
  let breaks = false;
  const { stack, aws, seed, before } = await formerStack(async () => {
    pulumi.runtime.registerStackTransformation(({ type, name }) => {
      if (breaks && type === "aws-mfa:index:MfaUser" && name === "dave") throw new Error("broken off");
      return undefined;
    });
    return { ...(await mfaAccess()) };
  });
  const former = async () =>
    (await readFile(fileOf(stack), "utf8")).match(/::aws-mfa-stack:access:Mfa\w+::/g)?.length;
  const all = await former();
  breaks = true;
  expect(await failureOf(stack.up())).toContain("broken off");
  expect(await former()).toBeLessThan(all ?? 0);
  breaks = false;
  await stack.up();
  expect(await former()).toBeUndefined();
  expect(await idsIn(stack)).toEqual(before);
  expect(await stack.output("seed:carol")).toBe(seed);
  expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
  expect(aws.calls).toEqual([]);
});

test("a stack keeps providers of other accounts that are not named after their MfaAccess", async () => {
  const { stack, aws } = await formerStack();
  await stack.up();
  await rewrite(stack, (state) => state.replaceAll("aws-mfa-stack-through-", "through-"));
  const before = await idsIn(stack);
  expect(before.filter((id) => id.startsWith("pulumi:providers:aws "))).toHaveLength(2);
  expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
  expect(await idsIn(stack)).toEqual(before);
  expect(aws.calls).toEqual([]);
});

const fileOf = (stack: LocalStack) => join(stack.folder, ".pulumi/stacks/aws-mfa-stack/local.json");

async function rewrite(stack: LocalStack, change: (state: string) => string): Promise<void> {
  await writeFile(fileOf(stack), change(await readFile(fileOf(stack), "utf8")));
}

interface Resource {
  readonly custom?: boolean;
  readonly type: string;
  readonly id?: string;
}

/** Each resource that is somewhere outside of Pulumi, or has code that runs when it is deleted. */
async function idsIn(stack: LocalStack): Promise<string[]> {
  const state: { checkpoint: { latest: { resources: Resource[] } } } = JSON.parse(
    await readFile(fileOf(stack), "utf8"),
  );
  const { resources } = state.checkpoint.latest;
  return resources.flatMap(({ custom, type, id }) => (custom ? `${type} ${id}` : [])).sort();
}

/** The state as the program left it that registered every component on its own, under other types. */
function asWithoutMfaAccess(state: string): string {
  const access = "aws-mfa:index:MfaAccess";
  const renamed = state
    .replaceAll(`${access}$`, "")
    .replaceAll("aws-mfa-stack-through-", "through-")
    .replaceAll(`${access}::aws-mfa-stack`, "pulumi:pulumi:Stack::aws-mfa-stack-local")
    .replace(/aws-mfa:index:(MfaGroup|MfaUser|MfaRole)/g, "aws-mfa-stack:access:$1")
    .replace(/(MfaGroup[^":]*(?::[^":]+)*)::aws-mfa-stack(?=["-])/g, "$1::group")
    .replaceAll("dynamic/aws-mfa-stack:Members::aws-mfa-stack", "dynamic/aws-mfa-stack:Members::members");
  const { checkpoint, ...rest } = JSON.parse(renamed);
  const resources = checkpoint.latest.resources
    .filter(({ type }: Resource) => type !== access)
    .map((resource: Resource) =>
      resource.type.startsWith("aws-mfa-stack:access:") ? { ...resource, outputs: {} } : resource,
    );
  const latest = { ...checkpoint.latest, resources };
  return JSON.stringify({ ...rest, checkpoint: { ...checkpoint, latest } });
}
