import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { z } from "zod";
import type { AwsError } from "./error";
import { type CloudTrailEvent, eventOf, type Signed } from "./event";

/** The management events of all accounts, as CloudTrail records them, in the order of the calls. */
export class Events {
  #events: CloudTrailEvent[] = [];

  /** Calls on S3 objects are data events, which CloudTrail records only for trails that select them. */
  record(signed: Signed, error: AwsError | undefined): void {
    if (signed.call.service === "s3" && signed.call.key !== "") return;
    this.#events.push(eventOf(signed, error));
  }

  reset(): void {
    this.#events = [];
  }

  /** The response to LookupEvents: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
  lookUp(account: string, region: string, parameters: unknown): object {
    const { LookupAttributes, StartTime, EndTime, MaxResults, NextToken } = lookup.parse(parameters);
    const found = this.#events
      .filter(({ recipientAccountId, awsRegion }) => recipientAccountId === account && awsRegion === region)
      .filter((event) => LookupAttributes.every((attribute) => has(event, attribute)))
      .filter(({ eventTime }) => {
        const seconds = Date.parse(eventTime) / 1000;
        return seconds >= Math.floor(StartTime) && seconds <= EndTime;
      })
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
   * Writes log files below `folder`, as a trail delivers them to a bucket, one for each account. Returns their paths.
   * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
   */
  async write(folder: string): Promise<string[]> {
    const accounts = new Set(this.#events.map(({ recipientAccountId }) => recipientAccountId));
    return Promise.all(
      [...accounts].map(async (account) => {
        const Records = this.#events.filter(({ recipientAccountId }) => recipientAccountId === account);
        const [day, time] = new Date().toISOString().replace(/[-:]/g, "").split("T");
        const date = [day?.slice(0, 4), day?.slice(4, 6), day?.slice(6)].join("/");
        const directory = join(folder, "AWSLogs", account, "CloudTrail", REGION, date);
        await mkdir(directory, { recursive: true });
        const unique = randomBytes(8).toString("hex");
        const name = `${account}_CloudTrail_${REGION}_${day}T${time?.slice(0, 4)}Z_${unique}.json.gz`;
        const file = join(directory, name);
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
