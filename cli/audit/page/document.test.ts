import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from "parse5";
import { describe, expect, test } from "vitest";
import { anyReport } from "../sample/any-report";
import { documentOf } from "./document";

const assets = { script: "run()", style: "body{}" };

/** All elements of an HTML document, as a browser parses it. */
function elements(html: string): DefaultTreeAdapterTypes.Element[] {
  const walk = (node: DefaultTreeAdapterTypes.Node): DefaultTreeAdapterTypes.Element[] => [
    ...(defaultTreeAdapter.isElementNode(node) ? [node] : []),
    ...("childNodes" in node ? node.childNodes.flatMap(walk) : []),
  ];
  return walk(parse(html));
}

const textOf = ({ childNodes }: DefaultTreeAdapterTypes.Element) =>
  childNodes.map((node) => (defaultTreeAdapter.isTextNode(node) ? node.value : "")).join("");

describe("the page's document", () => {
  test("embeds any report and any plan as data, without another HTML element", () => {
    const empty = elements(documentOf({ version: 1, madeAt: "", places: [] }, assets)).map(
      ({ tagName }) => tagName,
    );
    fc.assert(
      fc.property(anyReport, (report) => {
        const plan = [{ kind: "json", value: report }] as const;
        const found = elements(documentOf(report, assets, plan));
        expect(found.map(({ tagName }) => tagName)).toEqual(empty);
        for (const [id, data] of Object.entries({ report, plan })) {
          const element = found.find(({ attrs }) =>
            attrs.some(({ name, value }) => name === "id" && value === id),
          );
          expect(JSON.parse(element === undefined ? "" : textOf(element))).toEqual(
            JSON.parse(JSON.stringify(data)),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test("allows only its own script and style in its Content-Security-Policy", () => {
    const html = documentOf({ version: 1, madeAt: "", places: [] }, assets);
    const policy = elements(html).find(({ attrs }) =>
      attrs.some(({ value }) => value === "Content-Security-Policy"),
    );
    const content = policy?.attrs.find(({ name }) => name === "content")?.value.split("; ");
    const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    expect(content).toEqual([
      "default-src 'none'",
      `script-src ${hash("run()")}`,
      `style-src ${hash("body{}")}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });
});
