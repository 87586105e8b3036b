import { expect, test } from "vitest";
import { parseCredentialReport } from "./credential-report";

test.each([
  ["nothing at all", "", "user, arn, password_enabled"],
  ["a page of something else", "<html>", "user, arn, password_enabled"],
  ["a head without rows that lacks a column", "user,arn", "it lacks password_enabled"],
])("%s is no credential report of an account without users", (_, csv, lacks) => {
  expect(() => parseCredentialReport(csv)).toThrow(lacks);
});

test.each([
  ["is not said where the report lacks the columns", [], undefined],
  ["counts those that are active", ["true", "false"], 1],
])("the number of signing certificates %s", (_, certificates, expected) => {
  const head =
    "user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_rotated," +
    "access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date";
  const arn = "arn:aws:iam::111122223333:user/alice";
  const row = `alice,${arn},false,N/A,true,false,N/A,N/A,false,N/A,N/A`;
  const more = certificates.length === 0 ? "" : ",cert_1_active,cert_2_active";
  const csv = `${head}${more}\n${[row, ...certificates].join(",")}\n`;
  expect(parseCredentialReport(csv).get(arn)?.signingCertificates).toBe(expected);
});
