// What people do in the window, from the first key to the last, in a real browser over the fake owner.

import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import { begin, settled } from "./window.mjs";

const { page, open, thrown, end } = await begin();
after(end);
afterEach(() => assert.deepEqual(thrown, [], "the page threw something"));

const button = (name, within = page) => within.getByRole("button", { name, exact: true });
const said = (text) => page.getByText(text, { exact: true }).first().waitFor();
const row = (name) => page.getByRole("row").filter({ hasText: name });
const onFake = (deed, what) => page.evaluate(deed, what);
/** The methods the owner was asked for, in order. */
const asked = () => onFake(() => globalThis.fake.asked.map((one) => one.method));

test("a rule is written in the form, previewed, and switched on", async () => {
  await open({ scene: "calm" });
  await page.keyboard.press("Control+2");
  await button("New rule").click();
  await page.getByLabel("Name").fill("Scans to their folder");
  await page.getByLabel("Folder 1").fill("~/Downloads");
  await page.getByLabel("Folder 1").press("Tab");
  await page.getByLabel("Add an action…").selectOption("move");
  await page.locator('[data-part*="actions"] input').last().fill("~/Documents/Scans/");
  await page.keyboard.press("Tab");
  const preview = page.getByRole("complementary", { name: "Preview" });
  await preview.getByText("It would take").waitFor();
  await preview.getByText("~/Documents/Scans/").first().waitFor();
  assert.ok(!(await asked()).includes("save_rules"), "a preview writes nothing");
  await page.getByRole("switch", { name: "Switched on" }).click();
  await page.keyboard.press("Control+s");
  await said("Saved. The rules are running.");
  const text = await onFake(() => [...globalThis.fake.texts.texts.values()].at(-1));
  assert.match(text, /name: Scans to their folder/);
  assert.match(text, /- move: ~\/Documents\/Scans\//);
  await button("Back to the rules").click();
  const control = page.getByRole("switch", { name: /Scans to their folder/ });
  await control.waitFor();
  assert.equal(await control.getAttribute("aria-checked"), "true");
});

test("a file arrives, shows in the activity, and is put back after a look at what that does", async () => {
  await open({ scene: "calm" });
  await row("EDF facture novembre.pdf").waitFor();
  await onFake(() => globalThis.fake.arrive("water invoice.pdf"));
  await button("Undo", row("water invoice.pdf")).click();
  const ask = page.getByRole("status").filter({ hasText: "One step would be taken back" });
  await ask.getByText("water invoice.pdf").waitFor();
  assert.ok(!(await asked()).includes("undo"), "a preview takes nothing back");
  await button("Undo", ask).click();
  await page.getByRole("status").filter({ hasText: "Undone." }).waitFor();
  await row("water invoice.pdf").getByText("Undone", { exact: true }).waitFor();
});

test("a file that is broken outside shows its mistake with line and column", async () => {
  await open({ scene: "calm" });
  await page.keyboard.press("Control+2");
  await onFake(() => {
    const [file] = globalThis.fake.texts.texts.keys();
    globalThis.fake.write(file, "rules:\n  - locations: ~/Downloads\n    filters:\n      - extention: pdf\n");
  });
  await said("There is no filter called `extention`.");
  await said("documents.yaml:4:9");
  await said("Did you mean `extension`?");
  await page.getByText("An older version is running.").first().waitFor();
});

test("a brake is answered, and is gone", async () => {
  await open();
  const question = page.getByRole("listitem").filter({ hasText: "wants to act on 1412 more files" });
  await button("Go on", question).click();
  await question.waitFor({ state: "detached" });
  const [answer] = await onFake(() => globalThis.fake.asked.filter((one) => one.method === "answer"));
  assert.deepEqual(answer.params, { question: 1, yes: true });
});

test("the palette finds, opens and commands by keyboard alone", async () => {
  await open({ scene: "calm" });
  await row("EDF facture novembre.pdf").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("wedding");
  await page
    .getByRole("option", { name: /wedding menu\.pdf/ })
    .first()
    .waitFor();
  await page.keyboard.press("Enter");
  await page.locator("[data-key^=step-]:focus", { hasText: "wedding menu.pdf" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("pause for");
  await page.keyboard.press("Enter");
  await page.locator(".pill", { hasText: "Paused" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("resume");
  await page.keyboard.press("Enter");
  await page.locator(".pill", { hasText: "Watching" }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("x");
  await page.keyboard.press("Escape");
  assert.equal(await onFake(() => globalThis.fake.hidden), 0, "Escape empties the field first");
  await page.keyboard.press("Escape");
  assert.equal(await onFake(() => globalThis.fake.hidden), 1);
});

test("hostile names stay text, in their order, in list and palette and why", async () => {
  await open({ scene: "hostile" });
  const name = row("<img src=x onerror=alert(1)>.pdf").first();
  await name.waitFor();
  await row("invoice‹U+202E›fdp.exe").first().waitFor();
  await row("two‹LF›lines‹TAB›and a tab.pdf").first().waitFor();
  await name.click();
  await page.keyboard.press("w");
  await page.getByRole("heading", { name: "Why?" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("onerror");
  await page
    .getByRole("option", { name: /onerror/ })
    .first()
    .waitFor();
  await settled(page);
  assert.equal(await page.locator("img").count(), 0, "a name became an element");
  const sides = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.equal(sides, 0, "a name pushes the window apart");
});
