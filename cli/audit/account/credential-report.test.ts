import { expect, test } from "vitest";
import { parseCredentialReport } from "./credential-report";

test.each([
  ["nothing at all", "", "user, arn, password_enabled"],
  ["a page of something else", "<html>", "user, arn, password_enabled"],
  ["a head without rows that lacks a column", "user,arn", "it lacks password_enabled"],
])("%s is no credential report of an account without users", (_, csv, lacks) => {
  expect(() => parseCredentialReport(csv)).toThrow(lacks);
});
