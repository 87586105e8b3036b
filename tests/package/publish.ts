import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { execa } from "execa";
import { onTestFinished } from "vitest";
import { pulumiCli } from "../../local/pulumi/cli";

/**
 * Runs `pulumi policy publish` in a copy of the pack's folder, with the real CLI and a stand-in for Pulumi Cloud, and gives the
 * tarball that the CLI uploaded, and what it said the pack is. In a copy, since the CLI packs into the folder and removes what it
 * packed, whatever had that name before.
 */
export async function publish(packFolder: string): Promise<{ tarball: string; described: unknown }> {
  const home = await mkdtemp(join(tmpdir(), "aws-mfa-published-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await cp(dirname(packFolder), join(home, "copy"), { recursive: true, verbatimSymlinks: true });
  const folder = join(home, "copy", basename(packFolder));
  const tarball = join(home, "uploaded.tgz");
  let described: unknown;

  const answer = async (request: IncomingMessage, address: string): Promise<object> => {
    const body = await buffer(request);
    switch (`${request.method} ${request.url}`) {
      case "GET /api/user":
        return { githubLogin: "acme", name: "acme", organizations: [{ githubLogin: "acme" }] };
      case "POST /api/orgs/acme/policypacks":
        described = JSON.parse(body.toString());
        return { version: 1, uploadURI: `${address}/upload` };
      case "PUT /upload":
        await writeFile(tarball, body);
        return {};
      default:
        return {};
    }
  };
  const cloud = createServer((request, response) => {
    void answer(request, `http://${request.headers.host}`).then((body) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((listening) => cloud.listen(0, "127.0.0.1", listening));
  const { port } = cloud.address() as AddressInfo;
  const { path } = await pulumiCli();
  const publishing = execa("pulumi", ["policy", "publish", "acme", "--non-interactive"], {
    cwd: folder,
    // A process group of its own: the CLI 3.200 leaves the pack that it asked running.
    detached: true,
    env: {
      PATH: path,
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `http://127.0.0.1:${port}`,
      PULUMI_ACCESS_TOKEN: "a token of the tests",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  });
  try {
    await publishing;
  } finally {
    cloud.close();
    if (publishing.pid) killGroup(publishing.pid);
  }
  return { tarball, described };
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}
