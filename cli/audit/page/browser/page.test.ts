import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../local/chromium";
import { against, baselineIn } from "../../baseline";
import type { Report } from "../../report";
import { largeReport } from "../../sample/large-report";
import { sampleReport } from "../../sample/report";
import type { Part } from "../part";
import { type Opened, type Reader, reader, unfold } from "../testing/reader";

let browser: Reader;
let opened: Opened | undefined;

async function open(
  report: Report = sampleReport,
  how?: Parameters<Reader["open"]>[1],
  fragment?: string,
  plan?: readonly Part[],
): Promise<Page> {
  opened = await browser.open(report, how, fragment, plan);
  return opened.page;
}

const names = (page: Page) => page.locator(".row > summary > .name").allTextContents();
const row = (page: Page, name: string) =>
  page.locator(".row", { has: page.getByText(name, { exact: true }) });
const lines = (page: Page, which: string) => page.locator(`.lines .way${which}`).count();

/** Names that would run as code if they were not escaped. */
const HOSTILE = [
  "</script><img src=x onerror=window.hacked=1>",
  "<!--<script>window.hacked=1</script>",
  '"><svg onload=window.hacked=1>',
  "javascript:window.hacked=1",
  "{{constructor.constructor('window.hacked=1')()}}",
];

function withoutBaseline({ baseline: _, ...report }: Report): Report {
  return report;
}

/** The words that are broken across lines. */
function brokenWords(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((elements) => {
    const range = document.createRange();
    const isBroken = (node: Node, { 0: word, index }: RegExpExecArray) => {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
    };
    return elements.flatMap((element) => {
      const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const broken: string[] = [];
      while (nodes.nextNode()) {
        const node = nodes.currentNode;
        const words = [...(node.textContent ?? "").matchAll(/[^\s-]+/g)];
        broken.push(...words.filter((word) => isBroken(node, word)).map(([word]) => word));
      }
      return broken;
    });
  });
}

/** The sample with these names everywhere. */
function named(...names: readonly string[]): Report {
  const places = sampleReport.places.map((place) => ({
    ...place,
    name: names.join(" "),
    ...(place.trouble === undefined
      ? {}
      : { trouble: { problem: names.join(" "), remedy: names.join(" ") } }),
    notes: names,
    subjects: place.subjects.map((subject, index) => {
      const name = names[index % names.length] ?? "";
      return {
        ...subject,
        name,
        id: `${name}${index}`,
        reason: name,
        notes: names,
        assumableBy: subject.assumableBy?.map((caller) => ({ ...caller, principal: name })) ?? [],
        findings: subject.findings.map((finding) => ({
          ...finding,
          policy: name,
          message: `${name}\nFix: ${name}`,
          witnesses: finding.witnesses.map((witness) => ({ ...witness, principal: name, world: name })),
        })),
      };
    }),
  }));
  return { ...sampleReport, places };
}

