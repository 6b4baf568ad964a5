// Takes a picture of every view of the built fake window, in headless Chromium, in both themes and both languages, and
// puts them into a folder (`pictures` where none is named). `CHROMIUM` names another browser.

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { preview } from "vite";
import { places } from "./places.mjs";

const run = promisify(execFile);
const folder = resolve(process.argv[2] ?? "pictures");
const profile = mkdtempSync(join(tmpdir(), "usher-pictures-"));
mkdirSync(folder, { recursive: true });

async function take(address, file) {
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=10000"];
  const size = ["--window-size=760,720", "--force-device-scale-factor=1"];
  const command = process.env.CHROMIUM ?? "chromium";
  await run(command, [...flags, ...size, `--user-data-dir=${profile}`, `--screenshot=${file}`, address], {
    timeout: 120_000,
  });
}

const server = await preview({ mode: "fake", preview: { port: 4175, strictPort: true }, logLevel: "error" });
for (const [name, query] of Object.entries(places)) {
  for (const theme of ["light", "dark"]) {
    for (const language of ["en", "fr"]) {
      const address = `http://localhost:4175/fake.html?theme=${theme}&language=${language}&${query}`;
      await take(address, join(folder, `${name.replaceAll(/\W+/g, "-")}-${theme}-${language}.png`));
    }
  }
}
await server.close();
rmSync(profile, { recursive: true, force: true });
console.log(`pictures of ${Object.keys(places).length} views are in ${folder}`);
process.exit(0);
