import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { settingsOf } from "../../../aws/connect";
import { recordsIn } from "../trail/records";
import { download, pacer } from "./query";

const FROM = new Date("2026-01-01T00:00:00Z");
const TO = new Date("2026-03-01T00:00:00Z");
const never = new AbortController().signal;
const atOnce = async () => {};

/** An event history as LookupEvents answers with it, the latest first, in pages of `size`; it fails after `pages` of them. */
function history(times: readonly number[], size: number, pages = Number.POSITIVE_INFINITY) {
  const all = times
    .map((seconds, index) => {
      const eventTime = new Date(FROM.getTime() + seconds * 1000).toISOString().replace(".000Z", "Z");
      return { eventTime, eventID: `id-${index}`, eventName: "AssumeRole", text: "a\nb" };
    })
    .toSorted((a, b) => (a.eventTime < b.eventTime ? 1 : -1));
  let asked = 0;
  const send = async ({ input }: LookupEventsCommand) => {
    asked += 1;
    if (asked > pages) throw new Error("killed");
    const { EndTime = TO, NextToken = "0" } = input;
    const within = all.filter(({ eventTime }) => Date.parse(eventTime) <= EndTime.getTime());
    const from = Number(NextToken);
    return {
      Events: within.slice(from, from + size).map((each) => ({
        EventId: each.eventID,
        EventName: each.eventName,
        CloudTrailEvent: JSON.stringify(each, undefined, 1),
      })),
      ...(from + size < within.length && { NextToken: String(from + size) }),
    };
  };
  return { all, client: { send } as unknown as Parameters<typeof download>[0] };
}

async function folder() {
  const path = await mkdtemp(join(tmpdir(), "aws-mfa-lookup-"));
  return { path: join(path, "events.json"), remove: () => rm(path, { recursive: true }) };
}

async function idsIn(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8");
  const ids: string[] = [];
  for await (const records of recordsIn(
    (async function* () {
      yield text;
    })(),
  ))
    ids.push(...records.map((each) => JSON.parse(each).eventID));
  return ids;
}

const QUERY = { attribute: "EventName", value: "AssumeRole" } as const;

test("a download that is killed at any point resumes and has each event once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(20), { maxLength: 30 }),
      fc.integer({ min: 1, max: 7 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
      fc.nat(60),
      async (times, size, kills, cut) => {
        const { path, remove } = await folder();
        const { all, client } = history(times, size);
        for (const pages of kills) {
          const killed = history(times, size, pages).client;
          const run = download(killed, QUERY, { from: FROM, to: TO }, path, atOnce, never, () => {});
          const isWhole = await run.then(
            () => true,
            () => false,
          );
          if (isWhole) break;
          // It was killed while it wrote the next line.
          await appendFile(
            `${path}.part`,
            JSON.stringify({ eventID: "half", eventTime: "x".repeat(80) }).slice(0, cut),
          );
        }
        await download(client, QUERY, { from: FROM, to: TO }, path, atOnce, never, () => {});
        expect([...(await idsIn(path))].sort()).toEqual(all.map(({ eventID }) => eventID).sort());
        await remove();
      },
    ),
    { numRuns: 100 },
  );
});

test("a download that is throttled and interrupted resumes and has each event once", async () => {
  const { path, remove } = await folder();
  onTestFinished(remove);
  const times = Array.from({ length: 12 }, (_, index) => index);
  const { all, client: answers } = history(times, 3);
  const interrupted = new AbortController();
  let [asked, throttled] = [0, 0];
  const server = createServer((incoming, outgoing) => {
    let body = "";
    incoming.on("data", (chunk) => {
      body += chunk;
    });
    incoming.on("end", async () => {
      asked += 1;
      // Every other request is throttled.
      const isBusy = asked % 2 === 1;
      if (isBusy) throttled += 1;
      const input = JSON.parse(body);
      if (input.EndTime !== undefined) input.EndTime = new Date(input.EndTime * 1000);
      const answer = isBusy
        ? { __type: "ThrottlingException", message: "Rate exceeded" }
        : await answers.send(new LookupEventsCommand(input));
      outgoing.writeHead(isBusy ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
      outgoing.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${address.port}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "not a secret" };
  const client = new CloudTrailClient(await settingsOf({ credentials, region: "us-east-1", patient: true }));
  onTestFinished(() => client.destroy());
  const run = (abort: AbortSignal) =>
    download(client, QUERY, { from: FROM, to: TO }, path, atOnce, abort, () => {
      if (asked >= 4) interrupted.abort();
    });
  await expect(run(interrupted.signal)).rejects.toThrow();
  await run(never);
  expect([...(await idsIn(path))].sort()).toEqual(all.map(({ eventID }) => eventID).sort());
  expect(throttled).toBeGreaterThan(3);
});

test("a complete download is not repeated", async () => {
  const { path, remove } = await folder();
  onTestFinished(remove);
  await writeFile(path, "");
  await download(history([1], 1, 0).client, QUERY, { from: FROM, to: TO }, path, atOnce, never, () => {});
  expect(await readFile(path, "utf8")).toBe("");
});

test("a lookup by user leaves out the events that are looked up by event name", async () => {
  const { path, remove } = await folder();
  onTestFinished(remove);
  const query = { attribute: "Username", value: "alice" } as const;
  await download(history([1, 2], 50).client, query, { from: FROM, to: TO }, path, atOnce, never, () => {});
  expect(await idsIn(path)).toEqual([]);
});

test("the pacer allows at most two requests per second", async () => {
  const pace = pacer();
  const start = Date.now();
  for (const _ of [1, 2, 3]) await pace(never);
  // Timers may be a little early.
  expect(Date.now() - start).toBeGreaterThan(990);
});
