import XmlBuilder from "fast-xml-builder";
import type { Finding, Passed, Place, Report, Subject } from "../report";
import { dangerInWords } from "./danger";
import { passedIn, worstFirst } from "./order";
import { requestInWords } from "./request";
import { usageInWords } from "./usage";

/**
 * The report as test results, in the form that Jenkins, GitLab and others read: a place is a suite, a subject a case. A new
 * mandatory finding is a failure, and an advisory one a text of the case; what is not decided, or stands in the baseline, is skipped; what passed is a case that passed; a place that could not be read whole
 * has an error. Some readers take only the first failure of a case, so a case has one, with all findings.
 *
 * @param command the one that makes it, which the whole is named after
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
    ...passedIn(place).map((each) => named(each, name)),
    ...(place.passed === "unnamed" ? [{ "@name": "all else that was checked", "@classname": name }] : []),
  ];
  return {
    "@name": name,
    "@timestamp": legal(madeAt.replace(/(\.\d+)?Z$/, "")),
    ...counts(testcase),
    testcase,
    ...outOf(place.notes ?? []),
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
  const { standing, reason, notes, closedBy } = subject;
  const findings = worstFirst(subject);
  const isFailing = ({ state, level }: Finding) => state === "new" && level === "mandatory";
  const failing = findings.filter(isFailing);
  const passing = findings.filter((each) => !isFailing(each));
  const out = [
    ...passing.map((each) => `${MARK[each.state]}: ${inWords(each)}`),
    ...dangerInWords(subject),
    ...usageInWords(subject),
    ...notes,
    ...(closedBy === undefined ? [] : [reason]),
  ];
  return {
    ...named(subject, classname),
    ...outcome(failing, standing, reason, passing),
    ...outOf(out),
  };
}

/** GitLab drops a case that has the name of another. */
function named({ kind, name, id }: Passed, classname: string): Case {
  return { "@name": legal(`${kind} ${name} (${id})`), "@classname": classname };
}

function outOf(texts: readonly string[]): Pick<Case, "system-out"> {
  return texts.length === 0 ? {} : { "system-out": legal(texts.join("\n\n")) };
}

const MARK = { new: "New", known: "In the baseline", exempt: "Exempt" };

function outcome(
  failing: readonly Finding[],
  standing: Subject["standing"],
  reason: string,
  passing: readonly Finding[],
): Pick<Case, "failure" | "skipped"> {
  const [worst] = failing;
  if (worst !== undefined) {
    const text = legal(failing.map(inWords).join("\n\n"));
    return { failure: { "@message": legal(reason), "@type": legal(worst.policy), "#text": text } };
  }
  if (standing === "anyone-with-mfa") return { skipped: { "@message": legal(`Anyone with MFA: ${reason}`) } };
  if (standing === "unknown") return { skipped: { "@message": legal(`Not decided: ${reason}`) } };
  if (passing.some(({ state }) => state === "known")) {
    return { skipped: { "@message": legal(`In the baseline: ${reason}`) } };
  }
  return {};
}

function inWords({ policy, level, severity, message, witnesses }: Finding): string {
  const requests = witnesses.map((each) => `  Request: ${requestInWords(each)}.`);
  return [`[${level}, ${severity}] ${policy}`, message, ...requests].join("\n");
}

/** Without the characters that XML 1.0 cannot hold in any form (production 2, Char). */
function legal(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}
