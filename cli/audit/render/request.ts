import type { Finding, ReportedWitness } from "../report";

/** The request of a witness, such as `sts:AssumeRole by arn:… on arn:…, aws:SourceIp is 10.0.0.1`. */
export function requestText({ principal, action, resource, request, exact }: ReportedWitness): string {
  const by = principal === undefined ? "" : ` by ${principal}`;
  const on = resource === undefined ? "" : ` on ${resource}`;
  const keys = Object.entries(request).map(([key, values]) =>
    values === null ? `${key} is absent` : `${key} is ${values.join(" and ")}`,
  );
  return [
    `${action}${by}${on}`,
    ...keys,
    ...(exact ? [] : ["if what only the request decides allows it"]),
  ].join(", ");
}

/** The message of a finding, with the requests of its witnesses. */
export function messageOf({ message, witnesses }: Finding): string {
  return [message, ...witnesses.map((each) => `  Request: ${requestText(each)}.`)].join("\n");
}
