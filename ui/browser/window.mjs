// The built fake window in headless Chromium, for flows, pictures and axe. `CHROMIUM` names another browser.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import { preview } from "vite";

/** Begins: a server for `dist-fake`, and a browser. */
export async function begin() {
  // Any free port: on a machine with more cores the files of tests run beside each other.
  const server = await preview({
    root: join(import.meta.dirname, ".."),
    mode: "fake",
    logLevel: "error",
    preview: { port: 0, strictPort: false },
  });
  const address = server.resolvedUrls.local[0];
  const browser = await chromium.launch({ executablePath: browserPath(), args: ["--disable-gpu"] });
  const context = await browser.newContext({
    viewport: { width: 760, height: 720 },
    reducedMotion: "reduce",
    locale: "en-GB",
  });
  // One page for all: a new one costs a process.
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const thrown = [];
  page.on("pageerror", (error) => thrown.push(error.message));
  page.on("console", (line) => line.type() === "error" && thrown.push(line.text()));
  page.on("dialog", async (dialog) => {
    thrown.push(`a dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  return {
    page,
    /** What went wrong in the page since it was opened. */
    thrown,
    /** Opens the window anew, with what the address says of its owner. */
    async open(wishes = {}) {
      thrown.length = 0;
      await page.goto(`${address}fake.html?${new URLSearchParams(wishes)}`);
      await page.locator("main").waitFor();
    },
    async end() {
      await browser.close();
      await server.close();
    },
  };
}

function browserPath() {
  const name = process.env.CHROMIUM ?? "chromium";
  const places = name.includes("/") ? [name] : process.env.PATH.split(delimiter).map((folder) => join(folder, name));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`there is no ${name} here; name a Chromium in CHROMIUM`);
  return found;
}

const views = { activity: "1", rules: "2", status: "3", settings: "4" };

/** Brings a window to a place. */
export async function goTo(page, { view, steps = [] }) {
  if (view) await page.keyboard.press(`Control+${views[view]}`);
  for (const step of steps) await step(page);
  await settled(page);
}

/** Until what was asked for has come and is painted. */
export async function settled(page) {
  const painted = () =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await painted();
  await page.locator("[aria-busy=true]").waitFor({ state: "detached" });
  await painted();
}
