import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "./connect";
import { enabledDevices } from "./device";

const page = (serial: string, next: string) =>
  `<ListMFADevicesResponse><ListMFADevicesResult><MFADevices><member><SerialNumber>${serial}</SerialNumber></member>` +
  `</MFADevices>${next}</ListMFADevicesResult></ListMFADevicesResponse>`;

/** AWS with one device on each of two pages. */
const server = createServer(async (request, answer) => {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const second = new URLSearchParams(body).get("Marker") === "second";
  answer.setHeader("content-type", "text/xml");
  answer.end(
    second
      ? page("of-the-second", "<IsTruncated>false</IsTruncated>")
      : page("of-the-first", "<IsTruncated>true</IsTruncated><Marker>second</Marker>"),
  );
});
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${port}`);
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});

describe("the enabled devices of a user", () => {
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html: IsTruncated may be true at any number
  test("include those on later pages of ListMFADevices", async () => {
    const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "s" };
    using aws = await connect({ region: "us-east-1", credentials });
    const devices = await enabledDevices(aws, "alice");
    expect(devices?.map(({ serial }) => serial)).toEqual(["of-the-first", "of-the-second"]);
  });
});
