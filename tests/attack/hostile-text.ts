import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runPlain } from "../../cli/testing/command";
import { serve } from "../../local/http";
import { inTurn, oneOf, type Random } from "../random";
import type { AttackClass } from "./class";

/** What moves the cursor, erases, hides, rings, fakes a title or turns the direction. */
const MARKS = [
  "\x1b[2K",
  "\x1b[8m",
  "\x1b]0;x\x07",
  "\x9b1A",
  "\r",
  "\b",
  "\x7f",
  "\u202e",
  "\u2066",
  "\u200b",
  "\u2028",
] as const;
const FAKED = "The device is enabled for alice.";

/** All that a terminal may get: text, line ends, tabs, and no control character at all, since nothing is coloured in a pipe. */
const RAW = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function textFrom(random: Random): string {
  return Array.from({ length: 1 + random(4) }, () => `${oneOf(random, MARKS)}name`).join("");
}

const escaped = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[^\n\x20-\x7e]/gu, (each) => `&#${each.codePointAt(0)};`);

interface Way {
  readonly args: readonly string[];
  /** What is beside the home folder. */
  readonly files?: Readonly<Record<string, string>>;
}

export const hostileText: AttackClass = {
  name: "hostile-text",
  attack:
    "Arguments, names in files, and text from AWS and Pulumi contain control characters, bidirectional overrides and line breaks.",
  holds: "None of them reaches a terminal unescaped, and no foreign line looks like one from the command.",
  runs: { full: 120, short: 8 },
  open: async (folder) => {
    let said = "";
    // Answers whatever is asked of AWS with an error.
    const aws = await serve(async () => ({
      status: 403,
      headers: { "content-type": "text/xml" },
      body: Buffer.from(
        `<ErrorResponse><Error><Code>AccessDenied</Code><Message>${escaped(said)}</Message></Error></ErrorResponse>`,
      ),
    }));
    const ways: readonly [(text: string) => Way, ...((text: string) => Way)[]] = [
      (text) => ({ args: ["profile", "--role-arn", text, "--mfa-serial", text, "--name", text] }),
      (text) => ({ args: [text] }),
      (text) => ({ args: ["audit", `--${text}`] }),
      (text) => ({ args: ["audit", text.replaceAll("/", "")] }),
      (text) => ({ args: ["verify", "--profile", text.replaceAll(/\s/g, "")] }),
      () => ({ args: ["verify"] }),
      () => ({ args: ["audit"] }),
      () => ({ args: ["enroll", "--self", "--codes"] }),
      (text) => ({
        args: ["audit", "policy.json"],
        files: {
          "policy.json": JSON.stringify({
            Version: text,
            Statement: { Effect: text, Principal: { AWS: text }, Action: text },
          }),
        },
      }),
      (text) => ({
        args: ["audit", "--state", "state.json", "--format", "json", "--all"],
        files: {
          "state.json": JSON.stringify({
            version: 3,
            deployment: {
              resources: [
                {
                  urn: `urn:pulumi:a::b::aws:iam/role:Role::${text}`,
                  type: "aws:iam/role:Role",
                  custom: true,
                  inputs: {},
                  outputs: { name: text, assumeRolePolicy: text },
                },
              ],
            },
          }),
        },
      }),
      (text) => ({
        args: ["status", "--stack", "dev", "--project", "project"],
        files: {
          pulumi: `#!/bin/sh\ncat >&2 <<'TEXT'\n${text}\n${FAKED}\nTEXT\nexit 1\n`,
          "Pulumi.yaml": "name: x\n",
        },
      }),
      (text) => ({
        args: [
          "profile",
          "--role-arn",
          "arn:aws:iam::111122223333:role/a",
          "--mfa-serial",
          "arn:aws:iam::111122223333:mfa/a",
        ],
        files: { config: `[profile mfabasedaccess]\nrole_arn = ${text.replaceAll(/[\r\n]/g, "")}\n` },
      }),
    ];
    return {
      attack: async (random, seed) => {
        const text = textFrom(random);
        said = `${text}\n${FAKED}`;
        const { args, files = {} } = inTurn(seed, ways)(text);
        const home = await mkdtemp(join(folder, "home-"));
        for (const [name, content] of Object.entries(files))
          await writeFile(join(home, name), content, { mode: 0o755 });
        const { stdout, stderr } = await runPlain(
          args.map((each) => (each === "project" ? home : each)),
          {
            env: {
              PATH: `${home}:${process.env.PATH ?? ""}`,
              HOME: home,
              AWS_CONFIG_FILE: join(home, "config"),
              AWS_ENDPOINT_URL: aws.endpoint,
              AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
              AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
              AWS_EC2_METADATA_DISABLED: "true",
              AWS_MFA_KEYRING: "off",
            },
            cwd: home,
            input: "123456\n654321\n",
          },
        );
        const printed = `${stdout}\n${stderr}`;
        const raw = RAW.exec(printed);
        if (raw)
          throw new Error(
            `${args[0]}: U+${raw[0].codePointAt(0)?.toString(16)} in ${JSON.stringify(printed.slice(Math.max(0, raw.index - 80), raw.index + 80))}`,
          );
        if (printed.split("\n").includes(FAKED))
          throw new Error(`${args[0]}: a line passes for the command's: ${printed}`);
        if (args.includes("json") && stdout !== "") JSON.parse(stdout);
      },
      close: aws.close,
    };
  },
};
