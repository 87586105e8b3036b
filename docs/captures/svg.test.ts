import { Terminal } from "@xterm/headless";
import { describe, expect, test } from "vitest";
import { type Screen, screenOf, textOf } from "./screen";
import { svgOf } from "./svg";

async function shown(written: string, columns = 20, normalize = (line: string) => line): Promise<Screen> {
  const terminal = new Terminal({ cols: columns, rows: 5, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(written, done));
  return screenOf(terminal.buffer.active, columns, normalize);
}

const texts = (svg: string) => [...svg.matchAll(/<text x="0"[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

describe("the screen", () => {
  test("ends with its last line that is not blank, or with the cursor's line if that is later", async () => {
    expect((await shown("a\r\nb")).rows).toHaveLength(2);
    expect((await shown("a\r\n\r\n")).rows).toHaveLength(3);
  });

  test("includes the lines that scrolled off", async () => {
    expect(textOf(await shown("1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7"))).toBe("1\n2\n3\n4\n5\n6\n7");
  });

  test("is normalized across a line wrap", async () => {
    const screen = await shown("until then", 8, (line) => line.replace("then", "when"));
    expect(textOf(screen)).toBe("until wh\nen");
  });

  test("is rejected if normalization lengthens a line, or if a color is not one of the basic 16", async () => {
    await expect(shown("a", 8, (line) => `${line}!`)).rejects.toThrow("Expected one character for each cell");
    await expect(shown("\x1b[38;5;200ma")).rejects.toThrow("the color 200");
  });
});

describe("the image", () => {
  test("contains text as text, escaped for XML", async () => {
    expect(texts(svgOf(await shown("a <b> & c"), "title"))).toEqual(["a &lt;b&gt; &amp; c"]);
  });

  test("fixes the width of text to that of its cells", async () => {
    expect(svgOf(await shown("12345"), "title")).toContain('textLength="42"');
  });

  test("shows colors, bold and dim text", async () => {
    const svg = svgOf(await shown("\x1b[31mred\x1b[0m \x1b[1mbold\x1b[0m \x1b[2mdim"), "title");
    expect(svg).toMatch(/style="fill: #f47c7c">red</);
    expect(svg).toMatch(/style="font-weight: bold">bold</);
    expect(svg).toMatch(/style="fill-opacity: 0.7">dim</);
  });

  test("shows block characters as rectangles over their background, not as text", async () => {
    const svg = svgOf(await shown("\x1b[47;30m▀▄█\x1b[0m"), "title");
    expect(svg).not.toMatch(/[▀▄█]/);
    expect(svg).toContain('<rect x="0" y="0" width="25.2" height="18" fill="#ffffff"/>');
    expect(svg).toContain('<rect x="0" y="0" width="8.4" height="9" fill="#000000"/>');
    expect(svg).toContain('<rect x="8.4" y="9" width="8.4" height="9" fill="#000000"/>');
    expect(svg).toContain('<rect x="16.8" y="0" width="8.4" height="18" fill="#000000"/>');
  });

  test("has a title and a description for screen readers", async () => {
    const svg = svgOf(await shown("$ aws s3 ls"), "The AWS CLI");
    expect(svg).toContain('role="img" aria-labelledby="title text"');
    expect(svg).toContain('<title id="title">The AWS CLI</title>');
    expect(svg).toContain('<desc id="text">$ aws s3 ls</desc>');
  });
});
