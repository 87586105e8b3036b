import type { Subject } from "./report";

/** What several subjects of a kind are called. */
export const PLURAL: Readonly<Record<Subject["kind"], string>> = {
  role: "roles",
  group: "groups",
  user: "users",
  policy: "policies",
  device: "devices",
  template: "templates",
};
