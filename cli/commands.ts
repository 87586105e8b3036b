import type { Command } from "commander";
import { timeoutOption } from "./patience";

/** Each command, in the order of the help. What is heavy is loaded by the action of the one that is run. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  enroll: async () => (await import("./enroll/command.js")).enrollCommand(),
  profile: async () => (await import("./profile/command.js")).profileCommand(),
  verify: async () => (await import("./verify/command.js")).verifyCommand(),
  session: async () => (await import("./session/command.js")).sessionCommand(),
  exec: async () => (await import("./exec/command.js")).execCommand(),
  status: async () => (await import("./status/command.js")).statusCommand(),
  replace: async () => (await import("./replace/command.js")).replaceCommand(),
  offboard: async () => (await import("./offboard/command.js")).offboardCommand(),
  audit: async () => (await import("./audit/command.js")).auditCommand(),
  findings: async () => (await import("./findings/command.js")).findingsCommand(),
  completion: async () => (await import("./completion/command.js")).completionCommand(commands),
};

const ALICE = "arn:aws:iam::111122223333:mfa/alice";

/** What the help of each command shows. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  enroll: ["aws-mfa enroll alice --stack dev", "aws-mfa enroll --self"],
  profile: [
    "aws-mfa profile alice --stack dev",
    `aws-mfa profile --role-arn arn:aws:iam::111122223333:role/MFABasedAccess --mfa-serial ${ALICE} --region us-east-1`,
    "aws-mfa profile alice --stack dev --one-code",
  ],
  verify: ["aws-mfa verify", "aws-mfa verify work --json"],
  session: ["aws-mfa session", "aws-mfa session --profile work --end"],
  exec: ["aws-mfa exec mfabasedaccess -- terraform plan"],
  status: ["aws-mfa status --stack dev"],
  replace: ["aws-mfa replace alice --stack dev"],
  offboard: ["aws-mfa offboard alice --stack dev"],
  audit: [
    "aws-mfa audit --profile security",
    "aws-mfa audit path/to/policies template.yaml",
    "aws-mfa audit --html audit.html --fail-on high",
  ],
  findings: ["aws-mfa findings events.json --format markdown"],
  completion: [
    "source <(aws-mfa completion bash)",
    "aws-mfa completion fish > ~/.config/fish/completions/aws-mfa.fish",
  ],
};

/** The command of that name alone; all of them where there is none of it, for the help and for the nearest name. */
export async function commands(name?: string): Promise<Command[]> {
  const loaded = Object.entries(COMMANDS).filter(([each]) => each === name);
  const wanted = loaded.length > 0 ? loaded : Object.entries(COMMANDS);
  const made = await Promise.all(wanted.map(([, load]) => load()));
  return made.map((command) => {
    const examples = EXAMPLES[command.name()]?.map((line) => `  ${line}\n`).join("") ?? "";
    return command.addOption(timeoutOption()).addHelpText("after", `\nExamples:\n${examples}`);
  });
}
