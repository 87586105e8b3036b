import { writeFileSync } from "node:fs";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { hostileServer } from "../testing/hostile-server";
import { timeoutOption } from "../timeout";
import { createAccessKey } from "./access-key";
import { connect, settingsOf } from "./connect";
import { reportWhileWaiting } from "./credential-process";
import { callerIdentity } from "./identity";

let folder: string;
let closers: (Server | SecureServer)[];
beforeEach(async () => {
  closers = [];
  folder = await mkdtemp(join(tmpdir(), "aws-mfa-connect-"));
  await writeFile(
    join(folder, "credentials"),
    "[ops]\naws_access_key_id = of-ops\naws_secret_access_key = s\n",
  );
  for (const name of Object.keys(process.env)) if (/^AWS_|_proxy$/i.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "credentials"));
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of closers) server.close();
  await rm(folder, { recursive: true });
});

async function listening(server: Server | SecureServer): Promise<string> {
  closers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return address !== null && typeof address === "object" ? `http://127.0.0.1:${address.port}` : "";
}

/** The container credentials that its host offers. */
async function inContainer() {
  const keys = {
    AccessKeyId: "of-container",
    SecretAccessKey: "s",
    Token: "t",
    Expiration: "2099-01-01T00:00:00Z",
  };
  const url = await listening(createServer((_, answer) => answer.end(JSON.stringify(keys))));
  vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
}

/** What AssumeRole answers. */
const ASSUMED = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>of-role</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

const withKeys = () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "of-environment");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "s");
};

async function keyOf(profile?: string): Promise<string> {
  const { credentials } = await settingsOf({ profile });
  return (await credentials()).accessKeyId;
}

// https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-authentication.html#cli-chap-authentication-precedence
describe("credentials", () => {
  test("come from the named profile, even if the environment has keys", async () => {
    withKeys();
    expect(await keyOf("ops")).toBe("of-ops");
  });

  test("come from keys in the environment before the profile in AWS_PROFILE", async () => {
    vi.stubEnv("AWS_PROFILE", "ops");
    expect(await keyOf()).toBe("of-ops");
    withKeys();
    expect(await keyOf()).toBe("of-environment");
  });

  test("come from the container if AWS_PROFILE is unset or empty", async () => {
    await inContainer();
    expect(await keyOf()).toBe("of-container");
    vi.stubEnv("AWS_PROFILE", "");
    expect(await keyOf()).toBe("of-container");
  });

  test.each([["--profile"], ["AWS_PROFILE"]])(
    "never come from the container if %s names a profile that does not exist",
    async (how) => {
      await inContainer();
      if (how === "AWS_PROFILE") vi.stubEnv("AWS_PROFILE", "opps");
      await expect(keyOf(how === "AWS_PROFILE" ? undefined : "opps")).rejects.toThrow(
        /There is no profile opps/,
      );
    },
  );
});

describe("the container's credentials", () => {
  test("are used for a profile without credentials, but not if its credential_process fails", async () => {
    await inContainer();
    const config = "[profile ops]\ncredential_process = false\n[profile plain]\nregion = eu-west-1\n";
    await writeFile(join(folder, "config"), config);
    await rm(join(folder, "credentials"));
    await expect(keyOf("ops")).rejects.toThrow();
    // This profile names no credentials: the AWS CLI then uses the container's.
    expect(await keyOf("plain")).toBe("of-container");
  });
});

