import type { Part } from "../audit/page/part";
import { block, plain } from "../audit/render/markdown-text";
import { counted } from "../audit/render/words";
import { escapeControls, style } from "../terminal/escape-controls";
import { type Affected, type AffectedCall, exitCodeOf, type Plan, type WayOut } from "./plan";

/** How many calls are listed for each; the JSON has all. */
const LISTED = 6;

export function planAsText(plan: Plan): string {
  const parts = partsOf(plan);
  // Only a heading has no blank line after it.
  const lines = parts.map((part, index) => {
    const gap = index === 0 ? "" : parts[index - 1]?.kind === "heading" ? "\n" : "\n\n";
    return `${gap}${asText(part)}`;
  });
  return `${lines.join("")}\n`;
}

function asText(part: Part): string {
  switch (part.kind) {
    case "title":
    case "heading":
      return style.bold(escapeControls(part.text));
    case "text":
      return escapeControls(part.text);
    case "list":
      return part.items.map((each) => `  ${escapeControls(each)}`).join("\n");
    case "json":
      return jsonOf(part.value)
        .split("\n")
        .map((line) => `  ${escapeControls(line)}`)
        .join("\n");
  }
}

export function planAsMarkdown(plan: Plan): string {
  return `${partsOf(plan).map(asMarkdown).join("\n\n")}\n`;
}

function asMarkdown(part: Part): string {
  switch (part.kind) {
    case "title":
      return `# ${plain(part.text)}`;
    case "heading":
      return `## ${plain(part.text)}`;
    case "text":
      return plain(part.text);
    case "list":
      return part.items.map((each) => `- ${plain(each)}`).join("\n");
    case "json":
      return block(jsonOf(part.value));
  }
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** The plan as text, for any format. */
export function partsOf(plan: Plan): readonly Part[] {
  const { change, evidence, affected, unseen, unused, exemptions, gaps } = plan;
  return [
    { kind: "title", text: `Rehearsal: ${change}` },
    ...evidence.map((each): Part => ({ kind: "text", text: evidenceInWords(each) })),
    { kind: "text", text: verdictInWords(plan) },
    ...affected.flatMap(affectedInWords),
    ...section(
      "Used by someone whom the logs do not show",
      unseen.map(
        ({ name, at, region }) =>
          `role ${name}: last used on ${day(at)}${region === undefined ? "" : ` in ${region}`}, by RoleLastUsed. Give logs of that day and region.`,
      ),
    ),
    ...section(
      "Not used for 90 days, so removal stops nobody",
      unused.map(
        ({ kind, name, lastUse }) =>
          `${kind} ${name}: ${lastUse.kind === "used" ? `last used on ${day(lastUse.at)}` : "AWS recorded no use"}`,
      ),
    ),
    ...(Object.keys(exemptions).length === 0
      ? []
      : ([
          {
            kind: "heading",
            text: "Exemptions for those who must wait (--exemptions, --policy-pack-config)",
          },
          { kind: "json", value: exemptions },
        ] as const)),
    ...section(
      "Not known",
      gaps.map(({ problem, remedy }) => `${problem} ${remedy}`),
    ),
  ];
}

function section(heading: string, items: readonly string[]): readonly Part[] {
  return items.length === 0
    ? []
    : [
        { kind: "heading", text: heading },
        { kind: "list", items },
      ];
}

function evidenceInWords({ account, events, first, last, regions }: Plan["evidence"][number]): string {
  const figures = "AWS's own last-use figures";
  if (first === undefined || last === undefined)
    return `Account ${account}: no CloudTrail events, only ${figures}.`;
  return `Account ${account}: ${counted(events, "CloudTrail event")} from ${day(first)} to ${day(last)} in ${regions.join(", ")}, and ${figures}. Data events and other regions may be missing in the logs.`;
}

function verdictInWords(plan: Plan): string {
  const { affected, unseen } = plan;
  const stopped = affected.filter(({ outcome }) => outcome === "stopped");
  const mayBe = affected.length - stopped.length + unseen.length;
  if (affected.length + unseen.length > 0) {
    const who =
      stopped.length === 0 ? "Nobody is sure to be stopped" : `Would be stopped: ${countsOf(stopped)}`;
    return `${who}${mayBe === 0 ? "" : `. May be stopped: ${mayBe}`}.`;
  }
  return exitCodeOf(plan) === 0
    ? "Nobody would be stopped."
    : "Nobody in these logs would be stopped. Whether anyone else would be is not known.";
}

function countsOf(stopped: readonly Affected[]): string {
  const of = (by: Affected["by"]) => stopped.filter((each) => each.by === by).length;
  const said = [
    [of("people"), "person", "people"],
    [of("machines"), "machine", "machines"],
    [of("people and machines"), "used by people and machines", "used by people and machines"],
    [of("unclear"), "person or machine", "people or machines"],
  ] as const;
  return said.flatMap(([count, one, many]) => (count === 0 ? [] : [counted(count, one, many)])).join(", ");
}

function affectedInWords(affected: Affected): readonly Part[] {
  const { id, kind, name, outcome, by, calls, unseenUses, waysOut } = affected;
  const called = kind === "other" ? id : `${kind} ${name}`;
  const who = by === "unclear" ? "a person or a machine" : by;
  const more = calls.length - LISTED;
  return [
    { kind: "heading", text: `${called} ${outcome === "stopped" ? "would be stopped" : outcome} (${who})` },
    {
      kind: "list",
      items: [
        ...calls.slice(0, LISTED).map(callInWords),
        ...(more > 0 ? [`${more} more calls, addresses or user agents`] : []),
        ...unseenUses.map(
          ({ of, at }) =>
            `${of === "password" ? "its password" : "an access key"} was last used on ${day(at)}, by the credential report; the logs do not show for what`,
        ),
        ...waysOut.map(wayOutInWords),
      ],
    },
    ...waysOut.flatMap((way): readonly Part[] =>
      way.kind === "own role" ? [{ kind: "json", value: way.trust }] : [],
    ),
  ];
}

function callInWords({
  call,
  role,
  outcome,
  events,
  last,
  mfa,
  source,
  agent,
  because,
}: AffectedCall): string {
  const on = role === undefined ? "" : ` to ${role}`;
  const from = source === "" ? "" : ` from ${source}`;
  const said = agent === "" ? "" : `, ${agent}`;
  const unsure = outcome === "stopped" ? "" : ", may be stopped";
  return `${call}${on}: ${counted(events, "time")}, last on ${day(last)}, ${mfa ? "with" : "without"} MFA${from}${said} (${because})${unsure}`;
}

function wayOutInWords(way: WayOut): string {
  switch (way.kind) {
    case "enroll":
      return way.hasDevice
        ? "Way out for a person: a device is assigned already. Use it: aws-mfa setup, or aws-mfa profile"
        : `Way out for a person: ${way.command}`;
    case "own role":
      return `Way out for a machine in ${way.of}: a role of its own, with this trust policy, and no access key`;
    case "exempt":
      return `If it must wait: the exemption below, in ${way.policy}`;
  }
}

/** In UTC. */
function day(iso: string): string {
  return iso.slice(0, 10);
}
