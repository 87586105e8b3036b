import * as fc from "fast-check";
import MarkdownIt from "markdown-it";
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parseFragment } from "parse5";
import { describe, expect, test } from "vitest";
import type { Report } from "../report";
import { anyReport } from "../sample/any-report";
import { sampleReport } from "../sample/report";
import { markdown } from "./markdown";
import { placed } from "./order";

/** Renders like GitHub: tables, HTML, and bare URLs as links. */
const renderer = new MarkdownIt({ html: true, linkify: true });

function shown(report: Report) {
  const elements: string[] = [];
  let text = "";
  const walk = (node: DefaultTreeAdapterTypes.Node): void => {
    if (defaultTreeAdapter.isTextNode(node)) text += node.value;
    if (defaultTreeAdapter.isElementNode(node)) {
      elements.push(node.nodeName);
      text += "\n";
    }
    if ("childNodes" in node) node.childNodes.forEach(walk);
  };
  walk(parseFragment(renderer.render(markdown(report))));
  return { elements, text };
}

const OURS = [
  ..."h2 p strong em table thead tbody tr th td code details summary pre br ul li blockquote".split(" "),
];
/** As HTML represents it: white space and invalid characters are collapsed. */
const words = (text: string) => text.replace(/[\s\uFFFD\p{Cc}\p{Surrogate}]+/gu, " ").trim();

describe("the Markdown output", () => {
  test("has every finding of any report, and no markup from a name", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const { elements, text } = shown(report);
        expect([...new Set(elements)].filter((each) => !OURS.includes(each))).toEqual([]);
        const listed = placed(report).filter(
          ({ subject }) =>
            subject.findings.length > 0 || ["open", "anyone-with-mfa", "unknown"].includes(subject.standing),
        );
        expect(elements.filter((each) => each === "details")).toHaveLength(listed.length);
        const all = words(text);
        for (const { subject } of listed) {
          expect(all).toContain(words(subject.name));
          for (const { message } of subject.findings) expect(all).toContain(words(message));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("has one table row per subject, and no name adds a column", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const rows = markdown(report)
          .split("\n")
          .filter((line) => /^\| (🔴|🟠|🟡|⚪|🟢) /u.test(line));
        expect(rows).toHaveLength(shown(report).elements.filter((each) => each === "details").length);
        for (const row of rows) expect(row.split("|")).toHaveLength(9);
      }),
      { numRuns: 30 },
    );
  });

  test("answers the question first, and lists the most dangerous subjects first", () => {
    const text = markdown(sampleReport);
    expect(text.split("\n\n").slice(0, 2)).toEqual([
      "## Can anyone get in without MFA?",
      "**Yes: 8 of 25 are bypassable**, of 13 roles, 5 groups, 6 users, and 1 policy in 4 places.",
    ]);
    const names = text.match(/(?<=^\| [^|]* \| [^|]* \| \w+ <code>)[\w&#;]+/gm);
    expect(names?.slice(0, 3)).toEqual(["Release", "BackupOperator", "refunds"]);
    expect(names?.slice(-3)).toEqual(["payments&#45;team", "DeployFromCi", "dave"]);
  });

  test("has the remedy for what could not be read, and the notes of a place", () => {
    expect(shown(sampleReport).text).toContain("Last uses may be up to four hours old.");
    expect(shown(sampleReport).text).toContain(
      "Allow what `aws-mfa audit --iam-policy` prints to this role.",
    );
  });

  test("does not answer No if there was nothing to evaluate", () => {
    expect(markdown({ ...sampleReport, places: [] })).toContain("Nothing was found that could be evaluated.");
  });

  test.each([
    ["No if every subject is protected", ["protected"], "**No**, none of"],
    ["No with the number of exempt subjects", ["protected", "exempt"], "**No, but 4 are exempt**"],
    [
      "that not everything could be decided if a subject is unknown",
      ["protected", "unknown"],
      "**Nothing was found bypassable, but not everything could be decided**",
    ],
  ])("answers %s", (_, standings, answer) => {
    const places = sampleReport.places
      .filter(({ trouble }) => trouble === undefined)
      .map((place) => ({
        ...place,
        subjects: place.subjects.filter(({ standing }) => standings.includes(standing)),
      }));
    expect(markdown({ ...sampleReport, places })).toContain(answer);
  });

  test("stays below GitHub's 1 MiB limit for a summary, and says how many subjects it omits", () => {
    const [place] = sampleReport.places;
    const [open] = place?.subjects ?? [];
    if (place === undefined || open === undefined) throw new Error("The sample has no subject.");
    const subjects = Array.from({ length: 3000 }, (_, index) => ({ ...open, id: `${open.id}${index}` }));
    const text = markdown({ ...sampleReport, places: [{ ...place, subjects }] });
    expect(text).toContain("**Yes: 3,000 of 3,000 are bypassable**, of 3,000 roles in 1 place.");
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    const left = Number(/\*\*(\d+) more are omitted here/.exec(text)?.[1]);
    expect(text.match(/<details>/g)).toHaveLength(3000 - left);
    expect(left).toBeGreaterThan(0);
  });
});
