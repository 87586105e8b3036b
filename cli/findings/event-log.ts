import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { Failure, systemCode } from "../failure";
import { bytesOf, named } from "../input";

/** An event holds all properties of its resource. */
const MOST_BYTES = 4 * 1024 * 1024 * 1024;

/** What the events of a preview say of one policy pack, and nothing else of them. */
export interface PolicyEvents {
  /** Each violation once, in the order of the log. */
  readonly violations: readonly Violation[];
  /** URNs whose resource a policy changed before it is created, with the policy's name. */
  readonly mended: readonly { readonly urn: string; readonly policy: string }[];
  /** By URN, the policies that the resource passed. */
  readonly passed: ReadonlyMap<string, ReadonlySet<string>>;
  /** The policies on the whole stack that were asked, whatever they said. */
  readonly stackPolicies: ReadonlySet<string>;
  /**
   * How far the log shows that the pack was asked:
   *
   * - `nowhere`;
   * - `untold`: the pack was loaded, and there is no summary of what it was asked, as Pulumi CLIs before 3.200 leave it;
   * - about `resources`, and not the stack as a whole; or about the whole `stack`;
   * - about a `state`, by `pulumi policy analyze`, which writes no summaries either; `state-failed` where it ended with an error that
   *   no violation explains, `state-rejected` where one may.
   */
  readonly asked: "nowhere" | "untold" | "resources" | "stack" | "state" | "state-rejected" | "state-failed";
  /** How many violations other packs reported. */
  readonly ofOtherPacks: number;
}

export interface Violation {
  readonly urn: string;
  readonly policy: string;
  readonly level: "advisory" | "mandatory";
  readonly message: string;
}

const ofPack = z.object({ policyPackName: z.string() });
const onResource = ofPack.extend({ resourceUrn: z.string().default("") });

/**
 * An event as the engine writes it: `EngineEvent` of Pulumi's `sdk/go/common/apitype`. Whatever is not named here, such as
 * the properties of resources and what a program logged, is dropped as soon as it was read.
 */
const event = z.object({
  policyEvent: onResource
    .extend({ policyName: z.string(), message: z.string(), enforcementLevel: z.string() })
    .optional(),
  policyRemediationEvent: onResource.extend({ policyName: z.string() }).optional(),
  policyAnalyzeSummaryEvent: onResource.extend({ passed: z.array(z.string()).default([]) }).optional(),
  policyAnalyzeStackSummaryEvent: ofPack
    .extend({ passed: z.array(z.string()).default([]), failed: z.array(z.string()).default([]) })
    .optional(),
  /** Comes first, and only where a program is run. */
  preludeEvent: z.object({}).optional(),
  summaryEvent: z
    .object({ PolicyPacks: z.record(z.string(), z.unknown()).nullish(), result: z.string().optional() })
    .optional(),
  sequence: z.number(),
});

/**
 * Reads what `pulumi preview --event-log FILE` or `pulumi policy analyze --json` wrote, one event a line, for the policies of one
 * pack.
 *
 * @param path the file, or `-` for standard input
 * @throws Failure (`file`) where it cannot be read or a line is no event. The message holds nothing of the line
 */
export async function readPolicyEvents(path: string, pack: string): Promise<PolicyEvents> {
  const violations = new Map<string, Violation>();
  const mended: { urn: string; policy: string }[] = [];
  const passed = new Map<string, Set<string>>();
  const stackPolicies = new Set<string>();
  let sawWholeStack = false;
  let sawProgram = false;
  let mandatory = false;
  let summary: Event["summaryEvent"];
  let ofOtherPacks = 0;
  for await (const each of eventsIn(path)) {
    const { policyEvent, policyRemediationEvent, policyAnalyzeSummaryEvent, policyAnalyzeStackSummaryEvent } =
      each;
    if (each.preludeEvent) sawProgram = true;
    summary = each.summaryEvent ?? summary;
    mandatory ||= policyEvent !== undefined && policyEvent.enforcementLevel !== "advisory";
    if (policyEvent?.policyPackName === pack) {
      const violation = violationOf(policyEvent);
      violations.set(JSON.stringify(violation), violation);
    } else if (policyEvent) ofOtherPacks += 1;
    if (policyRemediationEvent?.policyPackName === pack) {
      mended.push({ urn: policyRemediationEvent.resourceUrn, policy: policyRemediationEvent.policyName });
    }
    if (policyAnalyzeSummaryEvent?.policyPackName === pack) {
      const { resourceUrn, passed: names } = policyAnalyzeSummaryEvent;
      passed.set(resourceUrn, new Set([...(passed.get(resourceUrn) ?? []), ...names]));
    }
    if (policyAnalyzeStackSummaryEvent?.policyPackName === pack) {
      sawWholeStack = true;
      const { passed: names, failed } = policyAnalyzeStackSummaryEvent;
      for (const name of [...names, ...failed]) stackPolicies.add(name);
    }
  }
  const asked = (): PolicyEvents["asked"] => {
    if (sawWholeStack) return "stack";
    if (passed.size > 0) return "resources";
    const spoke = violations.size > 0 || mended.length > 0;
    if (summary?.PolicyPacks?.[pack] === undefined) return spoke ? "untold" : "nowhere";
    if (sawProgram) return "untold";
    if (summary.result === "succeeded") return "state";
    return mandatory ? "state-rejected" : "state-failed";
  };
  return {
    violations: [...violations.values()],
    mended,
    passed,
    stackPolicies,
    asked: asked(),
    ofOtherPacks,
  };
}

type Event = z.output<typeof event>;

function violationOf(said: NonNullable<Event["policyEvent"]>): Violation {
  return {
    urn: said.resourceUrn,
    policy: said.policyName,
    level: said.enforcementLevel === "advisory" ? "advisory" : "mandatory",
    message: withoutColors(said.message).trim(),
  };
}

/** The engine leaves its own marks for colours in a message, such as `<{%reset%}>`, or a terminal's. */
function withoutColors(text: string): string {
  return stripVTControlCharacters(text.replace(/<\{%[^%]*%\}>/g, ""));
}

async function* eventsIn(path: string): AsyncGenerator<Event> {
  const source = Readable.from(bytesOf(path, MOST_BYTES));
  let place = 0;
  try {
    // A stream's error does not reach the loop over its lines.
    const broken = new Promise<never>((_, reject) => source.once("error", reject));
    const lines = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })[
      Symbol.asyncIterator
    ]();
    for (;;) {
      const next = await Promise.race([lines.next(), broken]);
      if (next.done) return;
      place += 1;
      if (next.value.trim() !== "") yield eventOf(next.value, path, place);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      "file",
      `${named(path)} cannot be read${why(error)}.`,
      "Give a file written by pulumi preview --event-log or pulumi policy analyze --json.",
    );
  }
}

function eventOf(line: string, path: string, place: number): Event {
  const found = event.safeParse(json(line));
  if (found.success) return found.data;
  throw new Failure(
    "file",
    `${named(path)}, line ${place}, is not an engine event.`,
    "Give the complete output of pulumi preview --event-log or pulumi policy analyze --json. (pulumi preview --json has no policy events.)",
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function why(error: unknown): string {
  const code = systemCode(error);
  if (code === "ENOENT") return ": it does not exist";
  if (code === "EISDIR") return ": it is a folder";
  return code === undefined ? "" : ` (${code})`;
}
