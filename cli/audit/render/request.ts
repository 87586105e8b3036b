import type { ReportedWitness } from "../report";

/** The request of a witness in words, such as `sts:AssumeRole by arn:… on arn:…, aws:SourceIp is 10.0.0.1`. */
export function requestInWords({ principal, action, resource, request, exact }: ReportedWitness): string {
  const who = principal === undefined ? "" : ` by ${principal}`;
  const what = resource === undefined ? "" : ` on ${resource}`;
  const carries = Object.entries(request).map(([key, values]) =>
    values === null ? `${key} is absent` : `${key} is ${values.join(" and ")}`,
  );
  const more = exact ? [] : ["if what only the request decides allows it"];
  return [`${action}${who}${what}`, ...carries, ...more].join(", ");
}
