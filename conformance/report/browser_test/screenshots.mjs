// Takes the pictures of docs/reports.md: screenshots.mjs FOLDER, where page.html and matrix.html are.
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const MOST_BYTES = 300_000;
const [source, target] = process.argv.slice(2).map((path) => resolve(path));

const pictures = [
  { name: "page", page: "page.html", height: 1180 },
  { name: "page-dark", page: "page.html", hash: "q=quotes&status=failed", colorScheme: "dark", height: 1180 },
  { name: "timeline", page: "page.html", element: "#timeline" },
  { name: "matrix", page: "matrix.html", hash: "differs=1", height: 1000 },
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
for (const { name, page: file, hash = "", element, height = 900, colorScheme = "light" } of pictures) {
  const page = await browser.newPage({ viewport: { width: 1120, height }, colorScheme });
  await page.goto(`${pathToFileURL(join(source, file)).href}${hash && `#${hash}`}`);
  const path = join(target, `${name}.png`);
  await (element ? page.locator(element) : page).screenshot({ path });
  await page.close();
  const { size } = statSync(path);
  console.log(`${path}: ${size} bytes`);
  if (size > MOST_BYTES) throw new Error(`${path} is larger than ${MOST_BYTES} bytes`);
}
await browser.close();
