// Text of twice the size in a window of the usual width leaves half of that for everything. Nothing stands beyond its
// edge then, in the language with the longer words.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { places } from "./places.mjs";
import { begin, goTo } from "./window.mjs";

const { page, open, end } = await begin();
after(end);
await page.setViewportSize({ width: 380, height: 400 });

/** What stands beyond the edge, and is not in something that shows only a part of it or can be scrolled. */
const beyond = () =>
  page.evaluate(() => {
    const edge = document.documentElement.clientWidth + 1;
    const isOut = (element) => element.getBoundingClientRect().right > edge;
    const holds = (element) => getComputedStyle(element).overflowX !== "visible" && !isOut(element);
    const isHeld = (element) => {
      for (let above = element.parentElement; above !== document.body; above = above.parentElement) {
        if (above === null || holds(above)) return above !== null && !above.matches("main, section.scroll, .editor");
      }
      return false;
    };
    const seen = [...document.querySelectorAll("body *")].filter((element) => element.getClientRects().length > 0);
    return seen
      .filter((element) => isOut(element) && !isHeld(element))
      .map((element) => element.outerHTML.slice(0, 120));
  });

for (const [name, place] of Object.entries(places)) {
  test(name, async () => {
    await open({ language: "fr", scene: place.scene ?? "usual" });
    await goTo(page, place);
    assert.deepEqual(await beyond(), []);
  });
}
