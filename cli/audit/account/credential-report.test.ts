import { expect, test } from "vitest";
import { parseCredentialReport } from "./credential-report";

test.each([
  ["an empty text", "", "user, arn, password_enabled"],
  ["an HTML page", "<html>", "user, arn, password_enabled"],
  ["a header that lacks a column", "user,arn", "it lacks password_enabled"],
])("reading %s as a credential report fails and names the missing columns", (_, csv, lacks) => {
  expect(() => parseCredentialReport(csv)).toThrow(lacks);
});

const HEAD =
  "user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_rotated," +
  "access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date";
const ARN = "arn:aws:iam::111122223333:user/alice";

test("an access key has the service and region of its last use only if the report names them", () => {
  const at = "2026-01-02T03:04:05.000Z";
  const columns = ["service", "region"].flatMap((what) =>
    [1, 2].map((key) => `,access_key_${key}_last_used_${what}`),
  );
  const keysOf = (none: string) => {
    const row = `alice,${ARN},false,N/A,true,true,${at},${at},true,${at},N/A,s3,${none},us-east-1,${none}`;
    return parseCredentialReport(`${HEAD}${columns.join("")}\n${row}\n`).get(ARN)?.accessKeys;
  };
  for (const none of ["N/A", "no_information", "not_supported", ""]) {
    expect(keysOf(none), none).toEqual([
      { active: true, createdAt: at, lastUsed: at, lastUsedService: "s3", lastUsedRegion: "us-east-1" },
      { active: true, createdAt: at, lastUsed: null },
    ]);
  }
});

test.each([
  ["is unknown if the report lacks the columns", [], undefined],
  ["counts only the active ones", ["true", "false"], 1],
])("the number of signing certificates %s", (_, certificates, expected) => {
  const row = `alice,${ARN},false,N/A,true,false,N/A,N/A,false,N/A,N/A`;
  const more = certificates.length === 0 ? "" : ",cert_1_active,cert_2_active";
  const csv = `${HEAD}${more}\n${[row, ...certificates].join(",")}\n`;
  expect(parseCredentialReport(csv).get(ARN)?.signingCertificates).toBe(expected);
});
