import type { Command } from "commander";
import { auditCommand } from "./audit/command";
import { enrollCommand } from "./enroll/command";
import { findingsCommand } from "./findings/command";
import { offboardCommand } from "./offboard/command";
import { timeoutOption } from "./patience";
import { profileCommand } from "./profile/command";
import { replaceCommand } from "./replace/command";
import { sessionCommand } from "./session/command";
import { statusCommand } from "./status/command";
import { verifyCommand } from "./verify/command";

/** All commands, in the order of the help. What is heavy is loaded by the one that is run. */
export function commands(): Command[] {
  return [
    enrollCommand(),
    profileCommand(),
    verifyCommand(),
    sessionCommand(),
    statusCommand(),
    replaceCommand(),
    offboardCommand(),
    auditCommand(),
    findingsCommand(),
  ].map((command) => command.addOption(timeoutOption()));
}
