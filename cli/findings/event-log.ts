import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { Failure, reasonOf } from "../failure";
import { bytesOf, named } from "../input";
import { parseJson } from "../json";

/** An event holds all properties of its resource. */
const MOST_BYTES = 4 * 1024 * 1024 * 1024;

/** What the events of a preview say about one policy pack. */
export interface PolicyEvents {
  /** Each violation once, in the order of the log. */
  readonly violations: readonly Violation[];
  /** Resources that a policy remediated, and the policy's name. */
  readonly remediated: readonly { readonly urn: string; readonly policy: string }[];
  /** By URN, the policies that the resource passed. */
  readonly passed: ReadonlyMap<string, ReadonlySet<string>>;
  /** The policies that evaluated the whole stack, whatever the result. */
  readonly stackPolicies: ReadonlySet<string>;
  /**
   * What the log shows that the pack evaluated:
   *
   * - `none`: the pack did not run;
   * - `unknown`: the pack ran, and there is no summary, as Pulumi CLIs before 3.200 write none;
   * - `resources`, but not the stack as a whole; or the whole `stack`;
   * - a `state`, by `pulumi policy analyze`, which writes no summaries either; `state-failed` if it ended with an error that no
   *   violation explains, `state-rejected` if a violation may explain it.
   */
  readonly coverage: "none" | "unknown" | "resources" | "stack" | "state" | "state-rejected" | "state-failed";
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
const names = z.array(z.string()).default([]);

/**
 * An event as the engine writes it: `EngineEvent` of Pulumi's `sdk/go/common/apitype`. What is not listed here, such as the properties of
 * resources and what a program logged, is dropped when it is read.
 */
const event = z.object({
  policyEvent: onResource
    .extend({ policyName: z.string(), message: z.string(), enforcementLevel: z.string() })
    .optional(),
  policyRemediationEvent: onResource.extend({ policyName: z.string() }).optional(),
  policyAnalyzeSummaryEvent: onResource.extend({ passed: names }).optional(),
  policyAnalyzeStackSummaryEvent: ofPack.extend({ passed: names, failed: names }).optional(),
  /** The first event of a run that executes a program. */
  preludeEvent: z.object({}).optional(),
  summaryEvent: z
    .object({ PolicyPacks: z.record(z.string(), z.unknown()).nullish(), result: z.string().optional() })
    .optional(),
  sequence: z.number(),
});
type Event = z.output<typeof event>;

/**
 * Reads what `pulumi preview --event-log FILE` or `pulumi policy analyze --json` wrote, one event per line, for the policies of one pack.
 *
 * @param path the file, or `-` for standard input
 * @throws Failure (`file`) if it cannot be read or a line is not an event. The message quotes nothing of the line
 */
export async function readPolicyEvents(path: string, pack: string): Promise<PolicyEvents> {
  const violations = new Map<string, Violation>();
  const remediated: { urn: string; policy: string }[] = [];
  const passed = new Map<string, Set<string>>();
  const stackPolicies = new Set<string>();
  let [isWholeStack, hasProgram, isRejected, ofOtherPacks] = [false, false, false, 0];
  let summary: Event["summaryEvent"];
  const ofThis = <T extends { policyPackName: string }>(found: T | undefined) =>
    found?.policyPackName === pack ? found : undefined;
  for await (const each of eventsIn(path)) {
    hasProgram ||= each.preludeEvent !== undefined;
    summary = each.summaryEvent ?? summary;
    if (each.policyEvent) {
      const violation = violationOf(each.policyEvent);
      isRejected ||= violation.level === "mandatory";
      if (each.policyEvent.policyPackName === pack) violations.set(JSON.stringify(violation), violation);
      else ofOtherPacks += 1;
    }
    const remediation = ofThis(each.policyRemediationEvent);
    if (remediation) remediated.push({ urn: remediation.resourceUrn, policy: remediation.policyName });
    const ofResource = ofThis(each.policyAnalyzeSummaryEvent);
    if (ofResource) {
      const { resourceUrn: urn, passed: policies } = ofResource;
      passed.set(urn, new Set([...(passed.get(urn) ?? []), ...policies]));
    }
    const ofStack = ofThis(each.policyAnalyzeStackSummaryEvent);
    if (ofStack) {
      isWholeStack = true;
      for (const name of [...ofStack.passed, ...ofStack.failed]) stackPolicies.add(name);
    }
  }
  const coverage = (): PolicyEvents["coverage"] => {
    if (isWholeStack) return "stack";
    if (passed.size > 0) return "resources";
    const hasReports = violations.size > 0 || remediated.length > 0;
    if (summary?.PolicyPacks?.[pack] === undefined) return hasReports ? "unknown" : "none";
    if (hasProgram) return "unknown";
    if (summary.result === "succeeded") return "state";
    return isRejected ? "state-rejected" : "state-failed";
  };
  return {
    violations: [...violations.values()],
    remediated,
    passed,
    stackPolicies,
    coverage: coverage(),
    ofOtherPacks,
  };
}

function violationOf({
  resourceUrn,
  policyName,
  enforcementLevel,
  message,
}: NonNullable<Event["policyEvent"]>): Violation {
  return {
    urn: resourceUrn,
    policy: policyName,
    level: enforcementLevel === "advisory" ? "advisory" : "mandatory",
    // Without the engine's own marks for colors, such as `<{%reset%}>`, and those of a terminal.
    message: stripVTControlCharacters(message.replace(/<\{%[^%]*%\}>/g, "")).trim(),
  };
}

async function* eventsIn(path: string): AsyncGenerator<Event> {
  const source = Readable.from(bytesOf(path, MOST_BYTES));
  try {
    // A stream's error does not reach the loop over its lines.
    const broken = new Promise<never>((_, reject) => source.once("error", reject));
    const lines = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })[
      Symbol.asyncIterator
    ]();
    for (let number = 1; ; number++) {
      const { done, value } = await Promise.race([lines.next(), broken]);
      if (done) return;
      if (value.trim() !== "") yield eventOf(value, path, number);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      "file",
      `${named(path)} cannot be read: ${reasonOf(error)}.`,
      "Give a file written by pulumi preview --event-log or pulumi policy analyze --json.",
    );
  }
}

function eventOf(line: string, path: string, number: number): Event {
  const found = event.safeParse(parseJson(line));
  if (found.success) return found.data;
  throw new Failure(
    "file",
    `${named(path)}, line ${number}, is not an engine event.`,
    "Give the complete output of pulumi preview --event-log or pulumi policy analyze --json. (pulumi preview --json has no policy events.)",
  );
}
