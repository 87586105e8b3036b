import { expect, test } from "vitest";
import { parseCredentialReport } from "./credential-report";

test.each([
  ["nothing at all", "", "user, arn, password_enabled"],
  ["a page of something else", "<html>", "user, arn, password_enabled"],
  ["a head without rows that lacks a column", "user,arn", "it lacks password_enabled"],
])("%s is no credential report of an account without users", (_, csv, lacks) => {
  expect(() => parseCredentialReport(csv)).toThrow(lacks);
});

const HEAD =
  "user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_rotated," +
  "access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date";
const ARN = "arn:aws:iam::111122223333:user/alice";

test("the service and the region of a key's last use are said where there was one", () => {
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
  ["is not said where the report lacks the columns", [], undefined],
  ["counts those that are active", ["true", "false"], 1],
])("the number of signing certificates %s", (_, certificates, expected) => {
  const row = `alice,${ARN},false,N/A,true,false,N/A,N/A,false,N/A,N/A`;
  const more = certificates.length === 0 ? "" : ",cert_1_active,cert_2_active";
  const csv = `${HEAD}${more}\n${[row, ...certificates].join(",")}\n`;
  expect(parseCredentialReport(csv).get(ARN)?.signingCertificates).toBe(expected);
});
