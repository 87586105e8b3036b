import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { STANDINGS } from "../render/order";
import { fragmentOf, START, type View, viewIn } from "./view";

const anyText = fc.string({ unit: "grapheme" });
const anyView: fc.Arbitrary<View> = fc
  .record({
    filter: fc.record({
      standings: fc.subarray([...STANDINGS]).map((each) => new Set(each)),
      kind: anyText,
      place: anyText,
      policy: anyText,
      text: anyText,
      isNew: fc.boolean(),
    }),
    page: fc.option(fc.integer({ min: 1, max: 9_999_999 }), { nil: undefined }),
    open: fc.uniqueArray(anyText),
    pinned: fc.option(fc.string({ unit: "grapheme", minLength: 1 }), { nil: undefined }),
  })
  .map(({ page, pinned, ...rest }) => ({
    ...rest,
    ...(page === undefined ? {} : { page }),
    ...(pinned === undefined ? {} : { pinned }),
  }));

describe("the view in the URL's fragment", () => {
  test("is read back unchanged, for any view", () => {
    fc.assert(
      fc.property(anyView, (view) => {
        expect(viewIn(`#${fragmentOf(view)}`)).toEqual(view);
      }),
      { numRuns: 200 },
    );
  });

  test("is empty for the initial view", () => {
    expect(fragmentOf(START)).toBe("");
    expect(viewIn("")).toEqual(START);
  });

  test.each(["#subjects", "#page=0", "#page=-1", "#page=x", "#mfa=ajar", "#%E0%A4%A"])(
    "is the initial view for %s, which has no valid value",
    (fragment) => {
      expect(viewIn(fragment)).toEqual(START);
    },
  );

  test("names its filters and its open subjects", () => {
    const filter = { ...START.filter, standings: new Set(["open"] as const), kind: "role" };
    const open = ["arn:aws:iam::111122223333:role/Billing"];
    expect(fragmentOf({ filter, open })).toBe(
      "mfa=open&kind=role&subject=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FBilling",
    );
  });
});
