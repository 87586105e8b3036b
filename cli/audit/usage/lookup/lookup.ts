import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { settingsOf, type Who } from "../../../aws/connect";
import { cacheFolder } from "../../../home";
import { type AccountOptions, type Assumes, whoIn } from "../../account/accounts";
import type { Place } from "../../report";
import { troubleOf, unreadLog } from "../../trouble";
import { BY_NAME, download, pacer, type Query } from "./query";

/** The length of CloudTrail's event history. */
const DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The events of an account to look up. */
export interface Lookup {
  readonly account: string;
  readonly regions: readonly string[];
  /** The users whose events are all looked up, and not only those that start a session. */
  readonly users: readonly string[];
}

export interface LookedUp {
  /** CloudTrail log files. */
  readonly files: readonly string[];
  /** A place for each region that could not be read completely. */
  readonly unread: readonly Place[];
  /** Deletes the files, unless another run has to resume. */
  readonly finish: () => Promise<void>;
}

/**
 * Reads CloudTrail's event history of 90 days into files, and resumes a run that was interrupted less than a day ago.
 * Source: CloudTrail API reference, LookupEvents: only management events, of one region.
 *
 * @param since ISO 8601: earlier events are not looked up
 */
export async function lookUp(
  reading: Pick<AccountOptions, "who" | "abort">,
  assumes: Assumes,
  lookups: readonly Lookup[],
  since: string | undefined,
  progress: (events: number, done: number, all: number) => void,
): Promise<LookedUp> {
  const [{ CloudTrailClient }, { default: pMap }] = await Promise.all([
    import("@aws-sdk/client-cloudtrail"),
    import("p-map"),
  ]);
  const files: string[] = [];
  const unread: Place[] = [];
  const folders: string[] = [];
  const all = lookups.flatMap(({ regions, users }) => regions.flatMap(() => queriesOf(users))).length;
  let [events, done] = [0, 0];
  for (const { account, regions, users } of lookups) {
    const folder = join(await cacheFolder(), "usage", account);
    const within = await periodIn(folder, since);
    folders.push(folder);
    const who = whoIn(reading, account, assumes);
    await pMap(regions, async (region) => {
      const pace = pacer();
      try {
        const client = new CloudTrailClient(await settingsOf({ ...(await who), region, patient: true }));
        try {
          for (const query of queriesOf(users)) {
            const path = join(folder, region, `${query.attribute}-${encodeURIComponent(query.value)}.json`);
            await download(client, query, within, path, pace, reading.abort, (count) => {
              events += count;
              progress(events, done, all);
            });
            files.push(path);
            done += 1;
          }
        } finally {
          client.destroy();
        }
      } catch (error) {
        unread.push(unreadRegion(account, region, error, reading.abort));
      }
    });
  }
  const finish = async () => {
    if (unread.length > 0) return;
    for (const folder of folders) await rm(folder, { recursive: true });
  };
  return { files: files.sort(), unread, finish };
}

function queriesOf(users: readonly string[]): readonly Query[] {
  return [
    ...BY_NAME.map((value): Query => ({ attribute: "EventName", value })),
    ...users.map((value): Query => ({ attribute: "Username", value })),
  ];
}

function unreadRegion(account: string, region: string, error: unknown, abort: AbortSignal): Place {
  const { problem, remedy } = troubleOf("look up events", error, abort);
  const resume = "Run this again within a day to resume.";
  return unreadLog(`CloudTrail of ${account} in ${region}`, {
    problem,
    remedy: abort.aborted ? resume : `${remedy} ${resume}`,
  });
}

const period = z.object({ from: z.coerce.date(), to: z.coerce.date(), since: z.string().optional() });

/** The period of the run to resume, or of a new one. */
async function periodIn(folder: string, since: string | undefined): Promise<z.infer<typeof period>> {
  const file = join(folder, "period.json");
  const now = Date.now();
  const earlier = period.safeParse(await readFile(file, "utf8").then(JSON.parse, () => undefined));
  if (earlier.success && earlier.data.since === since && now - earlier.data.to.getTime() < DAY_MS)
    return earlier.data;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const from = new Date(Math.max(now - DAYS * DAY_MS, since === undefined ? 0 : Date.parse(since)));
  const started = { from, to: new Date(now), since };
  await writeFile(file, JSON.stringify(started), { mode: 0o600 });
  return started;
}

/** The regions to look up: those of the last uses of roles and access keys, that of the credentials, and that of global events. */
export async function regionsOf({ subjects }: Place, who: Who): Promise<readonly string[]> {
  const { region } = await settingsOf(who);
  const partition = subjects.map(({ id }) => id.split(":")[1]).find(Boolean) ?? "aws";
  const home = { "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1" }[partition] ?? "us-east-1";
  const used = subjects.flatMap(({ lastUse, setup }) => [
    ...(lastUse?.kind === "used" ? [lastUse.region] : []),
    ...(setup?.accessKeys ?? []).map(({ lastUsedRegion }) => lastUsedRegion),
  ]);
  return [...new Set([home, region, ...used.filter((each) => each !== undefined)])].sort();
}
