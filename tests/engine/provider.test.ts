import * as iam from "@pulumi/aws/iam";
import { Bucket } from "@pulumi/aws/s3/bucket";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { enableDevice } from "../../local/demo/member";
import { failureOf, openScene, type Scene } from "./scene";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  return () => scene.close();
});

const document = (Action: string) => ({
  Version: "2012-10-17" as const,
  Statement: [{ Effect: "Allow" as const, Action, Resource: "*" }],
});

const trust = {
  Version: "2012-10-17" as const,
  Statement: [
    { Effect: "Allow" as const, Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } },
  ],
};

class Queue extends pulumi.CustomResource {
  constructor(name: string) {
    super("aws:sqs/queue:Queue", name, {});
  }
}

describe("the stand-in for the aws provider", () => {
  test("rejects a resource type that it does not support, and names those that it supports", async () => {
    const stack = await scene.stack(
      async () => {
        new Queue("queue");
      },
      { pack: false },
    );
    const printed = await failureOf(stack.preview());
    expect(printed).toContain("does not support the resource type aws:sqs/queue:Queue");
    expect(printed).toContain("aws:iam/role:Role");
  });

  test("rejects an input that it does not support", async () => {
    const stack = await scene.stack(
      async () => {
        new Bucket("bucket", { versioning: { enabled: true } });
      },
      { pack: false },
    );
    expect(await failureOf(stack.preview())).toContain("supports no input versioning of S3 Bucket");
  });

  test("reports AWS's error with the operation and the resource", async () => {
    const stack = await scene.stack(
      async () => {
        const first = new iam.Role("first", { name: "twice", assumeRolePolicy: trust });
        new iam.Role("second", { name: "twice", assumeRolePolicy: trust }, { dependsOn: first });
      },
      { pack: false },
    );
    const printed = await failureOf(stack.up());
    expect(printed).toMatch(/creating IAM Role \(second\): EntityAlreadyExists/);
    await stack.destroy();
  });

  test("updates a document and a session duration in place, and replaces a role for another name", async () => {
    let action = "s3:ListAllMyBuckets";
    let role = { name: "reader", maxSessionDuration: 3600 };
    const stack = await scene.stack(
      async () => {
        const policy = new iam.Policy("policy", { policy: document(action) });
        new iam.Role("role", { ...role, assumeRolePolicy: trust, managedPolicyArns: [policy.arn] });
        return { arn: policy.arn };
      },
      { pack: false },
    );
    await stack.up();
    const { arn } = await stack.outputs();
    action = "s3:ListBucket";
    role = { name: "reader", maxSessionDuration: 7200 };
    expect((await stack.up()).changes).toMatchObject({ update: 2 });
    const version = await scene.iam.getPolicyVersion({ PolicyArn: arn?.value, VersionId: "v2" });
    expect(JSON.parse(decodeURIComponent(version.PolicyVersion?.Document ?? ""))).toEqual(document(action));
    const { Role } = await scene.iam.getRole({ RoleName: "reader" });
    expect(Role?.MaxSessionDuration).toBe(7200);

    role = { name: "auditor", maxSessionDuration: 7200 };
    expect((await stack.up()).changes).toMatchObject({ replace: 1 });
    await expect(scene.iam.getRole({ RoleName: "reader" })).rejects.toThrow("reader");
    expect((await stack.refresh()).changes).not.toHaveProperty("update");
    expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
    await stack.destroy();
  });

  test("reports no change of IAM resources and a bucket at a second up and a refresh, and keeps secrets secret", async () => {
    const stack = await scene.stack(
      async () => {
        const user = new iam.User("user", { name: "machine", path: "/robots/", tags: { team: "ops" } });
        const group = new iam.Group("group", { name: "robots" });
        const policy = new iam.Policy("policy", { policy: document("s3:ListAllMyBuckets") });
        const role = new iam.Role("role", { assumeRolePolicy: JSON.stringify(trust) });
        new iam.GroupMembership("members", { group: group.name, users: [user.name] });
        new iam.UserPolicy("own", { user: user.name, policy: document("s3:GetObject") });
        new iam.GroupPolicy("groups", { group: group.name, policy: document("s3:GetObject") });
        new iam.RolePolicy("roles", { role, policy: document("s3:GetObject") });
        new iam.UserPolicyAttachment("to-user", { user, policyArn: policy.arn });
        new iam.GroupPolicyAttachment("to-group", { group, policyArn: policy.arn });
        new iam.RolePolicyAttachment("to-role", { role, policyArn: policy.arn });
        const key = new iam.AccessKey("key", { user: user.name });
        const login = new iam.UserLoginProfile("login", { user: user.name });
        new Bucket("bucket", { forceDestroy: true, tags: { team: "ops" } });
        return { secret: key.secret, password: login.password };
      },
      { pack: false },
    );
    await stack.up();
    const { secret, password } = await stack.outputs();
    expect([secret?.secret, password?.secret]).toEqual([true, true]);
    expect(password?.value).toHaveLength(20);
    const state = await stack.state();
    expect([state.includes(secret?.value), state.includes(password?.value)]).toEqual([false, false]);
    expect(Object.keys((await stack.up()).changes)).toEqual(["same"]);
    expect(Object.keys((await stack.refresh()).changes)).toEqual(["same"]);
    await stack.destroy();
  });

  test("fails to delete a device that is enabled for a user, as AWS does", async () => {
    const stack = await scene.stack(
      async () => {
        const user = new iam.User("user", { name: "grace" });
        const device = new iam.VirtualMfaDevice(
          "device",
          { virtualMfaDeviceName: "grace" },
          { additionalSecretOutputs: ["base32StringSeed", "qrCodePng"], dependsOn: user },
        );
        return { seed: device.base32StringSeed };
      },
      { pack: false },
    );
    await stack.up();
    const SerialNumber = "arn:aws:iam::123456789012:mfa/grace";
    await enableDevice(scene.iam, "grace", SerialNumber, (await stack.outputs()).seed?.value);
    expect(await failureOf(stack.destroy())).toMatch(
      /deleting IAM Virtual MFA Device \(device\): DeleteConflict/,
    );
    const { VirtualMFADevices = [] } = await scene.iam.listVirtualMFADevices();
    expect(VirtualMFADevices.map((device) => device.SerialNumber)).toContain(SerialNumber);

    await stack.refresh();
    await stack.destroy();
    const left = await scene.iam.listVirtualMFADevices();
    expect(left.VirtualMFADevices).toEqual([]);
  });
});
