import fc from "fast-check";
import { expect, test } from "vitest";
import { Unknown } from "../iam/policy/unknown";
import type { Match, Referable, Reference } from "./reference";
import { ReferenceIndex, TargetIndex } from "./reference-index";

const OWN = "arn:aws:iam::111122223333:";
const NAMES = ["a", "A", "b", "policy/a", "policy/A"];
const TEXTS = [...NAMES, "arn:b", `${OWN}policy/a`, `${OWN}policy/A`];
const PROVIDERS = ["home", "elsewhere", undefined];
const TARGETS = ["t0", "t1", "t2"];
const OTHERS = ["x0", "x1"];
const isTarget = (urn: string) => TARGETS.includes(urn);

const reference: fc.Arbitrary<Reference> = fc.oneof(
  fc.record({
    kind: fc.constant("text" as const),
    text: fc.constantFrom(...TEXTS),
    provider: fc.constantFrom(...PROVIDERS),
  }),
  fc.record({
    kind: fc.constant("unresolved" as const),
    urns: fc.uniqueArray(fc.constantFrom(...TARGETS, ...OTHERS), { maxLength: 3 }),
  }),
);

const targets: fc.Arbitrary<Referable[]> = fc.tuple(
  ...TARGETS.map((urn) =>
    fc
      .record({
        name: fc.constantFrom(...NAMES, undefined, new Unknown("name")),
        arn: fc.constantFrom(...TEXTS, undefined),
        provider: fc.constantFrom(...PROVIDERS),
      })
      .map(
        ({ name, arn, provider }): Referable => ({
          name,
          resource: {
            urn,
            type: "t",
            name: urn,
            props: { arn },
            dependencies: {},
            secretOutputs: [],
            ...(provider === undefined ? {} : { provider }),
          },
        }),
      ),
  ),
);

/** The specification, for one list of references and one resource. */
function linkOf(references: readonly Reference[], { resource, name }: Referable): Match {
  const unresolved = references.filter((each) => each.kind === "unresolved");
  const texts = references.flatMap((each) =>
    each.kind === "text" && [undefined, resource.provider ?? each.provider].includes(each.provider)
      ? [each.text]
      : [],
  );
  const lower = (text: string): string | undefined => text.toLowerCase();
  const known = typeof name === "string" ? lower(name) : undefined;
  const isName = (text: string) => lower(text.replace(/^arn:aws:iam::\d+:(?=policy\/)/, "")) === known;
  const isNamed = texts.some((text) => isName(text) || text === resource.props.arn);
  const isElsewhere = unresolved.some(({ urns }) => !urns.some(isTarget));
  const mayBeNamed = name instanceof Unknown && (texts.length > 0 || isElsewhere);
  const reaching = unresolved.filter(({ urns }) => urns.includes(resource.urn));
  if (isNamed || reaching.some(({ urns }) => urns.filter(isTarget).length <= unresolved.length)) return "yes";
  const isLoose = unresolved.some(({ urns }) => urns.length === 0);
  return reaching.length > 0 || isLoose || mayBeNamed ? "perhaps" : "no";
}

test("the index finds everything that refers to a resource, as a check of each would", () => {
  fc.assert(
    fc.property(fc.array(fc.array(reference, { maxLength: 4 }), { maxLength: 5 }), targets, (items, all) => {
      const referrers = new ReferenceIndex<number, Referable>(new TargetIndex(all));
      items.forEach((references, item) => {
        referrers.add(item, references);
      });
      for (const target of all) {
        const links = items.map((references) => linkOf(references, target));
        const found = referrers.to(target);
        expect(items.map((_, item) => found.of(item))).toEqual(links);
        expect(found.sure).toEqual(items.flatMap((_, item) => (links[item] === "yes" ? [item] : [])));
        const perhaps = items.flatMap((_, item) => (links[item] === "perhaps" ? [item] : []));
        expect(found.hasPerhaps).toBe(perhaps.length > 0);
        expect(found.perhaps().toSorted()).toEqual(perhaps);
      }
    }),
    { numRuns: 2000 },
  );
});

test("the index finds every target of references, as a check of each resource would", () => {
  fc.assert(
    fc.property(fc.array(reference, { maxLength: 4 }), targets, (references, all) => {
      const links = all.map((target) => linkOf(references, target));
      const found = new TargetIndex(all).targets(references);
      expect(found.sure).toEqual(all.filter((_, index) => links[index] === "yes"));
      expect(found.hasPerhaps).toBe(links.includes("perhaps"));
      expect(found.outside).toEqual(
        references.flatMap((each) =>
          each.kind === "text" && all.every((target) => linkOf([each], target) !== "yes") ? [each.text] : [],
        ),
      );
    }),
    { numRuns: 2000 },
  );
});
