import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { Received } from "../../http";
import { AwsError, awsError } from "../error";

/** Which of AWS's calls a request is, and what it says. */
export type Call =
  | {
      readonly protocol: "query";
      readonly service: "iam" | "sts";
      readonly action: string;
      readonly parameters: URLSearchParams;
    }
  | {
      readonly protocol: "json";
      readonly service: "organizations" | "cloudtrail";
      readonly action: string;
      readonly parameters: Readonly<Record<string, unknown>>;
    }
  | {
      readonly protocol: "rest";
      readonly service: "s3";
      readonly method: string;
      /** Empty for the list of all buckets. */
      readonly bucket: string;
      readonly key: string;
      readonly query: URLSearchParams;
    };

export type Protocol = Call["protocol"];

/** The calls of STS that carry no signature: what they bring is the proof. */
const UNSIGNED = /^AssumeRoleWith(WebIdentity|SAML)$/;

/**
 * @param service by the scope of the signature; absent where there is none
 * @throws AwsError where the local AWS does not know the service, which it names
 */
export function parseCall({ method, url, headers, body }: Received, service: string | undefined): Call {
  const parameters = new URLSearchParams(body.toString("utf8"));
  if (service === undefined && UNSIGNED.test(parameters.get("Action") ?? ""))
    return parseQuery("sts", parameters);
  switch (service) {
    case undefined:
      throw awsError("missingToken");
    case "iam":
    case "sts":
      return parseQuery(service, parameters);
    case "organizations":
    case "cloudtrail": {
      const action =
        String(headers["x-amz-target"] ?? "")
          .split(".")
          .at(-1) ?? "";
      const json = z.record(z.string(), z.unknown()).parse(JSON.parse(body.toString("utf8") || "{}"));
      return { protocol: "json", service, action, parameters: json };
    }
    case "s3": {
      const { pathname, searchParams } = new URL(url, "http://localhost");
      const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/.exec(decodeURIComponent(pathname)) ?? [];
      return { protocol: "rest", service, method, bucket, key, query: searchParams };
    }
    default:
      throw unmapped(`the service ${service}`);
  }
}

function parseQuery(service: "iam" | "sts", parameters: URLSearchParams): Call {
  return { protocol: "query", service, action: parameters.get("Action") ?? "", parameters };
}

/** The code of the error for what the local AWS does not know. */
export const NOT_KNOWN = "NotInLocalAws";

/** What the local AWS does not know it refuses: a call that it cannot decide never gets through. */
export function unmapped(what: string): AwsError {
  return new AwsError(
    501,
    NOT_KNOWN,
    `The local AWS does not know ${what}, so it cannot decide who may call it. Fix: add it in local/aws.`,
  );
}

/** The protocol that the caller expects an error in, by the service; of the query protocol where there is none. */
export function protocolOf(service: string | undefined, headers: IncomingHttpHeaders): Protocol {
  if (service === "s3") return "rest";
  return headers["x-amz-target"] === undefined ? "query" : "json";
}
