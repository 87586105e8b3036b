import { isSafe } from "../corpus/entry";
import { type Answers, documentsOf, OPEN_BY_OUR_DEFINITION, totalsOf } from "./answers";
import type { IdentityKind } from "./terraform";
import type { Tool } from "./tool";

const KINDS: Readonly<Record<IdentityKind, string>> = {
  role: "A role's trust policy",
  group: "A group's policy",
  user: "The same policies on a user",
};

/** The page `docs/comparison.md`: what each check says of each document. */
export function comparisonPage(tools: readonly Tool[], answers: readonly Answers[]): string {
  const kinds = (["role", "group", "user"] as const).filter((kind) =>
    answers.some(({ check }) => check.kind === kind),
  );
  return `${[
    INTRODUCTION,
    ...summary(answers, tools),
    ...notes(tools),
    ...kinds.flatMap((kind) =>
      details(
        kind,
        answers.filter(({ check }) => check.kind === kind),
      ),
    ),
  ].join("\n")}\n`;
}

const INTRODUCTION = `# What other tools answer

This page asks other tools this project's question, *can anyone get in without MFA?*, about the documents of the corpus (\`tests/corpus\`): policies from AWS's documentation, and
policies that are often misjudged, each with its verdict and the reason. To write it again, with the versions below, run

\`\`\`sh
npm run compare    # needs Go and Python; installs the tools into the cache folder
\`\`\`

Each document is embedded in Terraform, which all tools read. To read the page fairly:

- Only checks for MFA in AWS IAM policies are compared. The tools check many things that this project does not.
- Only what files declare is compared. None of these checks reads logs, as the [rehearsal](rehearse.md) does.
- We chose the documents, and include unusual forms on purpose. The share of right answers does not reflect how common a form is.
- A check that looks for a key's name does what it promises. The documents show what that misses.
- ${OPEN_BY_OUR_DEFINITION.size} documents are unsafe only by *our* definition: they do what they say, but a guard must cover everything here. They are marked with †.
- The column *allows access without MFA* is this project's own answer, which a test checks. That is no merit: we chose the documents. For a comparison with an evaluator that we did
  not write, see [the proof](simulator.md).
`;

function summary(answers: readonly Answers[], tools: readonly Tool[]): readonly string[] {
  const rows = tools.flatMap((tool) => {
    const named = `${tool.name} ${tool.version}`;
    const own = answers.filter((each) => each.tool === tool);
    if (own.length === 0) return [`| ${named} | no check | – | – |`];
    return own.map((each) => {
      const { unsafe, safe } = totalsOf(each);
      const marked = unsafe.ours === 0 ? "" : ` (${unsafe.ours} of those it accepts are †)`;
      const check = `${each.check.title} (\`${each.check.id}\`), ${KINDS[each.check.kind].toLowerCase()}`;
      return `| ${named} | ${cell(check)} | ${unsafe.reported} of ${unsafe.reported + unsafe.passed}${marked} | ${safe.reported} of ${safe.reported + safe.passed} |`;
    });
  });
  return [
    "## Summary",
    "",
    "| tool | check | unsafe documents reported | safe documents reported |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ];
}

function notes(tools: readonly Tool[]): readonly string[] {
  return [...tools.map(({ name, note }) => `- **${name}**: ${note}`), ""];
}

function details(kind: IdentityKind, answers: readonly Answers[]): readonly string[] {
  const heads = answers.map(({ tool, check }) => `${tool.name}: ${cell(check.title)}`);
  return [
    `## ${KINDS[kind]}`,
    "",
    "**Bold** is a wrong answer.",
    "",
    `| document | allows access without MFA | ${heads.join(" | ")} |`,
    `| --- | --- | ${heads.map(() => "---").join(" | ")} |`,
    ...documentsOf(kind).map((entry) => {
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
