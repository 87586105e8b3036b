import * as fc from "fast-check";
import MarkdownIt from "markdown-it";
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parseFragment } from "parse5";
import { describe, expect, test } from "vitest";
import type { Report } from "../report";
import { anyReport } from "../sample/any-report";
import { sampleReport } from "../sample/report";
import { markdown } from "./markdown";
import { placed } from "./order";

/** As a forge shows it: tables, HTML and links that are written as bare addresses. */
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
/** As HTML holds it: one kind of white space, and no character that is none. */
const words = (text: string) => text.replace(/[\s\uFFFD\p{Cc}\p{Surrogate}]+/gu, " ").trim();

describe("Markdown", () => {
  test("in any report no name brings in a mark of its own, and every finding is there", () => {
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

  test("each row of the table is one subject, and no name adds a column", () => {
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

  test("the answer comes first, and the most dangerous before the others", () => {
    const text = markdown(sampleReport);
    expect(text).toContain(
      "**Yes: 8 of 25 are bypassable**, of 13 roles, 5 groups, 6 users, and 1 policy in 4 places.",
    );
    const names = text.match(/(?<=^\| [^|]* \| [^|]* \| \w+ <code>)[\w&#;]+/gm);
    expect(names?.slice(0, 3)).toEqual(["Release", "BackupOperator", "refunds"]);
    expect(names?.slice(-3)).toEqual(["payments&#45;team", "DeployFromCi", "dave"]);
  });

  test("what could not be read is said with its remedy, and what a place has to say", () => {
    expect(shown(sampleReport).text).toContain("Last uses may be up to four hours old.");
    expect(shown(sampleReport).text).toContain(
      "Allow what `aws-mfa audit --iam-policy` prints to this role.",
    );
  });

  test("where nothing was found the answer is not No", () => {
    expect(markdown({ ...sampleReport, places: [] })).toContain("Nothing was found that could be evaluated.");
  });

  test.each([
    ["nothing is open", ["protected"], "**No**, none of"],
    ["something is exempt", ["protected", "exempt"], "**No, but 4 are exempt**"],
    [
      "something is not decided",
      ["protected", "unknown"],
      "**Nothing was found bypassable, but not everything could be decided**",
    ],
  ])("where %s the answer says so", (_, standings, answer) => {
    const places = sampleReport.places
      .filter(({ trouble }) => trouble === undefined)
      .map((place) => ({
        ...place,
        subjects: place.subjects.filter(({ standing }) => standings.includes(standing)),
      }));
    expect(markdown({ ...sampleReport, places })).toContain(answer);
  });

  test("a report too long for a summary ends before its limit, and says how much it leaves out", () => {
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
