// What moves in the window stands still for whoever has asked the system for that.

import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import { begin, settled } from "./window.mjs";

const { page, open, thrown, end } = await begin();
after(end);
afterEach(() => assert.deepEqual(thrown, [], "the page threw something"));

/** Has the page write down what begins to move, by its property or its animation. */
const watchMotion = () =>
  page.evaluate(() => {
    globalThis.moved = [];
    for (const kind of ["transitionrun", "animationstart"]) {
      document.addEventListener(
        kind,
        (event) => globalThis.moved.push(event.propertyName ?? event.animationName),
        true,
      );
    }
  });

/** Everything that moves now, also inside the text editor. */
const moving = () =>
  page.evaluate(() => {
    const editor = document.querySelector("[data-takes-letters]")?.shadowRoot;
    const running = [...document.getAnimations(), ...(editor?.getAnimations() ?? [])];
    return running.map((one) => one.animationName ?? one.transitionProperty);
  });

/** Does what has something move: flips a switch, points at a button, has a rule run, writes in the source. */
async function stir(reducedMotion) {
  await page.emulateMedia({ reducedMotion });
  await open({ scene: "calm" });
  await watchMotion();
  await page.keyboard.press("Control+2");
  await page.getByRole("switch").first().click();
  await page.getByRole("button", { name: /^Run / }).first().click();
  await page.getByRole("button", { name: "Do it" }).waitFor();
  await page.evaluate(() => (globalThis.fake.holds = "run"));
  await page.getByRole("button", { name: "Do it" }).click();
  await page.locator(".turning").waitFor();
  const turning = await moving();
  await page.locator(".progress button").hover();
  await page.locator(".progress button").click();
  await page.locator(".turning").waitFor({ state: "detached" });
  await page.locator("[data-edit] button").first().click();
  await page.getByRole("tab", { name: "Source" }).click();
  await page.locator(".cm-content").focus();
  await settled(page);
  const writing = await moving();
  return { turning, writing, moved: await page.evaluate(() => globalThis.moved) };
}

test("nothing moves where reduced motion is asked for", async () => {
  assert.deepEqual(await stir("reduce"), { turning: [], writing: [], moved: [] });
});

test("where it is not, a switch slides, what goes on turns, a button takes its colour softly, a cursor blinks", async () => {
  const { turning, writing, moved } = await stir("no-preference");
  assert.ok(turning.includes("turning"), turning.join());
  assert.ok(writing.includes("cm-blink"), writing.join());
  assert.ok(moved.includes("left"), moved.join());
  assert.ok(moved.includes("background-color"), moved.join());
});
