import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import execa from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { handler } from "./provider.cjs";

const device = {
  serialNumber: "arn:aws:iam::111122223333:mfa/alice",
  userName: "alice",
  region: "eu-central-1",
  __provider: "code",
};

interface Call {
  readonly action: string | null;
  readonly form: URLSearchParams;
  /** The access key that signed the request. */
  readonly signer: string | undefined;
}

let server: Server;
let endpoint: string;
let calls: Call[];
let answer: (action: string | null) => { status: number; body: string };

beforeEach(async () => {
  calls = [];
  answer = () => ({ status: 200, body: "<DeactivateMFADeviceResponse/>" });
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const form = new URLSearchParams(body);
      const action = form.get("Action");
      calls.push({
        action,
        form,
        signer: /Credential=([^/]+)/.exec(request.headers.authorization ?? "")?.[1],
      });
      const { status, body: text } = answer(action);
      response.writeHead(status, { "content-type": "text/xml" }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

/** The provider with an `aws` configuration, as the engine hands it over. */
async function configured(config: Record<string, string> = {}): Promise<pulumi.dynamic.ResourceProvider> {
  const all: Record<string, string> = {
    "aws:accessKey": "AKIAIOSFODNN7EXAMPLE",
    "aws:secretKey": "not-a-real-one",
    "aws:endpoints": JSON.stringify([{ iam: endpoint, sts: endpoint }]),
    ...config,
  };
  const provider = handler();
  await provider.configure?.({ config: { get: (key) => all[key], require: (key) => all[key] ?? "" } });
  return provider;
}

function refusal(code: string) {
  return {
    status: 400,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
  };
}

describe("when a device is to go", () => {
  test("it is deactivated for its user and deleted, with the configured keys", async () => {
    await (await configured()).delete?.(device.serialNumber, device);
    expect(
      calls.map(({ action, form, signer }) => [
        action,
        form.get("UserName"),
        form.get("SerialNumber"),
        signer,
      ]),
    ).toEqual([
      ["DeactivateMFADevice", "alice", device.serialNumber, "AKIAIOSFODNN7EXAMPLE"],
      ["DeleteVirtualMFADevice", null, device.serialNumber, "AKIAIOSFODNN7EXAMPLE"],
    ]);
  });

  test("a device that nobody enabled is deleted", async () => {
    answer = (action) =>
      action === "DeactivateMFADevice" ? refusal("NoSuchEntity") : { status: 200, body: "<Response/>" };
    await (await configured()).delete?.(device.serialNumber, device);
    expect(calls.map(({ action }) => action)).toEqual(["DeactivateMFADevice", "DeleteVirtualMFADevice"]);
  });

  test("a device that is gone already is no error", async () => {
    answer = () => refusal("NoSuchEntity");
    await expect((await configured()).delete?.(device.serialNumber, device)).resolves.toBeUndefined();
  });

  test("anything else that AWS refuses is", async () => {
    answer = () => refusal("AccessDenied");
    await expect((await configured()).delete?.(device.serialNumber, device)).rejects.toThrow("no");
  });

  test("nothing is printed beside it, on any Node", async () => {
    const keys = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "not-a-real-one" };
    const program = `require(${JSON.stringify(join(__dirname, "provider.cjs"))}).handler()
      .delete("", ${JSON.stringify(device)})`;
    // The oldest that is supported: the AWS SDK announces which Node it will want.
    const old = 'Object.defineProperty(process, "version", { value: "v20.12.0" });';
    const { all } = await execa(process.execPath, ["-e", `${old}${program}`], {
      all: true,
      extendEnv: false,
      env: { ...keys, AWS_ENDPOINT_URL: endpoint },
    });
    expect(calls).toHaveLength(2);
    expect(all).toBe("");
  });

  test("the configured roles are assumed first, one through the other", async () => {
    answer = (action) =>
      action === "AssumeRole"
        ? {
            status: 200,
            body:
              "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>" +
              "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>" +
              "</Credentials></AssumeRoleResult></AssumeRoleResponse>",
          }
        : { status: 200, body: "<DeactivateMFADeviceResponse/>" };
    const assumeRoles = JSON.stringify([
      { roleArn: "arn:aws:iam::444455556666:role/First" },
      { roleArn: "arn:aws:iam::111122223333:role/Second", externalId: "x" },
    ]);
    await (await configured({ "aws:assumeRoles": assumeRoles })).delete?.(device.serialNumber, device);
    expect(
      calls.map(({ action, form, signer }) => [action, form.get("RoleArn"), form.get("ExternalId"), signer]),
    ).toEqual([
      ["AssumeRole", "arn:aws:iam::444455556666:role/First", null, "AKIAIOSFODNN7EXAMPLE"],
      ["AssumeRole", "arn:aws:iam::111122223333:role/Second", "x", "ASIAIOSFODNN7EXAMPLE"],
      ["DeactivateMFADevice", null, null, "ASIAIOSFODNN7EXAMPLE"],
      ["DeleteVirtualMFADevice", null, null, "ASIAIOSFODNN7EXAMPLE"],
    ]);
  });
});

describe("otherwise", () => {
  test("it calls nothing and keeps what it was told", async () => {
    const provider = await configured();
    expect(await provider.create(device)).toEqual({ id: device.serialNumber, outs: device });
    expect(calls).toEqual([]);
  });

  test.each([
    ["nothing", {}, { changes: false, replaces: [] }],
    ["another region", { region: "us-east-1" }, { changes: true, replaces: [] }],
    ["newer code", { __provider: "newer" }, { changes: true, replaces: [] }],
    [
      "another device",
      { serialNumber: "arn:aws:iam::111122223333:mfa/bob" },
      { changes: true, replaces: ["serialNumber"] },
    ],
    ["another user", { userName: "bob" }, { changes: true, replaces: ["userName"] }],
  ])("%s in the program gives the right difference", async (_what, change, expected) => {
    const provider = await configured();
    expect(await provider.diff?.(device.serialNumber, device, { ...device, ...change })).toMatchObject(
      expected,
    );
  });
});