describe("a credential_process", () => {
  // It may be prompting a person, so it is never stopped. This one waits for the notice.
  test.each<[string, string, string | undefined]>([
    ["the named profile", "[profile ops]\nPROCESS", "ops"],
    ["the default profile", "[default]\nPROCESS", undefined],
    [
      "the source profile",
      "[profile deploy]\nrole_arn = arn:aws:iam::111122223333:role/any\nsource_profile = ops\n[profile ops]\nPROCESS",
      "deploy",
    ],
  ])("of %s is awaited, with a notice", async (_, config, profile) => {
    timeoutOption().parseArg?.("1", undefined);
    onTestFinished(() => timeoutOption().parseArg?.("20", undefined));
    const told = join(folder, "told");
    const keys = { Version: 1, AccessKeyId: "of-program", SecretAccessKey: "s" };
    const program = `until [ -e ${told} ]; do sleep 0.1; done; echo '${JSON.stringify(keys)}'`;
    await writeFile(join(folder, "config"), config.replace("PROCESS", `credential_process = ${program}\n`));
    await rm(join(folder, "credentials"));
    let said = "";
    const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      said += text;
      writeFileSync(told, "");
      return true;
    });
    onTestFinished(() => stderr.mockRestore());
    vi.stubEnv("AWS_ENDPOINT_URL", await listening(createServer((_, answer) => answer.end(assumedRole))));
    expect(await keyOf(profile)).toBe(profile === "deploy" ? "of-role" : "of-program");
    expect(said).toMatch(/^Waiting for the credential_process of the profile (ops|default): .*Ctrl-C stops/);
  });

  // Reading the files again for each profile would take minutes.
  test("is found through 10,000 source profiles", { timeout: 60_000 }, async () => {
    const sources = Array.from(
      { length: 10_000 },
      (_, at) => `[profile p${at}]\nsource_profile = p${at + 1}\n`,
    );
    await writeFile(join(folder, "config"), sources.join(""));
    expect(await reportWhileWaiting("p0", async () => "found")).toBe("found");
  });

  test("that runs aws-mfa session is awaited without a notice, since it has its own", async () => {
    timeoutOption().parseArg?.("1", undefined);
    onTestFinished(() => timeoutOption().parseArg?.("20", undefined));
    const program = join(folder, "aws-mfa");
    const keys = { Version: 1, AccessKeyId: "of-session", SecretAccessKey: "s" };
    await writeFile(program, `#!/bin/sh\nsleep 2\necho '${JSON.stringify(keys)}'\n`, { mode: 0o755 });
    await writeFile(
      join(folder, "config"),
      `[default]\ncredential_process = ${program} session --profile keys\n`,
    );
    await rm(join(folder, "credentials"), { force: true });
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    onTestFinished(() => stderr.mockRestore());
    expect(await keyOf(undefined)).toBe("of-session");
    expect(stderr).not.toHaveBeenCalled();
  });
});

const assumedRole =
  "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>of-role</AccessKeyId><SecretAccessKey>s</SecretAccessKey>" +
  "<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";

const identity =
  "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/alice</Arn>" +
  "<UserId>AIDAEXAMPLE</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

describe("a request without a response", () => {
  test("is retried, except CreateAccessKey, which may have created a key", async () => {
    let asked = 0;
    const server = createServer(({ socket }) => {
      asked++;
      socket.destroy();
    });
    vi.stubEnv("AWS_ENDPOINT_URL", await listening(server));
    withKeys();
    using aws = await connect({ region: "eu-west-1" });
    await expect(createAccessKey(aws, "alice")).rejects.toThrow("the connection was closed");
    expect(asked).toBe(1);
    await expect(callerIdentity(aws)).rejects.toThrow("AWS cannot be reached");
    expect(asked).toBeGreaterThan(2);
  });
});

