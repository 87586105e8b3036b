import { createHash } from "node:crypto";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Received } from "../../http";
import { awsError } from "../error";

/** The `Authorization` header of Signature Version 4. */
export interface Authorization {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/;

/** @returns `undefined` for a request without a signature */
export function parseAuthorization({ headers }: Received): Authorization | undefined {
  const header = headers.authorization;
  if (header === undefined) return undefined;
  const [, accessKeyId, , region, service, signed, signature] = HEADER.exec(header) ?? [];
  if (!accessKeyId || !region || !service || !signed || !signature) {
    throw awsError("incomplete", "the form of Signature Version 4.");
  }
  return { accessKeyId, region, service, signedHeaders: signed.split(";"), signature };
}

/** The maximum deviation of a request's time. S3 documents three times as much. */
const SKEW_MS = 5 * 60_000;
const S3_SKEW_MS = 15 * 60_000;

/**
 * Signs the received request again with the secret, and compares the signatures.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 *
 * @throws AwsError if the signature differs, or its time is off
 */
export async function verifySignature(
  received: Received,
  { accessKeyId, region, service, signedHeaders, signature }: Authorization,
  secretAccessKey: string,
): Promise<void> {
  const s3 = service === "s3";
  const signingDate = timeOf(received);
  assertNow(signingDate, s3);
  // The path as sent: the client signed it, and the signer canonicalizes it.
  const [path = "/"] = received.url.split("?");
  const { searchParams } = new URL(received.url, "http://localhost");
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    region,
    service,
    sha256: Hash.bind(null, "sha256"),
    uriEscapePath: !s3,
    applyChecksum: false,
  });
  const again = await signer.sign(
    {
      method: received.method,
      protocol: "http:",
      hostname: received.headers.host ?? "",
      path,
      query: queryOf(searchParams),
      headers: Object.fromEntries(signedHeaders.map((name) => [name, String(received.headers[name] ?? "")])),
      body: received.body,
    },
    { signingDate, signableHeaders: new Set(signedHeaders) },
  );
  if (!again.headers.authorization?.endsWith(`Signature=${signature}`))
    throw awsError(s3 ? "s3Signature" : "signature");
  assertBody(received);
}

function timeOf({ headers }: Received): Date {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers["x-amz-date"] ?? "")) ?? [];
  if (second === undefined) {
    throw awsError("incomplete", "existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function assertNow(signed: Date, s3: boolean): void {
  const now = Date.now();
  const ahead = signed.getTime() - now;
  if (s3) {
    if (Math.abs(ahead) > S3_SKEW_MS) throw awsError("s3Skew");
  } else if (Math.abs(ahead) > SKEW_MS) {
    const limit = new Date(now + Math.sign(ahead) * SKEW_MS);
    throw awsError(
      ahead > 0 ? "signatureEarly" : "signatureExpired",
      ...[signed, limit, new Date(now)].map(compact),
    );
  }
}

function compact(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, "");
}

/** The signature covers the hash in the header, which must be that of the body. */
function assertBody({ headers, body }: Received): void {
  const hash = headers["x-amz-content-sha256"];
  if (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) return;
  if (createHash("sha256").update(body).digest("hex") !== hash) throw awsError("s3Content");
}

function queryOf(parameters: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]));
}
