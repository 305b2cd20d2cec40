// The pages in a real browser: what their filters do, that they are usable with a keyboard, and that
// they fetch nothing and run nothing of what a provider said.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { chromium } from "playwright-core";
import { attack, everyKind, flood, later, Pages } from "./pages.mjs";

const pages = new Pages();
const address = {};
let browser;
let context;
let page;
let complaints;
let requests;

before(async () => {
  address.page = pages.make("page", everyKind());
  address.matrix = pages.make("matrix", everyKind(), later());
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  pages.remove();
});

async function fresh(options = {}) {
  await context?.close();
  context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  page = await context.newPage();
  complaints = [];
  requests = [];
  await context.route("**/*", (route) => {
    const url = route.request().url();
    requests.push(url);
    return url.startsWith("file:") ? route.continue() : route.abort();
  });
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
}

beforeEach(() => fresh());
// Whatever a test did: the page had nothing to complain of.
afterEach(() => assert.deepEqual(complaints, []));

const shown = () => page.$$eval("[data-status]", (items) =>
  items.filter((item) => item.checkVisibility()).map((item) => item.id));
const count = () => page.textContent("#shown");
const box = (name) => page.getByRole("checkbox", { name, exact: true });

test("shows failures and folds the rest", async () => {
  await page.goto(address.page);
  assert.deepEqual(await shown(), ["filesystem.paths.quotes", "filesystem.known", "filesystem.slow", "url.port"]);
  assert.equal(await count(), "All 6 requirements");
});

test("filters by status, level and area together", async () => {
  await page.goto(address.page);
  await box("failed").check();
  await box("passed").check();
  assert.deepEqual((await shown()).sort(), ["command.runs", "filesystem.known", "filesystem.paths.quotes"]);
  await box("required").check();
  assert.deepEqual((await shown()).sort(), ["command.runs", "filesystem.known"]);
  await page.getByLabel("Area").selectOption("filesystem");
  assert.deepEqual(await shown(), ["filesystem.known"]);
  assert.equal(await count(), "1 of 6 requirements shown");
});

test("finds words anywhere in a requirement, and what is folded", async () => {
  await page.goto(address.page);
  await page.getByLabel("Search").fill("NAMES path");
  assert.deepEqual(await shown(), ["filesystem.paths.quotes"]);
  await page.getByLabel("Search").fill("by another way");
  assert.deepEqual(await shown(), ["command.runs"]);
  await page.getByRole("button", { name: "Clear the filters" }).click();
  assert.equal(await count(), "All 6 requirements");
  assert.ok(!(await shown()).includes("command.runs"), "the fold is closed again");
});

test("keeps the filters in the address, through a reload and to another reader", async () => {
  await page.goto(address.page);
  await page.getByLabel("Search").fill("a & b=c, \"d\" ü");
  await box("warned").check();
  await box("failed").check();
  await box("recommended").check();
  await page.getByLabel("Area").selectOption("filesystem");
  const link = page.url();
  const before = await page.$eval("#filters", (form) => [...new FormData(form)]);
  await page.reload();
  assert.deepEqual(await page.$eval("#filters", (form) => [...new FormData(form)]), before);
  await fresh();
  await page.goto(link);
  assert.deepEqual(await page.$eval("#filters", (form) => [...new FormData(form)]), before);
  assert.equal(await count(), "0 of 6 requirements shown");
});

