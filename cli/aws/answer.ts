import { notAws } from "./unanswered";

/** What a request of AWS's query protocol, or of its JSON protocol, asks for. */
export interface Asked {
  readonly protocol: "query" | "json";
  readonly action: string;
  /** The same for all pages of one listing. */
  readonly listing: string;
  readonly isFirstPage: boolean;
  /** Whether it makes something, with a secret that AWS gives in this answer alone. */
  readonly creates: boolean;
}

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** `undefined` where it is of another protocol, such as what IAM Identity Center is asked in. */
export function askedIn({ headers, body: given }: Request): Asked | undefined {
  // The SDK gives the query protocol's as text, and JSON as bytes.
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
 * Throws Unanswered where this is not the whole answer to what was asked: a page of something else, nothing, or a part.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html, https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function assertAnswer({ protocol, action }: Asked, body: Buffer): void {
  if (body.length === 0) throw notAws("it is empty");
  if (protocol === "json") {
    if (!isJsonObject(body)) throw notAws("it is not JSON");
    return;
  }
  const [start, end] = [
    body.toString("utf8", 0, 1024),
    body.toString("utf8", Math.max(0, body.length - 1024)),
  ];
  if (!new RegExp(`^\\uFEFF?\\s*(<\\?xml[^>]*>\\s*)?<${action}Response[\\s>]`).test(start)) {
    throw notAws(`it is no ${action}Response`);
  }
  if (!end.trimEnd().endsWith(`</${action}Response>`)) throw notAws("its end is missing");
  // Whatever IAM has none of, it says so.
  if (/^(Get|List)/.test(action) && !new RegExp(`<${action}Result>\\s*<\\w`).test(start)) {
    throw notAws("it says nothing");
  }
  if (/^(AssumeRole|Get\w+Token)/.test(action) && !body.includes("<SecretAccessKey>"))
    throw notAws("it has no credentials");
  // A listing that goes on without saying where would be taken for a whole one.
  if (body.includes("<IsTruncated>true<") && !body.includes("<Marker>"))
    throw notAws("its next page is not named");
}

function isJsonObject(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
