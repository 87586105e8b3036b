import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Received } from "../../http";
import { parseAuthorization, verifySignature } from "./signature";

const CREDENTIALS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

/** A request as a client sends it. */
async function signed(
  service: string,
  path: string,
  body: string,
  signingDate = new Date(),
): Promise<Received> {
  const signer = new SignatureV4({
    credentials: CREDENTIALS,
    region: "us-east-1",
    service,
    sha256: Hash.bind(null, "sha256"),
    uriEscapePath: service !== "s3",
    applyChecksum: service === "s3",
  });
  const request = await signer.sign(
    { method: "POST", protocol: "http:", hostname: "localhost", path, headers: { host: "localhost" }, body },
    { signingDate },
  );
  return { method: "POST", url: path, headers: request.headers, body: Buffer.from(body) };
}

async function verify(received: Received, secret = CREDENTIALS.secretAccessKey): Promise<void> {
  const authorization = parseAuthorization(received);
  if (authorization === undefined) throw new Error("the request is not signed");
  await verifySignature(received, authorization, secret);
}

const service = fc.constantFrom("iam", "sts", "s3");
const path = fc
  .array(fc.stringMatching(/^[\w.~ä&=+$:@ -]{1,8}$/), { maxLength: 3 })
  .map((parts) => `/${parts.map(encodeURIComponent).join("/")}`);

describe("a signature", () => {
  test("of a path that ends in a dot is accepted", async () => {
    for (const to of ["iam", "s3"])
      await expect(verify(await signed(to, "/a/.", ""))).resolves.toBeUndefined();
  });

  test("of any request that a client signs is accepted", async () => {
    await fc.assert(
      fc.asyncProperty(service, path, fc.string(), async (to, at, body) => {
        await expect(verify(await signed(to, at, body))).resolves.toBeUndefined();
      }),
    );
  });

  test("is rejected for another secret, path, query, method, signed header or body", async () => {
    await fc.assert(
      fc.asyncProperty(service, path, fc.string(), async (to, at, body) => {
        const sent = await signed(to, at, body);
        const changed: Received[] = [
          { ...sent, url: `${at}x` },
          { ...sent, url: `${at}?x=1` },
          { ...sent, method: "PUT" },
          { ...sent, headers: { ...sent.headers, host: "elsewhere" } },
          { ...sent, body: Buffer.from(`${body}x`) },
        ];
        for (const each of changed) await expect(verify(each)).rejects.toThrow(/signature|sha256/);
        await expect(verify(sent, "another")).rejects.toThrow("signature we calculated does not match");
      }),
    );
  });

  test.each([
    ["for IAM is accepted when dated 4.9 minutes ahead", "iam", 4.9, undefined],
    ["for IAM is accepted when dated 4.9 minutes behind", "iam", -4.9, undefined],
    ["for IAM is rejected when dated 5.1 minutes ahead", "iam", 5.1, "Signature not yet current"],
    ["for IAM is rejected when dated 5.1 minutes behind", "iam", -5.1, "Signature expired"],
    ["for S3 is accepted when dated 14.9 minutes ahead", "s3", 14.9, undefined],
    [
      "for S3 is rejected when dated 15.1 minutes ahead",
      "s3",
      15.1,
      "The difference between the request time and the current time is too large.",
    ],
  ])("%s", async (_, to, minutes, message) => {
    const sent = verify(await signed(to, "/", "", new Date(Date.now() + minutes * 60_000)));
    if (message === undefined) await expect(sent).resolves.toBeUndefined();
    else await expect(sent).rejects.toThrow(message);
  });

  test("in another form is rejected, with the expected form", () => {
    const headers = { authorization: "Basic dXNlcjpwYXNz" };
    expect(() => parseAuthorization({ method: "GET", url: "/", headers, body: Buffer.of() })).toThrow(
      "Authorization header requires the form of Signature Version 4.",
    );
  });
});