test("opens what an address points to, and keeps pointing there", async () => {
  await page.goto(`${address.page}#info.id`);
  assert.ok((await shown()).includes("info.id"));
  assert.match(page.url(), /#at=info\.id$/);
  await page.reload();
  assert.ok((await shown()).includes("info.id"));
  await box("failed").check();
  assert.ok(!(await shown()).includes("info.id"));
});

test("goes from a count of the verdict to its requirements", async () => {
  await page.goto(address.page);
  await page.getByRole("link", { name: "1 unsupported" }).click();
  assert.deepEqual(await shown(), ["info.id"]);
  await page.locator("#areas").getByRole("link", { name: "command" }).click();
  assert.deepEqual(await shown(), ["command.runs"]);
  assert.ok(await page.evaluate(() => Math.abs(document.getElementById("filters").getBoundingClientRect().top) < 40),
    "the filters and what they show are in sight");
});

test("ignores an address that makes no sense", async () => {
  for (const hash of ["#%E0%A4%A", "#status=nonsense&area=nowhere&level", "#nowhere", "#q=%", `#${attack}`]) {
    await page.goto("about:blank");
    await page.goto(address.page + hash);
    assert.match(await count(), /requirement/);
  }
});

test("can be used with the keyboard alone", async () => {
  await page.goto(address.page);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the results");
  assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().left >= 0), "the link is seen");
  // The page moves the focus once it hears of the new address.
  await page.evaluate(() => (window.moved = new Promise((resolve) => addEventListener("hashchange", () => resolve()))) && null);
  await page.keyboard.press("Enter");
  await page.evaluate(() => window.moved);
  assert.equal(await page.evaluate(() => document.activeElement.id), "results");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.name), "q");
  await page.keyboard.type("runs");
  assert.deepEqual(await shown(), ["command.runs"]);
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  assert.equal(await page.evaluate(() => document.activeElement.value), "failed");
  assert.match(page.url(), /#status=failed$/);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, "none", "the focus is seen");
});

test("tells a screen reader what it shows", async () => {
  await page.goto(address.page);
  assert.equal(await page.getAttribute("#shown", "aria-live"), "polite");
  for (const role of ["banner", "main", "contentinfo", "search"]) {
    assert.equal(await page.getByRole(role).count(), 1, role);
  }
  const unnamed = await page.$$eval("input, select, button", (controls) =>
    controls.filter((control) => !(control.labels?.length || control.textContent.trim())).length);
  assert.equal(unnamed, 0, "controls without a label");
  assert.match(await page.getByRole("img", { name: "1 passed, 2 failed" }).first().getAttribute("aria-label"), /failed/);
  const levels = await page.$$eval("h1, h2, h3, h4", (heads) => heads.map((head) => Number(head.tagName[1])));
  levels.reduce((last, level) => (assert.ok(level <= last + 1, `h${level} after h${last}`), level), 0);
  const ids = await page.$$eval("[id]", (elements) => elements.map((element) => element.id));
  assert.equal(new Set(ids).size, ids.length, "an id is there twice");
});

test("has the timeline as a picture and as a table", async () => {
  await page.goto(address.page);
  assert.equal(await page.locator("svg.timeline rect").count(), 2);
  await page.getByText("The same as a table").click();
  assert.ok(await page.getByRole("row", { name: /sb-2.*command\.runs.*not destroyed/ }).isVisible());
});

test("fetches nothing", async () => {
  await page.goto(address.page);
  await page.getByLabel("Search").fill("x");
  await page.waitForTimeout(300);
  assert.deepEqual(requests.filter((url) => url !== address.page && !url.startsWith("data:")), []);
  await page.goto(address.matrix);
  await page.waitForTimeout(300);
  assert.ok(requests.every((url) => url.startsWith("file:") || url.startsWith("data:")), requests.join(" "));
});

test("runs nothing that a provider said", async () => {
  for (const url of [address.page, address.matrix]) {
    await page.goto(url);
    assert.equal(await page.evaluate(() => document.scripts.length), 1);
    assert.ok((await page.textContent("h1, .runs b")).includes(attack));
  }
});

test("is kept by its policy from running what was put into it", async () => {
  await page.goto(address.page);
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'taken over'";
    document.body.append(script);
    document.body.setAttribute("onclick", "document.title = 'taken over'");
    document.body.click();
  });
  assert.notEqual(await page.title(), "taken over");
  assert.ok(complaints.length > 0 && complaints.every((text) => text.includes("Content Security Policy")));
  complaints = [];
});

