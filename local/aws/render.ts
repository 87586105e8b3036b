import { randomUUID } from "node:crypto";
import type { Answer } from "../http";
import type { AwsError } from "./error";
import type { Protocol } from "./request/call";

/** A result in AWS's query protocol: each value is text, a nested result, or a list of results. */
export interface Result {
  readonly [name: string]: string | Result | readonly Result[];
}

export function queryAnswer(action: string, result: Result, namespace: "iam" | "sts"): Answer {
  const version =
    namespace === "iam"
      ? "https://iam.amazonaws.com/doc/2010-05-08/"
      : "https://sts.amazonaws.com/doc/2011-06-15/";
  const inside = Object.keys(result).length === 0 ? "" : `<${action}Result>${xml(result)}</${action}Result>`;
  const text =
    `<${action}Response xmlns="${version}">${inside}` +
    `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`;
  return { status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(text) };
}

export function jsonAnswer(value: object): Answer {
  const headers = { "content-type": "application/x-amz-json-1.1" };
  return { status: 200, headers, body: Buffer.from(JSON.stringify(value)) };
}

/** An error in the caller's protocol. */
export function errorAnswer({ status, code, message }: AwsError, protocol: Protocol): Answer {
  const requestId = randomUUID();
  switch (protocol) {
    case "query": {
      const error = xml({ Type: "Sender", Code: code, Message: message });
      return xmlAnswer(
        status,
        `<ErrorResponse><Error>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
    }
    case "rest":
      return xmlAnswer(
        status,
        `<Error>${xml({ Code: code, Message: message, RequestId: requestId })}</Error>`,
      );
    case "json":
      return { ...jsonAnswer({ __type: code, Message: message }), status };
  }
}

function xmlAnswer(status: number, text: string): Answer {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`);
  return { status, headers: { "content-type": "application/xml" }, body };
}

function xml(result: Result): string {
  const inside = (value: Result[string]): string => {
    if (typeof value === "string") return escaped(value);
    return isList(value) ? value.map((member) => xml({ member })).join("") : xml(value);
  };
  return Object.entries(result)
    .map(([name, value]) => `<${name}>${inside(value)}</${name}>`)
    .join("");
}

function isList(value: Result | readonly Result[]): value is readonly Result[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The text of the first element of this name in a response. */
export function textIn(answer: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer)?.[1];
  return found?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
