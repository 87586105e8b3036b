import type { CallKeys, Permissions } from "aws-mfa-policy-pack/iam";
import type { Danger } from "../report";
import { changing } from "./actions.cjs";
import { PATHS, type Path } from "./escalation";

/** What somebody can do by their own permissions, and whom they can become. */
export interface Power extends Pick<Danger, "can" | "because"> {
  readonly becomes: readonly Become[];
}

/** A role or user whom they can act as. `by`: the actions that do it. */
export interface Become {
  readonly arn: string;
  readonly by: string;
  readonly asks: "trust" | "nothing";
}

const CHANGING = new Map(
  Object.entries(changing).map(([service, names]) => [service, names.split(" ").filter(Boolean)]),
);
// To assume a role changes nothing by itself: what the role can do counts.
CHANGING.set("sts", []);

/** No action of these changes anything. */
const READS = ["BatchGet", "Describe", "Get", "List", "Query", "Scan", "Search", "Select", "View"].map(
  (verb) => `*:${verb}*`,
);

const TOGETHER = new Intl.ListFormat("en");

/** What permissions come to: the worst of what is known. */
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

/** Whether a path leads to more, whoever that is; whom it leads to where they are named is added to `becomes`. */
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

/** An action that changes something, by its verb, of a service that the table does not have yet. */
function ofNewServices(permissions: Permissions): string | undefined {
  return permissions.written().find((written) => {
    const [service = "", name = ""] = written.split(":");
    const isNew = name !== "" && !/[*?]/.test(service) && !CHANGING.has(service.toLowerCase());
    return (
      isNew &&
      !/^(BatchGet|Describe|Get|List|Query|Scan|Search|Select|View)/i.test(name) &&
      permissions.isAllowed(written.replace(/[*?]/g, "x"))
    );
  });
}
