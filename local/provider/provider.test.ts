import { createServer } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { standIn } from "./provider";

test("an endpoint with no server, or with another server, is rejected as no local AWS", async () => {
  const other = createServer((socket) => void socket.resume().end("no HTTP\n"));
  await new Promise<void>((resolve) => void other.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise<unknown>((resolve) => void other.close(resolve));
  onTestFinished(() => void close());
  const address = other.address();
  const endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`;
  vi.stubEnv("AWS_ENDPOINT_URL", endpoint);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  onTestFinished(() => void vi.unstubAllEnvs());
  const who = () => standIn(() => ({})).invoke?.("aws:index/getCallerIdentity:getCallerIdentity", {});
  await expect(who()).rejects.toThrow(`no local AWS answers at ${endpoint}`);
  await close();
  await expect(who()).rejects.toThrow(`no local AWS answers at ${endpoint}`);
});
