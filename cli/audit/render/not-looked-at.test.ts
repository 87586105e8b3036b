import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printable } from "../../terminal/escape-controls";
import { accountInput } from "../account/account";
import { jsonOf } from "../page/export";
import type { NotLookedAt, Place, Report, Subject } from "../report";
import { anyReport } from "../sample/any-report";
import { readState } from "../state/state";
import { markdown } from "./markdown";
import { inJson, notLookedAt, notLookedAtText } from "./not-looked-at";
import { tableOf } from "./table";

const tableText = (report: Report) =>
  stripVTControlCharacters(printable(tableOf(report, { all: true, columns: undefined })));

const trouble = { problem: "AWS refused.", remedy: "Ask for the right." };
const place = (kind: Place["kind"], more: Partial<Place> = {}): Place => ({
  ...{ kind, name: "x", subjects: [] },
  ...more,
});
const subject = (kind: Subject["kind"], standing: Subject["standing"]): Subject => ({
  ...{ kind, name: "x", id: "x", standing, reason: "", findings: [], notes: [] },
});
const closed = subject("role", "protected");

describe("what was not looked at", () => {
  test.each<[string, readonly Place[], NotLookedAt, string | undefined]>([
    ["is nothing if everything was read", [place("file", { subjects: [closed] })], {}, undefined],
    [
      "includes files and accounts that were not read at all",
      [place("file", { trouble }), place("file", { trouble }), place("account", { trouble })],
      { files: 2, accounts: 1 },
      "Not looked at: 2 files, 1 account.",
    ],
    [
      "includes accounts and states that were read in part",
      [place("account", { trouble, subjects: [closed] }), place("state", { trouble, passed: "unnamed" })],
      { partsOfAccounts: 1, partsOfStates: 1 },
      "Not looked at: part of 1 state, part of 1 account.",
    ],
    [
      "includes what a trouble names instead of its place",
      [place("state", { trouble: { ...trouble, notLookedAt: { resources: 2 } }, subjects: [closed] })],
      { resources: 2 },
      "Not looked at: 2 resources.",
    ],
    [
      "includes what a place names in addition to its trouble",
      [place("account", { trouble, notLookedAt: { organizationPolicies: 1 } })],
      { accounts: 1, organizationPolicies: 1 },
      "Not looked at: 1 account, the organization's SCPs and RCPs.",
    ],
    [
      "includes templates with an unknown part, and no unknown role",
      [
        place("file", {
          subjects: [
            subject("template", "unknown"),
            subject("template", "unknown"),
            subject("role", "unknown"),
          ],
        }),
      ],
      { partsOfTemplates: 2 },
      "Not looked at: parts of 2 templates.",
    ],
  ])("%s", (_, places, counts, words) => {
    expect(notLookedAt({ places })).toEqual(counts);
    expect(notLookedAtText({ places })).toBe(words);
  });

  test("is in the table, in Markdown and in JSON, for any report", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const words = notLookedAtText(report);
        const line = tableText(report).split("\n").at(-2);
        expect(line === words).toBe(words !== undefined);
        expect(markdown(report).includes(`\n\n**${words}**\n\n`)).toBe(words !== undefined);
        const counts = notLookedAt(report);
        expect(inJson(report)).toEqual({ ...report, notLookedAt: counts });
        expect(JSON.parse(jsonOf(report, []))).toMatchObject({ notLookedAt: counts });
      }),
    );
  });

  test("is the sum over all places, and includes each place that could not be read", () => {
    fc.assert(
      fc.property(anyReport, ({ places }) => {
        const sum = (counts: NotLookedAt) => Object.values(counts).reduce((all, each) => all + each, 0);
        const each = places.map((one) => sum(notLookedAt({ places: [one] })));
        expect(sum(notLookedAt({ places }))).toBe(each.reduce((all, one) => all + one, 0));
        places.forEach((one, index) => {
          if (one.trouble !== undefined && one.trouble.notLookedAt === undefined)
            expect(each[index]).toBeGreaterThan(0);
        });
      }),
    );
  });

  const found = { users: [], groups: [], roles: [], policies: [], awsPolicies: [] };
  const alice = {
    ...{ urn: "arn:aws:iam::111122223333:user/alice", type: "AWS::IAM::User", name: "alice" },
    ...{ props: { UserName: "alice" }, dependencies: {}, secretOutputs: [] },
  };
  const report = { madeAt: undefined, users: new Map() };
  const listed = { serviceCredentials: new Map(), isWhole: true };
  test.each([
    [
      "includes its credential report if that is missing",
      undefined,
      [],
      { isWhole: false },
      { credentialReports: 1 },
    ],
    [
      "includes its root user if the credential report lacks it",
      report,
      [],
      { isWhole: false },
      { rootUsers: 1 },
    ],
    ["includes a list that AWS denied", report, [alice], listed, { rootUsers: 1, lists: 1 }],
    [
      "includes no list if none was denied",
      report,
      [alice],
      { ...listed, sshPublicKeys: new Map<string, number>() },
      { rootUsers: 1 },
    ],
  ])("of an account %s", (_, credentials, users, lists, counts) => {
    const source = accountInput("111122223333", { ...found, users }, credentials, true, lists);
    expect(source.notLookedAt).toEqual(counts);
  });

  test("of a state includes the resources that are pending deletion", () => {
    const urn = (name: string) => `urn:pulumi:prod::app::aws:iam/role:Role::${name}`;
    const resources = ["a", "b"].map((name) => ({ urn: urn(name), type: "aws:iam/role:Role", delete: true }));
    const { trouble: said } = readState({ version: 3, deployment: { resources } }, "state.json");
    expect(said?.notLookedAt).toEqual({ resources: 2 });
  });
});
