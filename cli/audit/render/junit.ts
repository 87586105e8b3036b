import XmlBuilder from "fast-xml-builder";
import type { Finding, Passed, Place, Report, Subject } from "../report";
import { passedIn, worstFirst } from "./order";
import { messageOf } from "./request";
import { riskText } from "./usage";

/**
 * The report as test results for Jenkins, GitLab and others: a place is a suite, and a subject is a case. A new mandatory finding is a
 * failure, and an advisory one is output of the case. What is undecided or in the baseline is skipped. What passed is a case that
 * passed. A place that could not be read completely has an error. Some readers only take the first failure of a case, so a case has one,
 * with all its findings.
 *
 * @param command the command that writes it
 */
export function junit(report: Report, command: "audit" | "findings"): string {
  const suites = report.places.map((place) => suiteOf(place, report.madeAt));
  const builder = new XmlBuilder({
    attributeNamePrefix: "@",
    ignoreAttributes: false,
    suppressBooleanAttributes: false,
    suppressEmptyNode: true,
    format: true,
  });
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": `aws-mfa ${command}`,
      ...counts(suites.flatMap((each) => each.testcase)),
      testsuite: suites,
    },
  });
}

interface Case {
  readonly "@name": string;
  readonly "@classname": string;
  readonly failure?: Outcome;
  readonly error?: Outcome;
  readonly skipped?: { readonly "@message": string };
  readonly "system-out"?: string;
}

interface Outcome {
  readonly "@message": string;
  readonly "@type": string;
  readonly "#text": string;
}

function suiteOf(place: Place, madeAt: string) {
  const name = legal(`${place.kind} ${place.name}`);
  const testcase = [
    ...troubleOf(place, name),
    ...place.subjects.map((subject) => caseOf(subject, name)),
    ...passedIn(place).map((each) => passedCase(each, name)),
    ...(place.passed === "unnamed" ? [{ "@name": "all else that was checked", "@classname": name }] : []),
  ];
  return {
    "@name": name,
    "@timestamp": legal(madeAt.replace(/(\.\d+)?Z$/, "")),
    ...counts(testcase),
    testcase,
    ...outputOf(place.notes ?? []),
  };
}

function counts(cases: readonly Case[]) {
  const having = (key: keyof Case) => cases.filter((each) => each[key] !== undefined).length;
  return {
    "@tests": cases.length,
    "@failures": having("failure"),
    "@errors": having("error"),
    "@skipped": having("skipped"),
  };
}

function troubleOf({ trouble }: Place, classname: string): Case[] {
  if (trouble === undefined) return [];
  const { problem, remedy } = trouble;
  const error = { "@message": legal(problem), "@type": "trouble", "#text": legal(`${problem}\n${remedy}`) };
  return [{ "@name": "all of it can be read", "@classname": classname, error }];
}

function caseOf(subject: Subject, classname: string): Case {
  const { reason, notes, closedBy } = subject;
  const findings = worstFirst(subject);
  const isFailing = ({ state, level }: Finding) => state === "new" && level === "mandatory";
  const passing = findings.filter((each) => !isFailing(each));
  return {
    ...passedCase(subject, classname),
    ...outcomeOf(subject, findings.filter(isFailing), passing),
    ...outputOf([
      ...passing.map((each) => `${STATE[each.state]}: ${findingText(each)}`),
      ...riskText(subject),
      ...notes,
      ...(closedBy === undefined ? [] : [reason]),
    ]),
  };
}

/** GitLab drops a case with the name of another one, so the name has the id. */
function passedCase({ kind, name, id }: Passed, classname: string): Case {
  return { "@name": legal(`${kind} ${name} (${id})`), "@classname": classname };
}

function outputOf(texts: readonly string[]): Pick<Case, "system-out"> {
  return texts.length === 0 ? {} : { "system-out": legal(texts.join("\n\n")) };
}

const STATE = { new: "New", known: "In the baseline", exempt: "Exempt" };

function outcomeOf(
  { standing, reason }: Subject,
  failing: readonly Finding[],
  passing: readonly Finding[],
): Pick<Case, "failure" | "skipped"> {
  const [worst] = failing;
  if (worst !== undefined) {
    const text = legal(failing.map(findingText).join("\n\n"));
    return { failure: { "@message": legal(reason), "@type": legal(worst.policy), "#text": text } };
  }
  const why =
    standing === "anyone-with-mfa"
      ? "Anyone with MFA"
      : standing === "unknown"
        ? "Not decided"
        : passing.some(({ state }) => state === "known")
          ? "In the baseline"
          : undefined;
  return why === undefined ? {} : { skipped: { "@message": legal(`${why}: ${reason}`) } };
}

function findingText(finding: Finding): string {
  const { policy, level, severity } = finding;
  return `[${level}, ${severity}] ${policy}\n${messageOf(finding)}`;
}

/** Without the characters that XML 1.0 cannot represent (production 2, Char). */
function legal(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}
