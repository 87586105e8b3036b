import type { Resource } from "aws-mfa-policy-pack/iam-graph";
import type { Place, Setup, Subject } from "./report";

/** Something that the audit looks at, as far as it could be read. */
export interface AuditInput extends Pick<Place, "kind" | "name" | "file" | "trouble"> {
  /** What it declares, for the rules to judge. The URN is the subject's id. */
  readonly resources: readonly Resource[];
  readonly notes?: readonly string[];
  /** What an account knows of its users, by URN. */
  readonly users?: ReadonlyMap<string, UserRecord>;
  /** Resources of which there is more to say, by URN. */
  readonly remarks?: ReadonlyMap<string, string>;
  /** Policy documents that nobody carries yet: each is judged as the guard that it may be meant to be. */
  readonly guards?: readonly Resource[];
  /** What no rule is about. */
  readonly subjects?: readonly Subject[];
}

/** What is set up for a user; `unknown` where the account did not say it. */
export type UserRecord = Omit<Setup, "guardedBy"> | "unknown";
