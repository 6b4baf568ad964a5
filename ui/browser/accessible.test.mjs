// axe has nothing to complain of in any view, in both themes and both languages.

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
const complaints = (options = {}) =>
  page.evaluate(async (options) => {
    const { violations } = await globalThis.axe.run(
      { exclude: ["[data-takes-letters]"] },
      { ...options, resultTypes: ["violations"], preload: false },
    );
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 160))}`);
  }, options);

for (const [name, place] of Object.entries(places)) {
  test(name, async () => {
    await open({ thawed: "", language: "en", scene: place.scene ?? "usual" });
    await goTo(page, place);
    await page.evaluate(axe);
    assert.deepEqual(await complaints(), [], "light, English");
    await page.emulateMedia({ colorScheme: "dark" });
    await page.evaluate(() => globalThis.fake.prefer({ language: "fr" }));
    await settled(page);
    // The page is the same one: only its colours and words are others.
    const colours = ["color-contrast", "link-in-text-block", "html-has-lang", "html-lang-valid"];
    assert.deepEqual(await complaints({ runOnly: colours }), [], "dark, French");
  });
}
