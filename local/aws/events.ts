import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { z } from "zod";
import type { Received } from "../http";
import { arnOf, type Caller, type Session, userIdOf } from "./caller";
import type { AwsError } from "./error";
import type { Call } from "./request/call";
import { s3ActionOf } from "./request/s3";

/** A record of CloudTrail: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export interface CloudTrailEvent {
  readonly eventID: string;
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly readOnly: boolean;
  readonly recipientAccountId: string;
  readonly userIdentity: {
    readonly accessKeyId: string;
    readonly userName?: string;
    readonly [name: string]: unknown;
  };
  readonly errorCode?: string;
  readonly [name: string]: unknown;
}

/** A call whose caller is known, and what came of it. */
export interface Decided {
  readonly received: Received;
  readonly call: Call;
  readonly caller: Caller;
  readonly region: string;
  readonly error: AwsError | undefined;
}

/** What CloudTrail would have of all accounts: management events, in the order of the calls. */
export class Events {
  #events: CloudTrailEvent[] = [];

  /** The calls about single objects are data events, which CloudTrail leaves out unless a trail asks for them. */
  record(decided: Decided): void {
    if (decided.call.service === "s3" && decided.call.key !== "") return;
    this.#events.push(eventOf(decided));
  }

  reset(): void {
    this.#events = [];
  }

  /** The answer to LookupEvents: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
  lookUp(account: string, region: string, parameters: unknown): object {
    const { LookupAttributes, StartTime, EndTime, MaxResults, NextToken } = lookup.parse(parameters);
    const found = this.#events
      .filter(({ recipientAccountId, awsRegion }) => recipientAccountId === account && awsRegion === region)
      .filter((event) => LookupAttributes.every((attribute) => has(event, attribute)))
      .filter(({ eventTime }) => inside(Date.parse(eventTime) / 1000, StartTime, EndTime))
      .reverse();
    const from = Number(NextToken ?? 0);
    const to = from + MaxResults;
    return {
      Events: found.slice(from, to).map((event) => ({
        EventId: event.eventID,
        EventName: event.eventName,
        ReadOnly: String(event.readOnly),
        AccessKeyId: event.userIdentity.accessKeyId,
        EventTime: Date.parse(event.eventTime) / 1000,
        EventSource: event.eventSource,
        Username: event.userIdentity.userName ?? "root",
        Resources: [],
        CloudTrailEvent: JSON.stringify(event),
      })),
      ...(to < found.length && { NextToken: String(to) }),
    };
  }

  /**
   * Writes them below `folder` as a trail delivers them to a bucket, a file for each account. Gives the paths.
   * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
   */
  async write(folder: string): Promise<string[]> {
    const accounts = new Set(this.#events.map(({ recipientAccountId }) => recipientAccountId));
    return Promise.all(
      [...accounts].map(async (account) => {
        const Records = this.#events.filter(({ recipientAccountId }) => recipientAccountId === account);
        const [day, time] = new Date().toISOString().replace(/[-:]/g, "").split("T");
        const date = [day?.slice(0, 4), day?.slice(4, 6), day?.slice(6)].join("/");
        const place = join(folder, "AWSLogs", account, "CloudTrail", REGION, date);
        await mkdir(place, { recursive: true });
        const unique = randomUUID().replaceAll("-", "").slice(0, 16);
        const file = join(
          place,
          `${account}_CloudTrail_${REGION}_${day}T${time?.slice(0, 4)}Z_${unique}.json.gz`,
        );
        await writeFile(file, await promisify(gzip)(JSON.stringify({ Records })));
        return file;
      }),
    );
  }
}

const REGION = "us-east-1";
const PAGE = 50;

const lookup = z.object({
  LookupAttributes: z
    .array(
      z.object({
        AttributeKey: z.enum(["AccessKeyId", "EventId", "EventName", "EventSource", "ReadOnly", "Username"]),
        AttributeValue: z.string(),
      }),
    )
    .default([]),
  StartTime: z.number().default(0),
  EndTime: z.number().default(Number.POSITIVE_INFINITY),
  MaxResults: z.number().max(PAGE).default(PAGE),
  NextToken: z.string().optional(),
});

type Attribute = z.infer<typeof lookup>["LookupAttributes"][number];

function has(event: CloudTrailEvent, { AttributeKey, AttributeValue }: Attribute): boolean {
  const values = {
    AccessKeyId: event.userIdentity.accessKeyId,
    EventId: event.eventID,
    EventName: event.eventName,
    EventSource: event.eventSource,
    ReadOnly: String(event.readOnly),
    Username: event.userIdentity.userName ?? "root",
  };
  return values[AttributeKey] === AttributeValue;
}

function inside(seconds: number, from: number, to: number): boolean {
  return seconds >= Math.floor(from) && seconds <= to;
}

function eventOf({ received, call, caller, region, error }: Decided): CloudTrailEvent {
  const name = call.protocol === "rest" ? s3ActionOf(call) : call.action;
  return {
    eventVersion: "1.11",
    userIdentity: identityOf(caller),
    eventTime: seconds(new Date()),
    eventSource: `${call.service}.amazonaws.com`,
    eventName: name.replace("ListAllMyBuckets", "ListBuckets"),
    awsRegion: region,
    sourceIPAddress: "127.0.0.1",
    userAgent: received.headers["user-agent"] ?? "",
    ...(error && { errorCode: error.code, errorMessage: error.message }),
    requestParameters: parametersOf(call),
    responseElements: null,
    requestID: randomUUID(),
    eventID: randomUUID(),
    readOnly: /^(Get|List|Describe|Lookup|AssumeRole|Generate|Head)/.test(name),
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: caller.account,
    eventCategory: "Management",
  };
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
function identityOf(caller: Caller): CloudTrailEvent["userIdentity"] {
  const { accessKeyId, account } = caller;
  const base = { principalId: userIdOf(caller), arn: arnOf(caller), accountId: account, accessKeyId };
  switch (caller.kind) {
    case "root":
      return { type: "Root", ...base, ...sessionContext(caller.session) };
    case "user":
      return { type: "IAMUser", ...base, userName: caller.name, ...sessionContext(caller.session) };
    case "role": {
      const { roleId: principalId, roleArn: arn, role: userName } = caller;
      return {
        type: "AssumedRole",
        ...base,
        sessionContext: {
          sessionIssuer: { type: "Role", principalId, arn, accountId: account, userName },
          attributes: { creationDate: seconds(caller.issuedAt), mfaAuthenticated: "false" },
        },
      };
    }
    case "federated":
      return {
        type: "FederatedUser",
        ...base,
        sessionContext: { attributes: { creationDate: seconds(caller.issuedAt), mfaAuthenticated: "false" } },
      };
  }
}

/** Access keys have none. */
function sessionContext(session: Session | undefined): object {
  if (session === undefined) return {};
  const mfaAuthenticated = String(session.mfa !== undefined);
  return { sessionContext: { attributes: { creationDate: seconds(session.issuedAt), mfaAuthenticated } } };
}

/** What no log may hold. */
const SECRET = /^(TokenCode|AuthenticationCode\d|(Old|New)?Password|WebIdentityToken|Action|Version)$/;

function parametersOf(call: Call): object {
  switch (call.protocol) {
    case "query":
      return named([...call.parameters].filter(([name]) => !SECRET.test(name)));
    case "json":
      return named(Object.entries(call.parameters));
    case "rest":
      return call.bucket === "" ? {} : { bucketName: call.bucket };
  }
}

/** CloudTrail begins each name with a small letter. */
function named(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(
    entries.map(([name, value]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, value]),
  );
}

function seconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
