// The window laid out from the right: every view keeps within its sides, and nothing of it is cut off.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { places } from "./places.mjs";
import { begin, goTo, settled } from "./window.mjs";

const { page, open, end } = await begin();
after(end);

/** What sticks out of the window, or pushes the list or pane apart that scrolls it up and down. */
const sticksOut = () =>
  page.evaluate(() => {
    const clips = (element) => getComputedStyle(element).overflowX === "hidden";
    /** Whether something around it cuts it off, as a long name is. */
    const isCut = (element) => {
      for (let above = element.parentElement; above; above = above.parentElement) if (clips(above)) return true;
      return false;
    };
    const isSeen = (element) => element.checkVisibility({ opacityProperty: true }) && !element.closest(".unseen");
    const isOutside = ({ left, right, width }) => width > 0 && (left < -1 || right > window.innerWidth + 1);
    const all = [...document.querySelectorAll("main, main *, header *, dialog *")].filter(isSeen);
    const outside = all.filter((element) => isOutside(element.getBoundingClientRect()) && !isCut(element));
    const pushed = all.filter((element) => {
      const scrolls = getComputedStyle(element).overflowY === "auto" && !element.matches(".cm-scroller");
      return scrolls && element.scrollWidth > element.clientWidth + 1;
    });
    return [...outside, ...pushed].map((element) => element.outerHTML.slice(0, 160));
  });

for (const [name, place] of Object.entries(places)) {
  test(name, async () => {
    await open({ scene: place.scene ?? "usual" });
    await goTo(page, place);
    await page.evaluate(() => (document.documentElement.dir = "rtl"));
    await settled(page);
    assert.deepEqual(await sticksOut(), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 0);
  });
}

test("lines begin on the right, and names still read from the left", async () => {
  await open({ scene: "calm" });
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  const row = page.getByRole("row").filter({ hasText: "EDF facture novembre.pdf" }).first();
  const line = await row.boundingBox();
  const icon = await row.locator("svg").first().boundingBox();
  assert.ok(icon.x > line.x + line.width / 2, "the icon stands at the beginning of its line");
  const path = await row.locator(".path").first().getAttribute("dir");
  assert.equal(path, "ltr");
});

test("what points along the line is turned round, and a switch keeps its knob", async () => {
  await open({ scene: "calm" });
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  const arrow = page.locator(".arrow").first();
  assert.equal(await arrow.evaluate((element) => getComputedStyle(element).scale), "-1 1");
  await page.keyboard.press("Control+2");
  const control = page.getByRole("switch", { checked: true }).first();
  const track = await control.boundingBox();
  const knob = await control.locator(".knob").boundingBox();
  assert.ok(knob.x > track.x && knob.x < track.x + track.width / 2, "on is on the left");
});
