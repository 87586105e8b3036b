import type { CallKeys, Permissions } from "aws-mfa-policy-pack/iam";
import type { Danger } from "../report";
import { changing } from "./actions.cjs";
import { PATHS, type Path } from "./escalation";

/** What permissions allow directly, and which holders they allow to become. */
export interface Power extends Pick<Danger, "can" | "because"> {
  readonly becomes: readonly Become[];
}

/** A role or a user that can be taken over. `by`: the actions. `asks`: what else must allow it. */
export interface Become {
  readonly arn: string;
  readonly by: string;
  readonly asks: "trust" | "nothing";
}

const CHANGING = new Map(
  Object.entries(changing).map(([service, names]) => [service, names.split(" ").filter(Boolean)]),
);
// Assuming a role changes nothing itself: what the role can do counts.
CHANGING.set("sts", []);

/** The verbs of actions that change nothing. */
const VERBS = ["BatchGet", "Describe", "Get", "List", "Query", "Scan", "Search", "Select", "View"];
const READS = VERBS.map((verb) => `*:${verb}*`);
const READING = new RegExp(`^(${VERBS.join("|")})`, "i");

const TOGETHER = new Intl.ListFormat("en");

/** The worst that the permissions are known to allow. */
export function powerOf(permissions: Permissions): Power {
  const becomes: Become[] = [];
  const paths = PATHS.filter((path) => isOpen(path, permissions, becomes));
  const [first] = paths;
  if (first?.on === "anything" && permissions.coverAll())
    return { can: "administrator", because: [], becomes };
  if (first !== undefined) return { can: "escalation", because: [TOGETHER.format(first.actions)], becomes };
  const changed = permissions.firstOf(CHANGING, READS) ?? ofNewServices(permissions);
  if (changed !== undefined) return { can: "data", because: [changed], becomes };
  const read = permissions.somethingBeside(["sts:*"]);
  return read === undefined
    ? { can: "nothing", because: [], becomes }
    : { can: "read", because: [read], becomes };
}

/** Whether a path escalates to any principal. If it only leads to named ones, they are added to `becomes`. */
function isOpen({ actions, passedTo, on }: Path, permissions: Permissions, becomes: Become[]): boolean {
  const keys: CallKeys = passedTo === undefined ? {} : { "iam:passedtoservice": passedTo };
  const [first, ...others] = actions;
  if (!others.every((action) => permissions.isAllowed(action))) return false;
  const targets = permissions.targetsOf(first, keys);
  if (on === "anything") return targets.length > 0;
  if (targets.includes("any")) return true;
  if (on === "many") return false;
  for (const target of targets) {
    if (typeof target === "string") continue;
    becomes.push({
      arn: target.arn,
      by: TOGETHER.format(actions),
      asks: first === "sts:AssumeRole" ? "trust" : "nothing",
    });
  }
  return false;
}

/** An action of a service that the table does not have yet, and that changes something by its verb. */
function ofNewServices(permissions: Permissions): string | undefined {
  return permissions.written().find((written) => {
    const [service = "", name = ""] = written.split(":");
    const isNew = name !== "" && !/[*?]/.test(service) && !CHANGING.has(service.toLowerCase());
    return isNew && !READING.test(name) && permissions.isAllowed(written.replace(/[*?]/g, "x"));
  });
}
