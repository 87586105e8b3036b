import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { Received } from "../../http";
import { AwsError, awsError } from "../error";

/** A parsed call of an AWS API. */
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
      /** Empty for ListBuckets. */
      readonly bucket: string;
      readonly key: string;
      readonly query: URLSearchParams;
    };

export type Protocol = Call["protocol"];

/** The STS calls without a signature, which carry a token instead. */
const UNSIGNED = /^AssumeRoleWith(WebIdentity|SAML)$/;

/**
 * @param service from the scope of the signature; absent without a signature
 * @throws AwsError if the local AWS does not support the service
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
      throw unsupported(`the service ${service}`);
  }
}

function parseQuery(service: "iam" | "sts", parameters: URLSearchParams): Call {
  return { protocol: "query", service, action: parameters.get("Action") ?? "", parameters };
}

/** The error code for unsupported calls. */
export const UNSUPPORTED = "NotInLocalAws";

/** Refuses what the local AWS cannot decide. */
export function unsupported(what: string): AwsError {
  const message = `The local AWS does not support ${what}. Fix: add it in local/aws.`;
  return new AwsError(501, UNSUPPORTED, message);
}

/** The protocol in which the caller expects an error; without a service, the query protocol. */
export function protocolOf(service: string | undefined, headers: IncomingHttpHeaders): Protocol {
  if (service === "s3") return "rest";
  return headers["x-amz-target"] === undefined ? "query" : "json";
}
