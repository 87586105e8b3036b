import { notAws } from "./unanswered";

/** The call in a request of AWS's query or JSON protocol. */
export interface Asked {
  readonly protocol: "query" | "json";
  readonly action: string;
  /** The same for all pages of one listing. */
  readonly listing: string;
  readonly isFirstPage: boolean;
  /** Whether it creates something whose secret AWS returns only in this response. */
  readonly creates: boolean;
}

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** `undefined` for another protocol, such as that of IAM Identity Center. */
export function askedIn({ headers, body: given }: Request): Asked | undefined {
  // The SDK has the query protocol's body as text, and JSON as bytes.
  const body = given instanceof Uint8Array ? new TextDecoder().decode(given) : given;
  if (typeof body !== "string") return undefined;
  const target = headers["x-amz-target"];
  if (target !== undefined) {
    const listing = body.replace(/"NextToken":"(?:[^"\\]|\\.)*"/, "");
    return {
      protocol: "json",
      action: target,
      listing: `${target} ${listing}`,
      isFirstPage: listing === body,
      creates: false,
    };
  }
  const parameters = new URLSearchParams(body);
  const action = parameters.get("Action");
  if (action === null) return undefined;
  const isFirstPage = !parameters.has("Marker");
  parameters.delete("Marker");
  const creates = action.startsWith("Create");
  return { protocol: "query", action, listing: parameters.toString(), isFirstPage, creates };
}

/**
 * Throws Unanswered if this is not a complete response to the request.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html, https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function assertAnswer({ protocol, action }: Asked, body: Buffer): void {
  if (body.length === 0) throw notAws("the response is empty");
  if (protocol === "json") {
    if (!isJsonObject(body)) throw notAws("the response is not JSON");
    return;
  }
  const start = body.toString("utf8", 0, 1024);
  const end = body.toString("utf8", Math.max(0, body.length - 1024));
  if (!new RegExp(`^\\uFEFF?\\s*(<\\?xml[^>]*>\\s*)?<${action}Response[\\s>]`).test(start)) {
    throw notAws(`the response is not a ${action}Response`);
  }
  if (!end.trimEnd().endsWith(`</${action}Response>`)) throw notAws("the response is incomplete");
  // IAM lists an empty result explicitly.
  if (/^(Get|List)/.test(action) && !new RegExp(`<${action}Result>\\s*<\\w`).test(start)) {
    throw notAws("the result is empty");
  }
  if (/^(AssumeRole|Get\w+Token)/.test(action) && !body.includes("<SecretAccessKey>"))
    throw notAws("no credentials in the response");
  // Without a marker, the SDK would take the listing for complete.
  if (body.includes("<IsTruncated>true<") && !body.includes("<Marker>"))
    throw notAws("a truncated listing has no marker");
}

function isJsonObject(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
