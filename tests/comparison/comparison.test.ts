import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { GROUP_CORPUS, TRUST_CORPUS } from "../corpus/corpus";
import { ACCOUNT, isSafe, policy, type TrustEntry } from "../corpus/entry";
import { documentsOf, OPEN_BY_OUR_DEFINITION, totalsOf } from "./answers";
import { terraform } from "./terraform";
import type { Tool } from "./tool";

const CORPUS = [...TRUST_CORPUS, ...GROUP_CORPUS];
const PAGE = readFileSync(resolve(__dirname, "../../docs/comparison.md"), "utf8");

describe("a document in Terraform", () => {
  const statement = {
    Effect: "Allow",
    Principal: ACCOUNT,
    Action: "sts:AssumeRole",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    Resource: "user/${aws:username}",
  };
  const entry: TrustEntry = {
    id: "trust-x",
    title: "",
    from: "AWS",
    why: "",
    verdict: "bypassable",
    document: policy(statement),
  };

  test.each([
    ["role", "assume_role_policy = <<POLICY"],
    ["group", 'resource "aws_iam_group_policy" "subject" {'],
    ["user", 'resource "aws_iam_user_policy" "subject" {'],
  ] as const)("is the policy of a %s", (kind, line) => {
    expect(terraform(kind, entry)).toContain(line);
  });

  test("is the same document once Terraform has resolved its escapes", () => {
    const [, text = ""] = /<<POLICY\n(.*)\nPOLICY\n/s.exec(terraform("role", entry)) ?? [];
    expect(text).toContain("$$" + "{aws:username}");
    expect(JSON.parse(text.replaceAll("$$" + "{", "$" + "{"))).toEqual(entry.document);
  });
});

describe("the totals of a check", () => {
  const tool: Tool = { name: "x", version: "1", checks: [], note: "", ask: async () => new Map() };
  const check = { id: "x", title: "x", kind: "group" } as const;

  test("are all documents if it reports everything, and none if it reports nothing", () => {
    const documents = documentsOf("group");
    const unsafe = documents.filter((entry) => !isSafe(entry)).length;
    const everything = totalsOf({ tool, check, reported: new Set(documents.map(({ id }) => id)) });
    expect(everything.unsafe).toEqual({ reported: unsafe, passed: 0, ours: 0 });
    expect(everything.safe.reported).toBe(documents.length - unsafe);
    const nothing = totalsOf({ tool, check, reported: new Set() });
    expect(nothing.unsafe).toEqual({ reported: 0, passed: unsafe, ours: OPEN_BY_OUR_DEFINITION.size });
  });
});

describe("docs/comparison.md", () => {
  test("has each document's verdict, and † if it is open only by our definition (npm run compare writes it)", () => {
    const rows = CORPUS.map((entry) => {
      const mark = OPEN_BY_OUR_DEFINITION.has(entry.id) ? " †" : "";
      return `(\`${entry.id}\`)${mark} | ${isSafe(entry) ? "no" : "yes"} |`;
    });
    expect(new Set(PAGE.match(/\(`(trust|group)-[\w-]+`\).*?\|.*?\|/g))).toEqual(new Set(rows));
  });

  test("marks only documents that are open in the corpus", () => {
    const marked = [...OPEN_BY_OUR_DEFINITION].map((id) => CORPUS.find((entry) => entry.id === id)?.verdict);
    expect(marked).toEqual(marked.map(() => "open"));
  });
});
