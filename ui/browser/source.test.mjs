// The source tab in a real browser: what the text editor offers and marks, what saving writes, and what it makes of a
// file that another program changes meanwhile.

import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import { begin } from "./window.mjs";

const { page, open, thrown, end } = await begin();
after(end);
afterEach(() => assert.deepEqual(thrown, [], "the page threw something"));

const file = "/home/ada/.config/usher/rules/documents.yaml";
const onDisk = () => page.evaluate((file) => globalThis.fake.texts.texts.get(file), file);
const writeOutside = (text) => page.evaluate(({ file, text }) => globalThis.fake.write(file, text), { file, text });
const button = (name) => page.getByRole("button", { name, exact: true });
/** The text in the editor, by its lines. */
const lines = () => page.locator(".cm-line").allTextContents();
const offers = () => page.getByRole("listbox").getByRole("option");

/** Takes what is offered. A key that comes at once, before anybody can have read it, is taken for typing. */
async function takeOffer(text) {
  await offers().filter({ hasText: text }).waitFor();
  await page.waitForTimeout(150);
  await page.keyboard.press("Enter");
  await offers().first().waitFor({ state: "detached" });
}

/** Opens the source of the documents' rules. */
async function openSource() {
  await open({ scene: "calm" });
  await page.keyboard.press("Control+2");
  await page.locator("[data-edit] button").first().click();
  await page.getByRole("tab", { name: "Source" }).click();
  await page.locator(".cm-content").waitFor();
}

/** Puts the cursor behind a word of the text. */
async function goBehind(word) {
  const box = await page.locator(".cm-content").evaluate((content, word) => {
    const line = [...content.querySelectorAll(".cm-line")].find((one) => one.textContent.includes(word));
    if (!line) return null;
    let left = line.textContent.indexOf(word) + word.length;
    const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    while (walk.nextNode() && left > walk.currentNode.length) left -= walk.currentNode.length;
    const range = document.createRange();
    range.setStart(walk.currentNode, left - 1);
    range.setEnd(walk.currentNode, left);
    const { right, top, height } = range.getBoundingClientRect();
    return { x: right, y: top + height / 2 };
  }, word);
  assert.ok(box, `${word} is in the text`);
  await page.mouse.click(box.x, box.y);
}

/** The lines of a text that another does not have at the same place. */
function differing(before, now) {
  const [old, fresh] = [before.split("\n"), now.split("\n")];
  assert.equal(fresh.length, old.length, "no line comes or goes");
  return fresh.filter((line, i) => line !== old[i]);
}

test("what the schema knows is offered where it may stand, with what it means, and put in by a key", async () => {
  await openSource();
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("      - cop");
  await page.locator(".cm-completionInfo").waitFor();
  await takeOffer("copy");
  assert.equal((await lines()).at(-1), "      - copy: ");
  await page.keyboard.type("{ dest: ~/Backup/ }");
  await page.keyboard.press("Enter");
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("Shift+Tab");
  await page.keyboard.type("- name: Third");
  await page.keyboard.press("Enter");
  await page.keyboard.type("targ");
  await takeOffer("targets");
  await page.keyboard.press("Control+Space");
  await offers().filter({ hasText: "dirs" }).waitFor();
  assert.deepEqual(await offers().allTextContents(), ["dirs", "files"]);
});

test("a mistake is marked where it stands, told under the pointer and in the list, and gone when mended", async () => {
  await openSource();
  await goBehind("- extension");
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("Backspace");
  await page.keyboard.type("xyz");
  await page.keyboard.press("Escape");
  const marked = page.locator(".cm-lintRange-error");
  await marked.waitFor();
  assert.equal(await marked.textContent(), "extensxyz");
  assert.equal(await page.locator(".cm-gutter-lint .cm-lint-marker-error").count(), 1);
  await marked.hover();
  await page.locator(".cm-tooltip .cm-diagnostic", { hasText: "There is no filter called `extensxyz`." }).waitFor();
  await page.mouse.move(0, 0);

  await page.keyboard.press("Control+Home");
  await page
    .getByRole("list", { name: "Mistakes and warnings" })
    .getByRole("button", { name: /There is no filter/ })
    .click();
  assert.equal(await page.locator(".cm-activeLine").textContent(), "      - extensxyz: pdf", "the list leads there");
  await goBehind("extensxyz");
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("Backspace");
  await page.keyboard.type("ion");
  await page.keyboard.press("Escape");
  await marked.waitFor({ state: "detached" });
  await page.getByText("It would take").waitFor();
});

test("a text with a mistake in it is saved by a button that says so, and the older rules go on running", async () => {
  await openSource();
  await goBehind("- move");
  await page.keyboard.type("xyz");
  await page.keyboard.press("Escape");
  await page.locator(".cm-lintRange-error", { hasText: "movexyz" }).waitFor();
  await button("Save with mistakes").click();
  await page.getByText("Saved. The last version without mistakes goes on running.").waitFor();
});

test("saving a word that was changed changes one line, and keeps every comment", async () => {
  await openSource();
  const before = await onDisk();
  await goBehind("extension: pdf");
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("Backspace");
  await page.keyboard.type("odt");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+s");
  await page.getByText("Saved. The rules are running.").waitFor();
  assert.deepEqual(differing(before, await onDisk()), ["      - extension: odt"]);
});

test("a switch flipped in the form is one line more in the source, and one changed line when flipped again", async () => {
  await openSource();
  const before = await onDisk();
  const flip = async () => {
    await page.getByRole("tab", { name: "Form" }).click();
    await page.getByRole("switch", { name: "Switched on" }).click();
    await page.getByRole("tab", { name: "Source" }).click();
    await page.locator(".cm-content").waitFor();
  };
  await flip();
  const off = (await lines()).join("\n");
  const added = off.split("\n").filter((line) => !before.split("\n").includes(line));
  assert.deepEqual(added, ["    enabled: false"]);
  await flip();
  const on = (await lines()).join("\n");
  assert.ok(on === before || differing(off, on).join() === "    enabled: true", on);
});

test("a file changed outside is followed while nothing was written, and asked about once something was", async () => {
  await openSource();
  const theirs = (await onDisk()).replace("File invoices", "File bills");
  await writeOutside(theirs);
  await page.locator(".cm-line", { hasText: "- name: File bills" }).waitFor();

  await goBehind("extension: pdf");
  await page.keyboard.type("x");
  await page.keyboard.press("Escape");
  const draft = await lines();
  await writeOutside(theirs.replace("File bills", "File letters"));
  const alert = page.getByRole("alert").filter({ hasText: "Another program has changed this file." });
  await alert.waitFor();
  assert.deepEqual(await lines(), draft, "the draft stays as it is");
  assert.match(await onDisk(), /File letters/, "and so does the file");

  await button("Keep my draft").click();
  await alert.waitFor({ state: "detached" });
  await page.keyboard.press("Control+s");
  await page.getByText("Saved. The rules are running.").waitFor();
  assert.equal(await onDisk(), draft.join("\n"));

  await goBehind("File bills");
  await page.keyboard.type("!");
  await writeOutside(theirs.replace("File bills", "File receipts"));
  await button("Take the new file").click();
  await page.locator(".cm-line", { hasText: "- name: File receipts" }).waitFor();
  assert.equal((await lines()).join("\n"), await onDisk());
});