test("can be read without its script", async () => {
  await fresh({ javaScriptEnabled: false });
  await page.goto(address.page);
  assert.ok(await page.locator("#filters").isHidden());
  assert.ok(await page.getByText("Pass paths as arguments.").isVisible());
  assert.ok(await page.locator("[id='command.runs']").isHidden());
  await page.locator("summary", { hasText: "Passed" }).click();
  assert.ok(await page.locator("[id='command.runs']").isVisible());
});

test("prints failures whole, and no controls", async () => {
  const report = everyKind();
  report.results[1].findings.push({ subject: "a second one", expected: "1", actual: "2", steps: ["call()"] });
  await page.goto(pages.make("print", report));
  const second = page.getByText("a second one");
  assert.ok(await second.isHidden());
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.ok(await second.isVisible());
  assert.ok(await page.locator("#filters").isHidden());
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: "screen" });
  assert.ok(await second.isHidden());
  assert.ok((await page.pdf()).length > 10_000);
});

test("has enough contrast in light and in dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await fresh({ colorScheme });
    await page.goto(address.page);
    const poor = await page.$$eval("p, h1, h2, h3, h4, dt, dd, a, span, code, label, legend, summary, td, th, b, output", (elements) => {
      const parse = (colour) => colour.match(/[\d.]+/g).map(Number);
      const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
      const behind = (element) => {
        for (let e = element; e; e = e.parentElement) {
          const colour = parse(getComputedStyle(e).backgroundColor);
          if (colour.length === 3 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
      };
      const poor = new Set();
      for (const element of elements) {
        const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!says || !element.checkVisibility() || getComputedStyle(element).opacity !== "1") continue;
        const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) poor.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
      }
      return [...poor];
    });
    assert.deepEqual(poor, [], colorScheme);
  }
});

test("fits a narrow screen", async () => {
  for (const url of [address.page, address.matrix]) {
    await fresh({ viewport: { width: 320, height: 700 } });
    await page.goto(url);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 320, url);
  }
});

test("opens with 200 messages of 1 MiB, and filters them", { timeout: 30_000 }, async () => {
  const url = pages.make("flood", flood());
  assert.ok(pages.size("flood") < 4 << 20, `${pages.size("flood")} bytes`);
  const start = performance.now();
  await page.goto(url);
  await page.getByLabel("Search").fill("number-199");
  assert.deepEqual(await shown(), ["flood.number-199"]);
  const took = performance.now() - start;
  assert.ok(took < 10_000, `${took} ms`);
  assert.match(await page.textContent("[id='flood.number-199']"), /\[\d+ bytes left out\]/);
});

test("shows runs side by side, and only where they differ", async () => {
  await page.goto(address.matrix);
  assert.equal((await shown()).length, 6);
  await page.getByLabel("only differences").check();
  assert.deepEqual(await shown(), ["command.runs", "filesystem.paths.quotes"]);
  assert.match(page.url(), /#differs=1$/);
  await page.reload();
  assert.deepEqual(await shown(), ["command.runs", "filesystem.paths.quotes"]);
  await box("unsupported").check();
  assert.deepEqual(await shown(), []);
});

test("says what changed between two runs of one provider, and shows the details", async () => {
  await page.goto(address.matrix);
  const changes = page.locator("#changes");
  assert.match(await changes.textContent(), /Broken 1command\.runs passed -> failed.*Fixed 1filesystem\.paths\.quotes/s);
  await page.locator("[id='command.runs']").getByRole("link", { name: "failed" }).click();
  assert.ok(await page.locator("[id='details-of-command.runs']").getByText("it does not").isVisible());
});

test("keeps the names of the runs in sight", async () => {
  await fresh({ viewport: { width: 1000, height: 260 } });
  await page.goto(address.matrix);
  const head = page.locator(".matrix thead th").first();
  assert.equal(await head.getAttribute("scope"), "col");
  const frame = page.locator(".matrix-frame");
  await frame.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  const [top, edge] = [(await head.boundingBox()).y, (await frame.boundingBox()).y];
  assert.ok(Math.abs(top - edge) < 3, `${top} ${edge}`);
});
