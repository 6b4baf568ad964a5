// What the built window weighs, compressed: all of it, and what is loaded before anything shows. The text editor comes
// when somebody opens it, and must not slip into the first load. Run behind every build; fails where it has grown.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";

const most = { all: 300_000, first: 175_000 };
const folder = join(import.meta.dirname, "dist");
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const weigh = (paths) => paths.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);

/** A page or a script with what it cannot begin without. */
function closure(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  if (!/\.(html|js)$/.test(path)) return seen;
  const named = path.endsWith(".html") ? /(?:src|href)="(\.\/[^"]+)"/g : /(?:from|import)\s*["'`](\.[^"'`]+)["'`]/g;
  for (const [, name] of readFileSync(path, "utf8").matchAll(named)) closure(join(dirname(path), name), seen);
  return seen;
}

const first = [...closure(join(folder, "index.html"))];
const weights = { all: weigh(files), first: weigh(first) };
const kilobytes = (bytes) => `${Math.round(bytes / 1000)} kB`;
console.log(`compressed: ${kilobytes(weights.all)} in all, ${kilobytes(weights.first)} before the first frame`);
for (const [what, weight] of Object.entries(weights)) {
  if (weight <= most[what]) continue;
  console.error(`that is more than ${kilobytes(most[what])} (${what})`);
  process.exitCode = 1;
}
if (first.some((path) => readFileSync(path, "utf8").includes("cm-content"))) {
  console.error(`the text editor is in the first load: ${first.map((path) => relative(folder, path)).join(", ")}`);
  process.exitCode = 1;
}