// Where there is no browser, the tests' setup has said so, and what to install.
describe.skipIf(findChromium() === undefined)("the page in a browser", () => {
  beforeAll(async () => {
    browser = await reader();
  });
  afterAll(() => browser.close());

  afterEach(async () => {
    expect(opened?.complaints ?? []).toEqual([]);
    await opened?.page.close();
    opened = undefined;
  });

  test("answers the question first, then shows the totals and what could not be read", async () => {
    const page = await open();
    expect(await page.locator("header > .when:first-child + h1 + .verdict").textContent()).toBe(
      "Yes. 5 roles, 1 group, and 2 users of 25 are bypassable, in 4 places.",
    );
    expect(await page.locator(".total .number").allTextContents()).toEqual(["8", "0", "3", "4", "10"]);
    expect(await page.locator("header > .trouble").textContent()).toContain("account 444455556666");
    expect(await page.locator(".not-looked-at").textContent()).toBe("Not looked at: 1 account.");
  });

  test("names three subjects to start with, and leads to one that the filter hides", async () => {
    const page = await open();
    const first = page.locator(".first");
    expect(await first.locator("h2").textContent()).toBe("Start with these 3");
    expect((await first.locator(".name").allTextContents()).map((name) => name.trim())).toEqual(
      (await names(page)).slice(0, 3),
    );
    await page.getByLabel("Find").fill("nothing like it");
    await first.getByRole("button", { name: /Release/ }).click();
    await row(page, "Release").locator(".fix").first().waitFor();
    expect(await page.locator(":focus .name").textContent()).toBe("Release");
  });

  test("says what is new since the baseline, and shows only that on request", async () => {
    const page = await open();
    const news = page.locator(".news");
    expect(await news.textContent()).toContain(
      "4 roles, 1 group, and 2 users have new findings since the baseline of Feb 1, 2026.",
    );
    await news.getByRole("button").click();
    const shown = await names(page);
    expect(shown).toHaveLength(7);
    expect(shown).not.toContain("BackupOperator");
  });

  test.each([
    ["nothing about a baseline if there is none", (report: Report) => withoutBaseline(report), null],
    [
      "that nothing is new since the baseline",
      (report: Report) => against(report, baselineIn(report, "before.json")),
      "Nothing is new since the baseline of Mar 1, 2026.",
    ],
  ])("says %s", async (_, made, said) => {
    const page = await open(made(sampleReport));
    expect(await page.locator(".news").allTextContents()).toEqual(said === null ? [] : [said]);
  });

  test.each([
    [
      "every subject is exempt or protected",
      ["exempt", "protected"],
      /^No, but \d+ of \d+ in 2 places are exempt\.$/,
    ],
    ["every subject is protected", ["protected"], /^No\. None of \d+ in 2 places is bypassable\.$/],
  ])("answers No if %s", async (_, standings, said) => {
    const places = sampleReport.places
      .filter(({ trouble }) => trouble === undefined)
      .map((place) => ({
        ...place,
        subjects: place.subjects.filter(({ standing }) => standings.includes(standing)),
      }))
      .filter(({ subjects }) => subjects.length > 0);
    const page = await open({ ...sampleReport, places });
    expect(await page.locator(".verdict").textContent()).toMatch(said);
  });

  describe("the filters", () => {
    test("show only the standing of a pressed total, in the list and on the map", async () => {
      const page = await open();
      const unknown = page.getByRole("button", { name: /Unknown/ });
      await unknown.click();
      expect(await names(page)).toEqual(["Auditors", "PartnerAccess", "payments-team"]);
      expect(await page.locator(".column.target .name").allTextContents()).toEqual(["PartnerAccess"]);
      expect(await page.getByRole("status").textContent()).toBe("3 of 25 shown");
      expect(await unknown.getAttribute("aria-pressed")).toBe("true");
      await unknown.click();
      expect(await names(page)).toHaveLength(25);
    });

    test.each([
      ["Kind", "policies", ["break-glass.json"]],
      ["Place", "state payments/prod", ["refunds", "payments-team"]],
      ["Policy", "iam-group-requires-mfa", ["Contractors"]],
    ])("narrow the list by %s: %s", async (label, option, expected) => {
      const page = await open();
      await page.getByLabel(label, { exact: true }).selectOption(option);
      expect(await names(page)).toEqual(expected);
      await page.getByRole("button", { name: "Show all" }).click();
      expect(await names(page)).toHaveLength(25);
    });

    test("find names and reasons by their words, and say if nothing matches", async () => {
      const page = await open();
      const find = page.getByLabel("Find");
      await find.fill("administratorsmfa guard");
      expect(await names(page)).toEqual(["AdministratorsMFA", "alice"]);
      await find.fill("nothing like it");
      expect(await names(page)).toEqual([]);
      expect(await page.locator(".subjects").textContent()).toContain("No matches.");
      expect(await page.locator(".map").textContent()).toContain("There are no roles or open users to show.");
    });
  });

  describe("the link", () => {
    const fragment = (page: Page) => decodeURIComponent(new URL(page.url()).hash);
    const RELEASE = "arn:aws:iam::111122223333:role/Release";

    test("keeps the filters and what is expanded and pinned, and restores them when opened", async () => {
      const page = await open();
      await page.getByRole("button", { name: /^8 ?Bypassable/ }).click();
      await page.getByLabel("Kind", { exact: true }).selectOption("roles");
      await page.getByLabel("Find").fill("release");
      await page.locator(".column.target button").click();
      await row(page, "Release").locator("> summary").click();
      await row(page, "Release").locator(".details").waitFor();
      expect(fragment(page)).toBe(`#mfa=open&kind=role&find=release&map=${RELEASE}&subject=${RELEASE}`);
      const link = new URL(page.url()).hash.slice(1);
      await page.close();

      const other = await open(sampleReport, undefined, link);
      expect(await names(other)).toEqual(["Release"]);
      expect(await row(other, "Release").locator(".fix").count()).toBe(2);
      expect(await other.locator(".chosen h3").first().textContent()).toContain("Release");
      expect(await other.getByLabel("Find").inputValue()).toBe("release");
      expect(await other.locator(".totals [aria-pressed=true] .number").textContent()).toBe("8");
    });

    test("goes back and forward by one change at a time, with all typing as one change", async () => {
      const page = await open();
      await page.getByLabel("Kind", { exact: true }).selectOption("users");
      await page.getByLabel("Find").pressSequentially("bob");
      await row(page, "bob").locator("> summary").click();
      await row(page, "bob").locator(".details").waitFor();
      await page.goBack();
      await expect.poll(() => row(page, "bob").getAttribute("open")).toBe(null);
      await page.goBack();
      await expect.poll(() => names(page)).toHaveLength(6);
      await page.goBack();
      await expect.poll(() => names(page)).toHaveLength(25);
      await page.goForward();
      await page.goForward();
      await expect.poll(() => page.getByLabel("Find").inputValue()).toBe("bob");
      expect(await names(page)).toEqual(["bob"]);
    });

    test("to a place that the report lacks shows no subject, and can be reset", async () => {
      const page = await open(sampleReport, undefined, "place=account+999999999999");
      expect(await page.getByLabel("Place", { exact: true }).inputValue()).toBe("account 999999999999");
      expect(await names(page)).toEqual([]);
      await page.getByRole("button", { name: "Show all" }).click();
      expect(await names(page)).toHaveLength(25);
    });
  });

  describe("the plan of a rehearsal", () => {
    const own = { Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity" };
    const affected = (name: string): readonly Part[] => [
      { kind: "heading", text: `user ${name} would be stopped (machines)` },
      { kind: "list", items: ["s3:ListBuckets: 12 times, last on 2026-02-27, without MFA"] },
      { kind: "json", value: own },
    ];
    const plan = (...names: readonly string[]): readonly Part[] => [
      { kind: "title", text: "Rehearsal: every user is guarded" },
      { kind: "text", text: "Would be stopped: 1 machine." },
      ...names.flatMap(affected),
    ];
    const shown = (page: Page) => page.locator(".plan");

    test("is above the map, with a title, a summary, and collapsed entries with the calls and the way out", async () => {
      const page = await open(sampleReport, undefined, undefined, plan("ci"));
      expect(await page.locator(".plan ~ .map").count()).toBe(1);
      expect(await shown(page).locator("li, pre").count()).toBe(0);
      expect(await shown(page).locator("h2").textContent()).toBe("Rehearsal: every user is guarded");
      expect(await shown(page).locator("> p").textContent()).toBe("Would be stopped: 1 machine.");
      await shown(page).getByText("user ci would be stopped (machines)").click();
      expect(await shown(page).locator("li").textContent()).toContain("s3:ListBuckets: 12 times");
      expect(JSON.parse((await shown(page).locator("pre").textContent()) ?? "")).toEqual(own);
    });

    test("is absent without a rehearsal", async () => {
      expect(await shown(await open()).count()).toBe(0);
    });

    test("is drawn in portions if it has thousands of entries, and runs no name as code", async () => {
      const names = Array.from({ length: 3000 }, (_, index) => `${HOSTILE[index % HOSTILE.length]}${index}`);
      const page = await open(sampleReport, undefined, undefined, plan(...names));
      expect(await shown(page).locator("summary").count()).toBe(25);
      await shown(page).getByRole("button", { name: "Show more (2,975 left)" }).click();
      expect(await shown(page).locator("summary").count()).toBe(50);
      await shown(page).locator("summary").first().click();
      await shown(page).locator("pre").waitFor();
      expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    });

    test("is printed in full", async () => {
      const page = await open(sampleReport, undefined, undefined, plan("ci", "backup"));
      await page.emulateMedia({ media: "print" });
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      expect(await page.locator("#print .plan :is(h2, h3):visible").allTextContents()).toEqual([
        "Rehearsal: every user is guarded",
        "user ci would be stopped (machines)",
        "user backup would be stopped (machines)",
      ]);
      expect(await page.locator("#print .plan pre:visible").count()).toBe(2);
    });
  });

  describe("the buttons", () => {
    const saved = async (page: Page, button: string) => {
      const coming = page.waitForEvent("download");
      await page.getByRole("button", { name: button }).click();
      const file = await coming;
      return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
    };

    test("save the filtered subjects as CSV and as JSON", async () => {
      const page = await open(sampleReport, { acceptDownloads: true });
      await page.getByRole("button", { name: /^8 ?Bypassable/ }).click();
      await page.getByLabel("Kind", { exact: true }).selectOption("users");
      const csv = await saved(page, "Save as CSV");
      expect(csv.name).toBe("audit-2026-03-01.csv");
      expect(csv.text.split("\r\n").map((line) => line.split(",")[3])).toEqual([
        "name",
        ...(await names(page)),
        undefined,
      ]);
      const json = await saved(page, "Save as JSON");
      expect(json.name).toBe("audit-2026-03-01.json");
      const { places }: Report = JSON.parse(json.text);
      expect(places.flatMap(({ subjects }) => subjects.map(({ name }) => name)).sort()).toEqual(
        (await names(page)).sort(),
      );
    });

    test("copy a fix to the clipboard", async () => {
      const page = await open(sampleReport, { permissions: ["clipboard-read", "clipboard-write"] });
      await row(page, "Release").locator("> summary").click();
      const fix = row(page, "Release").locator(".fix").last();
      await fix.getByRole("button", { name: "Copy the fix" }).click();
      await expect.poll(() => fix.getByRole("status").textContent()).toBe("Copied");
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('use "Bool".');
    });

    test("select a fix if the browser denies access to the clipboard", async () => {
      const page = await open();
      await page.evaluate(() => {
        navigator.clipboard.writeText = () => Promise.reject(new Error("refused"));
      });
      await row(page, "Release").locator("> summary").click();
      const fix = row(page, "Release").locator(".fix").last();
      await fix.getByRole("button").click();
      await expect.poll(() => page.evaluate(() => String(getSelection()))).toBe('Fix: use "Bool".');
    });
  });

  describe("the details", () => {
    test("of a role show the way in, its last use, the fix, and who can assume it", async () => {
      const page = await open();
      const release = row(page, "Release");
      await release.locator("> summary").click();
      const text = (await release.locator(".details").textContent()) ?? "";
      expect(text).toContain("arn:aws:iam::111122223333:role/Release");
      expect(text).toContain("allows sts:AssumeRole to arn:aws:iam::111122223333:root");
      expect(text).toContain("Last used on 2026-02-27 in eu-west-1, by RoleLastUsed.");
      expect(await release.locator(".badge").allTextContents()).toEqual([
        "danger: escalation",
        "last used: 2026-02-27",
      ]);
      expect(await release.locator(".fix").first().textContent()).toMatch(/^Fix: in Statement\[0\] set/);
      expect(await release.locator(".reached li").allTextContents()).toEqual([
        "without MFAarn:aws:iam::111122223333:root everyone in the account",
      ]);
    });

    test.each([
      ["alice", "Yes, by AdministratorsMFA and EngineersMFA", "Yes, a device is assigned"],
      ["carol", "Yes, by EngineersMFA", "No device is assigned"],
      ["bob", "No guard applies to this user", "No device is assigned"],
    ])(
      "of the user %s say whether MFA is required, and whether it is set up",
      async (name, required, setUp) => {
        const page = await open();
        const user = row(page, name);
        await user.locator("> summary").click();
        const halves = user.locator(".setup section");
        await halves.first().waitFor();
        expect(await halves.locator("h3").allTextContents()).toEqual(["MFA is required", "MFA is set up"]);
        expect(await halves.locator("p").allTextContents()).toEqual([required, setUp]);
      },
    );

    test("of a user's access keys say which are active, when they were created and last used", async () => {
      const page = await open();
      await row(page, "bob").locator("> summary").click();
      expect(await row(page, "bob").locator(".setup dd").allTextContents()).toEqual([
        "none",
        "active, created Feb 11, 2023, last used Feb 27, 2026",
        "inactive, created Jun 1, 2021, never used",
      ]);
    });
  });

  describe("the map", () => {
    test("distinguishes its three kinds of lines by color and by dash", async () => {
      const page = await open();
      const looks = await Promise.all(
        ["open", "mfa", "exempt"].map((way) =>
          page
            .locator(`.lines .way.${way}`)
            .first()
            .evaluate((line) => [getComputedStyle(line).stroke, getComputedStyle(line).strokeDasharray]),
        ),
      );
      expect(new Set(looks.map(([colour]) => colour)).size).toBe(3);
      expect(new Set(looks.map(([, dash]) => dash)).size).toBe(3);
    });

    test("highlights the connections of a role under the pointer, and names them in words", async () => {
      const page = await open();
      expect(await lines(page, ".lit")).toBe(0);
      await page.locator(".column.target button", { hasText: "Billing" }).hover();
      expect([await lines(page, ".lit.open"), await lines(page, ".lit.mfa")]).toEqual([1, 2]);
      expect(await lines(page, ".dim")).toBe((await lines(page, "")) - 3);
      expect(await page.locator(".column.principal .lit .name").allTextContents()).toEqual([
        "111122223333",
        "alice",
        "carol",
      ]);
      expect(await page.locator(".caption").textContent()).toBe(
        "Billing is reached without MFA: carol; with MFA only: alice, 111122223333.",
      );
      await page.locator("h1").hover();
      expect(await lines(page, ".lit")).toBe(0);
    });

    test("keeps the connections of a pressed item, and shows a pressed role's details", async () => {
      const page = await open();
      const alice = page.locator(".column.principal button", { hasText: "alice" });
      await alice.click();
      await page.locator("h1").hover();
      await alice.blur();
      expect(await page.locator(".column.target .lit .name").allTextContents()).toEqual([
        "Billing",
        "OrganizationAudit",
        "DatabaseAdmin",
        "MFABasedAccess",
      ]);
      await page.locator(".column.target button", { hasText: "Billing" }).click();
      expect(await page.locator(".chosen .fix").textContent()).toMatch(/^Fix: in Statement\[0\]/);
      await page.locator(".column.target button", { hasText: "Billing" }).click();
      expect(await page.locator(".chosen").count()).toBe(0);
    });
  });

  test("can be used by keyboard alone, with each focused control visible", async () => {
    const page = await open();
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").textContent()).toBe("Skip to the list");
    const stops: string[] = [];
    for (let stop = 0; stop < 100; stop++) {
      const { name, seen } = await page.evaluate(() => {
        const at = document.activeElement ?? document.body;
        const { outlineStyle } = getComputedStyle(at);
        const { top, bottom, width } = at.getBoundingClientRect();
        const inSight = width > 0 && bottom > 0 && top < innerHeight;
        return { name: at === document.body ? "" : at.tagName, seen: outlineStyle !== "none" && inSight };
      });
      if (name === "") break;
      expect([stop, name, seen]).toEqual([stop, name, true]);
      stops.push(name);
      await page.keyboard.press("Tab");
    }
    const all = await page.locator("a[href], button, input, select, summary").count();
    expect(stops).toHaveLength(all);

    await page
      .getByRole("button", { name: /Bypassable/ })
      .first()
      .focus();
    await page.keyboard.press("Space");
    expect(await names(page)).toHaveLength(8);
    await page.locator(".column.target button", { hasText: "Billing" }).focus();
    expect(await lines(page, ".lit")).toBe(3);
    await page.keyboard.press("Enter");
    expect(await page.locator(".chosen h3").first().textContent()).toContain("Billing");
    await row(page, "Release").locator("> summary").focus();
    await page.keyboard.press("Enter");
    await page.locator(".row .details").waitFor();
  });

  test("moves through the list and the map by arrow keys, and closes details by Escape", async () => {
    const page = await open();
    const at = () => page.locator(":focus .name").textContent();
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const all = await names(page);
    await page.locator(".row > summary").first().focus();
    await press("ArrowDown", "ArrowDown");
    expect(await at()).toBe(all[2]);
    await press("End");
    expect(await at()).toBe(all.at(-1));
    await press("Home", "ArrowDown", "ArrowUp", "Enter");
    await page.locator(".row .details").waitFor();
    await press("Escape");
    await expect.poll(() => page.locator(".row .details").count()).toBe(0);
    expect(await at()).toBe(all[0]);

    await page.locator(".column.target button", { hasText: "Billing" }).focus();
    await press("Enter");
    expect(await page.locator(".chosen").count()).toBe(1);
    await press("ArrowLeft");
    expect(await at()).toBe("111122223333");
    await press("ArrowDown");
    expect(await at()).not.toBe("111122223333");
    await press("Escape");
    expect(await page.locator(".chosen").count()).toBe(0);
  });

  test("has a skip link that leads to the list", async () => {
    const page = await open();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus .name").textContent()).toBe((await names(page))[0]);
  });

  describe("on a phone", () => {
    const phone = { viewport: { width: 360, height: 740 } };
    const width = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);

    test("is no wider than the screen, collapsed or expanded", async () => {
      const page = await open(sampleReport, phone);
      expect(await width(page)).toBe(360);
      await unfold(page);
      await page.locator(".column.target button").first().click();
      expect(await width(page)).toBe(360);
    });

    test.each([
      ["the sample", sampleReport],
      ["large numbers", largeReport(12_000, 10_000, 100)],
    ])("breaks no header, number or name inside a word, with %s", async (_, report) => {
      const page = await open(report, phone);
      await unfold(page);
      const headers = "h1, h2, h3, th[scope=col], label, legend, dt, .standing, .kind";
      const numbers = ".figure, .number, .verdict, .news, .result, .pages, .left, .badge";
      expect(await brokenWords(page, `${headers}, ${numbers}, button, .row .name`)).toEqual([]);
    });

    test("is no wider than the screen with long names that have no break", async () => {
      const page = await open(named("a".repeat(300)), phone);
      await unfold(page);
      await page.locator(".column.target button").first().click();
      expect(await width(page)).toBe(360);
    });

    test("has controls at least 42 pixels high", async () => {
      const page = await open(sampleReport, phone);
      const heights = await page
        .locator(".total, .column button, .row > summary, input, select")
        .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(42);
    });
  });

  test("is light or dark like the system", async () => {
    const paper = async (colorScheme: "light" | "dark") => {
      const page = await open(sampleReport, { colorScheme });
      const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const [red = 0] = (colour.match(/\d+/g) ?? []).map(Number);
      if (colorScheme === "light") await page.close();
      return red;
    };
    expect(await paper("light")).toBeGreaterThan(230);
    expect(await paper("dark")).toBeLessThan(40);
  });

  test("shows hostile names as text, and runs none as code", async () => {
    const page = await open(named(...HOSTILE));
    await unfold(page);
    await page.locator(".column.target button").first().click();
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    expect(await page.locator("img, iframe, object, script:not(body > script), a:not(.skip)").count()).toBe(
      0,
    );
    expect(new Set(await names(page))).toEqual(new Set(HOSTILE));
  });

  describe("with 11,000 subjects", () => {
    const nodes = (page: Page) => page.evaluate(() => document.querySelectorAll("*").length);

    test("lists them in pages of 50, and says how much of the map is not drawn", async () => {
      const page = await open(largeReport(5000, 1000, 5000));
      expect(await page.locator(".verdict").textContent()).toBe(
        "Yes. 500 roles of 11,000 are bypassable, in account 111122223333.",
      );
      expect(await names(page)).toHaveLength(50);
      expect(await nodes(page)).toBeLessThan(2500);
      expect(await page.locator(".left").textContent()).toContain("Not drawn: the 4,975 roles and users and");
      const pages = page.getByRole("navigation", { name: "Pages of the list" });
      expect(await pages.getByRole("status").textContent()).toBe("1 to 50 of 11,000");
      for (const [step, said] of [
        ["Next", "51 to 100 of 11,000"],
        ["Last", "10,951 to 11,000 of 11,000"],
        ["Previous", "10,901 to 10,950 of 11,000"],
        ["First", "1 to 50 of 11,000"],
      ] as const) {
        await pages.getByRole("button", { name: step, exact: true }).click();
        expect(await pages.getByRole("status").textContent()).toBe(said);
        expect(await names(page)).toHaveLength(50);
        expect(await nodes(page)).toBeLessThan(2500);
        expect(await page.locator(":focus").getAttribute("id")).toBe("subjects");
      }
    });

    test("opens a linked subject on its page of the list", async () => {
      const id = "arn:aws:iam::111122223333:user/user-04999";
      const page = await open(largeReport(5000, 1000, 5000), undefined, `subject=${id}`);
      await row(page, "user-04999").locator(".details").waitFor();
      expect(await page.locator(".pages").getByRole("status").textContent()).toBe(
        "10,951 to 11,000 of 11,000",
      );
      expect(await page.locator(":focus .name").textContent()).toBe("user-04999");
    });

    test("finds any role by its name, and shows it on the map", async () => {
      const page = await open(largeReport(5000, 1000, 5000));
      await page.getByLabel("Find").fill("role-04999");
      expect(await names(page)).toEqual(["role-04999"]);
      expect(await page.locator(".column.target .name").allTextContents()).toEqual(["role-04999"]);
    });

    test("draws more of the map on request, up to a limit", async () => {
      const page = await open(largeReport(5000, 1000, 5000));
      const more = page.getByRole("button", { name: "Draw more" });
      while ((await more.count()) > 0) await more.click();
      expect(await page.locator(".column.target button").count()).toBe(150);
      expect(await page.locator(".left").textContent()).toContain("Filter to see them.");
      expect(await nodes(page)).toBeLessThan(6000);
    });
  });
});
