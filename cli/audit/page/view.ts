import { STANDINGS } from "../render/order";
import { EVERYTHING, type Filter } from "./entry";

/** What a person looks at. It stands whole in the URL's fragment, so that it can be sent to somebody and gone back to. */
export interface View {
  readonly filter: Filter;
  /** The page of the list, from 1; none for the one with what is open. */
  readonly page?: number;
  /** The ids of the subjects whose details are open, the latest last. */
  readonly open: readonly string[];
  /** The key of what is kept on the map. */
  readonly kept?: string;
}

export const START: View = { filter: EVERYTHING, open: [] };

/** The view of a fragment. What means nothing here is left out. */
export function viewIn(fragment: string): View {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const text = (name: string) => given.get(name) ?? "";
  const standings = text("mfa").split(",");
  const page = /^[1-9]\d{0,6}$/.test(text("page")) ? { page: Number(text("page")) } : {};
  const kept = given.has("map") ? { kept: text("map") } : {};
  return {
    filter: {
      standings: new Set(STANDINGS.filter((each) => standings.includes(each))),
      kind: text("kind"),
      place: text("place"),
      policy: text("policy"),
      text: text("find"),
      isNew: given.has("new"),
    },
    ...page,
    open: [...new Set(given.getAll("subject"))],
    ...kept,
  };
}

/** The fragment of a view, without `#`; empty for the start. */
export function fragmentOf({ filter, page, open, kept }: View): string {
  const { standings, kind, place, policy, text, isNew } = filter;
  const values = {
    mfa: STANDINGS.filter((each) => standings.has(each)).join(","),
    kind,
    place,
    policy,
    find: text,
    new: isNew ? "yes" : "",
    page: page === undefined ? "" : String(page),
    map: kept ?? "",
  };
  return new URLSearchParams([
    ...Object.entries(values).filter(([, value]) => value !== ""),
    ...open.map((id): [string, string] => ["subject", id]),
  ]).toString();
}
