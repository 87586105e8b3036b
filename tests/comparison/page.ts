import { isSafe } from "../corpus/entry";
import { type Answers, documentsOf, OPEN_BY_OUR_DEFINITION, totalsOf } from "./answers";
import type { Place } from "./terraform";
import type { Tool } from "./tool";

const PLACES: Readonly<Record<Place, string>> = {
  role: "A role's trust policy",
  group: "A group's policy",
  user: "The same policies on a user",
};

/** The page `docs/comparison.md`: what each check says of each document. */
export function comparisonPage(tools: readonly Tool[], answers: readonly Answers[]): string {
  const places = (["role", "group", "user"] as const).filter((place) =>
    answers.some(({ check }) => check.place === place),
  );
  return `${[
    ...introduction(),
    ...summary(answers, tools),
    ...notes(tools),
    ...places.flatMap((place) =>
      details(
        place,
        answers.filter(({ check }) => check.place === place),
      ),
    ),
  ].join("\n")}\n`;
}

function introduction(): readonly string[] {
  return [
    "# What other tools answer",
    "",
    "The question of this project, *can anyone get in without MFA?*, put to other tools on the same documents: the corpus in `tests/corpus`, forms that AWS's",
    "documentation shows and forms that are known to be got wrong, each with its verdict and why. This page is written by",
    "",
    "```sh",
    "npm run compare",
    "```",
    "",
    "which installs the tools in the versions below into the user's cache folder (they need Go and Python) and asks them. Each document is put into Terraform, which all of them read.",
    "",
    "How to read it fairly:",
    "",
    "- Only checks about MFA in a policy of AWS IAM are asked. The tools look for much that this project knows nothing of.",
    "- We chose the documents, and odd forms are in it on purpose. A share of right answers says nothing about how often a form is met.",
    "- A check that looks for a key's name does what it promises. The documents show what that leaves out.",
    `- ${OPEN_BY_OUR_DEFINITION.size} documents are unsafe by *our* definition alone: what they say holds, but a guard that does not cover everything is none here. They are marked with †.`,
    "- This project answers each document as the column *lets in without MFA* says. That is a test (`tests/corpus/corpus.test.ts`), and no merit in this table: who writes the",
    "  questions knows the answers. The proof against an evaluator that we did not write is in [simulator.md](simulator.md).",
    "",
  ];
}

function summary(answers: readonly Answers[], tools: readonly Tool[]): readonly string[] {
  const rows = tools.flatMap((tool) => {
    const named = `${tool.name} ${tool.version}`;
    const own = answers.filter((each) => each.tool === tool);
    if (own.length === 0) return [`| ${named} | no check | – | – |`];
    return own.map((each) => {
      const { unsafe, safe } = totalsOf(each);
      const marked = unsafe.ours === 0 ? "" : ` (${unsafe.ours} of those it passes are †)`;
      const check = `${each.check.title} (\`${each.check.id}\`), ${PLACES[each.check.place].toLowerCase()}`;
      return `| ${named} | ${cell(check)} | ${unsafe.reported} of ${unsafe.reported + unsafe.passed}${marked} | ${safe.reported} of ${safe.reported + safe.passed} |`;
    });
  });
  return [
    "## In short",
    "",
    "| tool | check | unsafe documents that it reports | safe documents that it reports |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ];
}

function notes(tools: readonly Tool[]): readonly string[] {
  return [...tools.map(({ name, note }) => `- **${name}**: ${note}`), ""];
}

function details(place: Place, answers: readonly Answers[]): readonly string[] {
  const heads = answers.map(({ tool, check }) => `${tool.name}: ${cell(check.title)}`);
  return [
    `## ${PLACES[place]}`,
    "",
    "**Bold** is a wrong answer.",
    "",
    `| document | lets in without MFA | ${heads.join(" | ")} |`,
    `| --- | --- | ${heads.map(() => "---").join(" | ")} |`,
    ...documentsOf(place).map((entry) => {
      const safe = isSafe(entry);
      const said = answers.map(({ reported }) => {
        const answer = reported.has(entry.id) ? "reported" : "passed";
        return reported.has(entry.id) === safe ? `**${answer}**` : answer;
      });
      const mark = OPEN_BY_OUR_DEFINITION.has(entry.id) ? " †" : "";
      return `| ${cell(entry.title)} (\`${entry.id}\`)${mark} | ${safe ? "no" : "yes"} | ${said.join(" | ")} |`;
    }),
    "",
  ];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
