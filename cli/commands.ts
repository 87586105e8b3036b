import type { Command } from "commander";
import { timeoutOption } from "./timeout";

interface Loadable {
  readonly load: () => Promise<Command>;
  /** Shown in its help. */
  readonly examples: readonly string[];
}

/** The commands in the order of the help. The action of a command loads its heavy modules. */
const COMMANDS: Readonly<Record<string, Loadable>> = {
  setup: {
    load: async () => (await import("./setup/command.js")).setupCommand(),
    examples: ["aws-mfa setup --role-arn arn:aws:iam::111122223333:role/MFABasedAccess --region us-east-1"],
  },
  enroll: {
    load: async () => (await import("./enroll/command.js")).enrollCommand(),
    examples: [
      "aws-mfa enroll alice --stack dev",
      "aws-mfa enroll alice --stack dev --device backup",
      "aws-mfa enroll --self",
    ],
  },
  profile: {
    load: async () => (await import("./profile/command.js")).profileCommand(),
    examples: [
      "aws-mfa profile alice --stack dev",
      "aws-mfa profile --role-arn arn:aws:iam::111122223333:role/MFABasedAccess --mfa-serial arn:aws:iam::111122223333:mfa/alice --region us-east-1",
      "aws-mfa profile alice --stack dev --one-code",
    ],
  },
  verify: {
    load: async () => (await import("./verify/command.js")).verifyCommand(),
    examples: ["aws-mfa verify", "aws-mfa verify work --json"],
  },
  session: {
    load: async () => (await import("./session/command.js")).sessionCommand(),
    examples: ["aws-mfa session", "aws-mfa session --profile work --end"],
  },
  exec: {
    load: async () => (await import("./exec/command.js")).execCommand(),
    examples: ["aws-mfa exec mfabasedaccess -- terraform plan"],
  },
  keys: {
    load: async () => (await import("./keys/command.js")).keysCommand(),
    examples: [
      "aws-mfa keys rotate",
      "aws-mfa keys rotate --profile work --keep-in keyring",
      "aws-mfa keys delete-old",
      "aws-mfa keys issue alice --stack dev",
    ],
  },
  status: {
    load: async () => (await import("./status/command.js")).statusCommand(),
    examples: ["aws-mfa status --stack dev"],
  },
  replace: {
    load: async () => (await import("./replace/command.js")).replaceCommand(),
    examples: ["aws-mfa replace alice --stack dev"],
  },
  offboard: {
    load: async () => (await import("./offboard/command.js")).offboardCommand(),
    examples: ["aws-mfa offboard alice --stack dev"],
  },
  audit: {
    load: async () => (await import("./audit/command.js")).auditCommand(),
    examples: [
      "aws-mfa audit --profile security",
      "aws-mfa audit path/to/policies template.yaml",
      "aws-mfa audit --html audit.html --fail-on high",
      "aws-mfa audit --trail AWSLogs/",
    ],
  },
  rehearse: {
    load: async () => (await import("./rehearse/command.js")).rehearseCommand(),
    examples: [
      "aws-mfa rehearse --trail AWSLogs/",
      "aws-mfa rehearse --guard --trail AWSLogs/",
      "aws-mfa rehearse account.json report.json --role deploy=trust.json --trail AWSLogs/",
    ],
  },
  findings: {
    load: async () => (await import("./findings/command.js")).findingsCommand(),
    examples: ["aws-mfa findings events.json --format markdown"],
  },
  completion: {
    load: async () => (await import("./completion/command.js")).completionCommand(commands),
    examples: [
      "source <(aws-mfa completion bash)",
      "aws-mfa completion fish > ~/.config/fish/completions/aws-mfa.fish",
    ],
  },
};

/** The command of that name; all of them if there is none, for the help and the suggestion of the nearest name. */
export async function commands(name?: string): Promise<Command[]> {
  const named = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return Promise.all((named ? [named] : Object.values(COMMANDS)).map(loaded));
}

async function loaded({ load, examples }: Loadable): Promise<Command> {
  const lines = examples.map((line) => `  ${line}\n`).join("");
  const command = await load();
  for (const each of withActions(command)) each.addOption(timeoutOption());
  return command.addHelpText("after", `\nExamples:\n${lines}`);
}

/** The subcommands of a command; itself if it has none. */
export function withActions(command: Command): readonly Command[] {
  return command.commands.length > 0 ? command.commands : [command];
}
