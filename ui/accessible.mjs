// Looks at every view of the built fake window with axe, in headless Chromium, in both themes and both languages. Ends
// with 1 where axe finds anything. `CHROMIUM` names another browser.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { preview } from "vite";
import { places } from "./places.mjs";

const run = promisify(execFile);
const profile = mkdtempSync(join(tmpdir(), "usher-axe-"));

async function look(address) {
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=760,600", "--virtual-time-budget=10000"];
  const command = process.env.CHROMIUM ?? "chromium";
  const args = [...flags, `--user-data-dir=${profile}`, "--dump-dom", address];
  const { stdout } = await run(command, args, { maxBuffer: 64 * 1024 * 1024, timeout: 120_000 });
  const found = /<pre id="axe">(.*?)<\/pre>/s.exec(stdout);
  if (!found) throw new Error(`axe said nothing about ${address}`);
  const text = found[1].replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&nbsp;", " ");
  return JSON.parse(text.replaceAll("&amp;", "&"));
}

const server = await preview({ mode: "fake", preview: { port: 4174, strictPort: true }, logLevel: "error" });
let wrong = 0;
for (const theme of ["light", "dark"]) {
  for (const [name, query] of Object.entries(places)) {
    const language = theme === "light" ? "en" : "fr";
    const address = `http://localhost:4174/fake.html?axe&theme=${theme}&language=${language}&${query}`;
    for (const { id, help, nodes } of await look(address)) {
      wrong += 1;
      console.error(`${name} (${theme}, ${language}): ${id}: ${help}\n  ${nodes.join("\n  ")}`);
    }
  }
}
await server.close();
rmSync(profile, { recursive: true, force: true });
console.log(wrong === 0 ? "axe finds nothing to complain of" : `axe finds ${wrong} things`);
process.exit(wrong === 0 ? 0 : 1);