describe("the region", () => {
  test.each<[string, Record<string, string>, string, string]>([
    ["us-east-1 by default", {}, "", "us-east-1"],
    ["AWS_DEFAULT_REGION, as in the AWS CLI", { AWS_DEFAULT_REGION: "eu-west-2" }, "", "eu-west-2"],
    ["the profile's", {}, "region = eu-north-1", "eu-north-1"],
  ])("in which a profile assumes its role is %s, without a warning", async (_, env, setting, region) => {
    const scopes: string[] = [];
    const server = createServer(({ headers }, answer) => {
      scopes.push(headers.authorization ?? "");
      answer.end(ASSUMED);
    });
    vi.stubEnv("AWS_ENDPOINT_URL", await listening(server));
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const role = "role_arn = arn:aws:iam::111122223333:role/Deploy\nsource_profile = ops";
    await writeFile(join(folder, "config"), `[profile deploy]\n${role}\n${setting}\n`);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());

    expect(await keyOf("deploy")).toBe("of-role");
    expect(scopes).toEqual([expect.stringContaining(`/${region}/sts/`)]);
    expect(warn).not.toHaveBeenCalled();
  });

  test.each<[string, Record<string, string>, string]>([
    ["AWS_REGION", { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-2" }, "eu-west-1"],
    [
      "AWS_DEFAULT_REGION if AWS_REGION is empty",
      { AWS_REGION: "", AWS_DEFAULT_REGION: "eu-west-2" },
      "eu-west-2",
    ],
    ["the profile's if both are empty", { AWS_REGION: "", AWS_DEFAULT_REGION: "" }, "eu-north-1"],
  ])("is %s", async (_, env, region) => {
    await writeFile(join(folder, "config"), "[profile ops]\nregion = eu-north-1\n");
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect((await settingsOf({ profile: "ops" })).region).toBe(region);
  });
});

test("a setting in both files is read from the credentials file, as in the AWS CLI", async () => {
  await writeFile(join(folder, "config"), "[profile ops]\nregion = eu-north-1\n");
  await appendFile(join(folder, "credentials"), "region = eu-south-2\n");
  expect((await settingsOf({ profile: "ops" })).region).toBe("eu-south-2");
});

describe("AWS behind a proxy", () => {
  /** Which hosts a proxy is asked to connect to, before it says no. */
  async function asked(env: Record<string, string>): Promise<string[]> {
    const hosts: string[] = [];
    const proxy = createServer().on("connect", ({ url = "" }, socket) => {
      hosts.push(url);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    const url = await listening(proxy);
    withKeys();
    for (const [name, value] of Object.entries(env))
      vi.stubEnv(name, value.replace("PROXY", new URL(url).host));
    using aws = await connect({ region: "eu-west-1" });
    await callerIdentity(aws).catch(() => {});
    return [...new Set(hosts)];
  }
  const elsewhere = { AWS_ENDPOINT_URL: "https://aws.invalid" };

  test.each<[string, Record<string, string>]>([
    ["HTTPS_PROXY", { HTTPS_PROXY: "http://PROXY" }],
    ["https_proxy without a scheme", { https_proxy: "PROXY" }],
  ])("is called through the proxy in %s", async (_, env) => {
    expect(await asked({ ...elsewhere, ...env })).toEqual(["aws.invalid:443"]);
  });

  test("is reported as unreachable if the proxy rejects the connection", async () => {
    const proxy = createServer().on("connect", (_, socket) => {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    });
    vi.stubEnv("HTTPS_PROXY", await listening(proxy));
    vi.stubEnv("AWS_ENDPOINT_URL", "https://aws.invalid");
    withKeys();
    using aws = await connect({ region: "eu-west-1" });
    await expect(callerIdentity(aws)).rejects.toThrow(
      "AWS cannot be reached: something else answered, such as a proxy",
    );
  });

  test("is reached with TLS through a tunnel that serves more than one request", async () => {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const self = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    await execa("openssl", [...self, "-subj", "/CN=aws.invalid", "-keyout", key, "-out", cert]);
    const files = { key: await readFile(key), cert: await readFile(cert) };
    const names: unknown[] = [];
    const secure = createSecureServer(files, (_, answer) => answer.end(identity));
    secure.on("secureConnection", ({ servername }: TLSSocket) => names.push(servername));
    const { port } = new URL(await listening(secure));
    let tunnels = 0;
    const proxy = createServer().on("connect", (_, socket) => {
      tunnels++;
      const onward = connectSocket(Number(port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      onward.on("error", () => socket.destroy());
      socket.on("error", () => onward.destroy());
    });
    vi.stubEnv("HTTPS_PROXY", await listening(proxy));
    vi.stubEnv("AWS_ENDPOINT_URL", "https://aws.invalid");
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    withKeys();
    using aws = await connect({ region: "eu-west-1" });
    expect(await callerIdentity(aws)).toMatchObject({ account: "111122223333", user: "alice" });
    expect(await callerIdentity(aws)).toMatchObject({ user: "alice" });
    expect({ names, tunnels }).toEqual({ names: ["aws.invalid"], tunnels: 1 });
  });

  test("is reported as unreachable if the proxy's response never ends", async () => {
    const proxy = await hostileServer("is a proxy whose answer has no end");
    onTestFinished(() => proxy.close());
    for (const [name, value] of Object.entries(proxy.env)) vi.stubEnv(name, value);
    withKeys();
    using aws = await connect({ region: "eu-west-1" });
    await expect(callerIdentity(aws)).rejects.toThrow("something else answered, such as a proxy");
  });

  test("is called through the proxy with its user name and password", async () => {
    const asked: unknown[] = [];
    const proxy = createServer().on("connect", ({ headers }, socket) => {
      asked.push(headers["proxy-authorization"]);
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    });
    const { host } = new URL(await listening(proxy));
    vi.stubEnv("HTTPS_PROXY", `http://a%40b:p%3Aw@${host}`);
    vi.stubEnv("AWS_ENDPOINT_URL", "https://aws.invalid");
    withKeys();
    using aws = await connect({ region: "eu-west-1" });
    await callerIdentity(aws).catch(() => {});
    expect(asked[0]).toBe(`Basic ${Buffer.from("a@b:p:w").toString("base64")}`);
  });

  test.each(["http://user:of-the-proxy@:port", "http://user:of-the-proxy%@proxy"])(
    "is not called if HTTPS_PROXY is not a URL, and the error omits its password: %s",
    async (address) => {
      vi.stubEnv("HTTPS_PROXY", address);
      const failure = await connect({ region: "eu-west-1" }).catch((error: Error) => error.message);
      expect(failure).toContain("HTTPS_PROXY is not the URL of a proxy");
      expect(failure).not.toContain("of-the-proxy");
    },
  );

  test("is not called through the proxy if NO_PROXY matches", async () => {
    const env = { ...elsewhere, HTTPS_PROXY: "http://PROXY", NO_PROXY: ".invalid" };
    expect(await asked(env)).toEqual([]);
  });
});
