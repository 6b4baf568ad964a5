// axe has nothing to complain of in any view, in both themes and both languages, and a screen reader hears of new runs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { places } from "./places.mjs";
import { begin, goTo, settled } from "./window.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const { page, open, end } = await begin();
after(end);

/** What axe says of the page. The text editor is CodeMirror's own: axe does not see that its text takes the focus for
 * the box that scrolls it. */
const complaints = () =>
  page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(
      { exclude: ["[data-takes-letters]"] },
      { resultTypes: ["violations"], preload: false },
    );
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 160))}`);
  });

for (const [name, place] of Object.entries(places)) {
  test(name, async () => {
    // A few days of runs have every kind of line; more would only take longer.
    await open({ thawed: "", older: 4, scene: place.scene ?? "usual" });
    await goTo(page, place);
    await page.evaluate(axe);
    for (const language of ["en", "fr"]) {
      await page.evaluate((language) => globalThis.fake.prefer({ language }), language);
      for (const theme of ["light", "dark"]) {
        await page.evaluate((theme) => globalThis.fake.prefer({ theme }), theme);
        await settled(page);
        assert.deepEqual(await complaints(), [], `${theme}, ${language}`);
      }
    }
  });
}

test("each new run is said once, also in the words of the one before, and in every view", async () => {
  await open({ scene: "calm", older: 4, language: "en" });
  await page.evaluate(() => {
    globalThis.said = [];
    const region = document.querySelector("[aria-live=polite].unseen");
    const hear = (changes) =>
      globalThis.said.push(...changes.flatMap((one) => [...one.addedNodes].map((node) => node.textContent)));
    new MutationObserver(hear).observe(region, { childList: true, subtree: true, characterData: true });
  });
  const said = async (count) => {
    await page.waitForFunction((count) => globalThis.said.filter(Boolean).length >= count, count);
    await settled(page);
    return page.evaluate(() => globalThis.said.filter(Boolean));
  };
  const words = "\u2068File invoices\u2069. One step done.";
  await page.evaluate(() => globalThis.fake.arrive("one.pdf"));
  assert.deepEqual(await said(1), [words]);
  await page.keyboard.press("Control+4");
  await page.evaluate(() => globalThis.fake.arrive("two.pdf"));
  assert.deepEqual(await said(2), [words, words]);
});
