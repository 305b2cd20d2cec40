// The pages under test, made by the program from reports that are hard to show.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const program = process.env.CONFORMANCE ?? join(here, "../../../bazel-bin/conformance/conformance");

export const attack = "<script>alert(1)</script>";

export class Pages {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "report-pages-"));
  }

  // The address of the page that the program makes of these reports.
  make(name, ...reports) {
    const files = reports.map((report, i) => {
      const file = join(this.folder, `${name}-${i}.json`);
      writeFileSync(file, JSON.stringify(report));
      return file;
    });
    const page = join(this.folder, `${name}.html`);
    execFileSync(program, ["report", ...files, "--html", page]);
    return pathToFileURL(page).href;
  }

  size(name) {
    return statSync(join(this.folder, `${name}.html`)).size;
  }

  remove() {
    rmSync(this.folder, { recursive: true });
  }
}

// One result of each kind, by a provider that is called <script>alert(1)</script>.
export function everyKind() {
  return JSON.parse(readFileSync(join(here, "../testdata/every_kind.json"), "utf8"));
}

// 200 failures, each with a message of 1 MiB and as much in what it found.
export function flood() {
  const report = everyKind();
  const text = `${attack}\u0000\ud83d\ude00 `.repeat(1 << 15).slice(0, 1 << 20);
  for (let i = 0; i < 200; ++i) {
    report.results.push({
      id: `flood.number-${i}`, area: "flood", level: "required", status: "failed", message: text, durationMs: 1,
      asks: "Something short.", why: "Because.", mend: "Say less.",
      findings: i % 100 ? [] : [{ subject: "much", expected: "little", actual: text, steps: [text, text] }],
    });
  }
  return report;
}

// Another run of the same provider, in which one requirement is mended and one is broken.
export function later() {
  const report = everyKind();
  const [runs, quotes] = report.results;
  Object.assign(runs, { status: "failed", message: "it does not", findings: [], why: "Because.", mend: "Run it." });
  Object.assign(quotes, { status: "passed", message: "" });
  return report;
}
