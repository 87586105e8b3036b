import { STANDINGS } from "../render/order";
import { EVERYTHING, type Filter } from "./entry";

/** What a person looks at. The URL's fragment has all of it, for links and for the history. */
export interface View {
  readonly filter: Filter;
  /** The page of the list, from 1; `undefined` for the one with the subject that was opened last. */
  readonly page?: number | undefined;
  /** The ids of the subjects whose details are open, the latest last. */
  readonly open: readonly string[];
  /** The key of the node that is pinned on the map. */
  readonly pinned?: string | undefined;
}

export const START: View = { filter: EVERYTHING, open: [] };

/** The view of a fragment, without what this page does not have. */
export function viewIn(fragment: string): View {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const text = (name: string) => given.get(name) ?? "";
  const standings = text("mfa").split(",");
  return {
    filter: {
      standings: new Set(STANDINGS.filter((each) => standings.includes(each))),
      kind: text("kind"),
      place: text("place"),
      policy: text("policy"),
      text: text("find"),
      isNew: given.has("new"),
    },
    page: /^[1-9]\d{0,6}$/.test(text("page")) ? Number(text("page")) : undefined,
    open: [...new Set(given.getAll("subject"))],
    pinned: given.get("map") ?? undefined,
  };
}

/** The fragment of a view, without `#`. */
export function fragmentOf({ filter, page, open, pinned }: View): string {
  const { standings, kind, place, policy, text, isNew } = filter;
  const values = {
    mfa: STANDINGS.filter((each) => standings.has(each)).join(","),
    kind,
    place,
    policy,
    find: text,
    new: isNew ? "yes" : "",
    page: page === undefined ? "" : String(page),
    map: pinned ?? "",
  };
  return new URLSearchParams([
    ...Object.entries(values).filter(([, value]) => value !== ""),
    ...open.map((id): [string, string] => ["subject", id]),
  ]).toString();
}
