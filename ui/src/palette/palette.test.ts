import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { hostileNames, scenes } from "../platform/fake/scenes";
import { before, run, step } from "../platform/fake/seed";
import { openWindow, textOf } from "../testing/open_window";

/** What the palette lists, each entry as text. */
const listed = () => screen.queryAllByRole("option").map(textOf);
const field = () => screen.getByRole<HTMLInputElement>("combobox", { name: /Find anything/ });
const current = () => textOf(screen.queryByRole("option", { selected: true }));

test("a few letters find rules, settings, folders and files, each under its name", async () => {
  const { user } = await openWindow();
  await user.keyboard("/invoic");
  await waitFor(() => expect(current()).toContain("File invoices"));
  const list = screen.getByRole("listbox");
  expect(textOf(list)).toMatch(/Rules.*File invoices.*documents\.yaml.*Files/);
  expect(listed().some((text) => text.includes("EDF facture novembre.pdf"))).toBe(true);
  await user.clear(field());
  await user.type(field(), "appear");
  await waitFor(() => expect(current()).toBe("Appearance"));
  await user.clear(field());
  await user.type(field(), "scanner");
  await waitFor(() => expect(textOf(screen.getByRole("listbox"))).toMatch(/Folders.*~\/Documents\/Scanner/));
});

test("arrows choose, Enter goes to the file's run, and the list is gone", async () => {
  const { user } = await openWindow();
  await user.keyboard("/scan0007");
  await waitFor(() => expect(current()).toContain("scan0007"));
  await user.keyboard("{ArrowDown}{ArrowUp}{Enter}");
  await waitFor(() => expect((document.activeElement as HTMLElement).dataset["key"]).toMatch(/^step-31[01]$/));
  expect(screen.queryByRole("listbox")).toBeNull();
});

test("with Ctrl, Enter shows the file in its folder", async () => {
  const { fake, user } = await openWindow();
  await user.keyboard("/hotel invoice");
  await waitFor(() => expect(current()).toContain("hotel invoice.pdf"));
  await user.keyboard("{Control>}{Enter}{/Control}");
  const params = { path: "/home/ada/Downloads/hotel invoice.pdf" };
  await waitFor(() => expect(fake.asked).toContainEqual({ method: "reveal", params }));
});

test("with Shift, Enter opens the file", async () => {
  const { fake, user } = await openWindow();
  await user.keyboard("/hotel invoice");
  await waitFor(() => expect(current()).toContain("hotel invoice.pdf"));
  await user.keyboard("{Shift>}{Enter}{/Shift}");
  const params = { path: "/home/ada/Downloads/hotel invoice.pdf" };
  await waitFor(() => expect(fake.asked).toContainEqual({ method: "open", params }));
});

test("behind > are commands alone: they pause, undo, run and switch", async () => {
  const { fake, user } = await openWindow((fake) => scenes["calm"]?.(fake));
  await user.keyboard("{Control>}k{/Control}");
  await waitFor(() => expect(field().value).toBe(">"));
  expect(listed().length).toBeGreaterThan(10);
  await user.keyboard("pause hour{Enter}");
  await screen.findByText("Paused", { selector: ".pill" });
  await user.keyboard("{Control>}k{/Control}resume");
  expect(current()).toBe("Resume");
  await user.keyboard("{Enter}");
  await screen.findByText("Watching", { selector: ".pill" });
  await user.keyboard("{Control>}k{/Control}undo last{Enter}");
  await screen.findByText("One step would be taken back:");
  expect(fake.asked.some((one) => one.method === "undo")).toBe(false);
  await user.keyboard("{Enter}");
  const target = { what: "run", run: 210, rename: false };
  await waitFor(() => expect(fake.asked).toContainEqual({ method: "undo", params: target }));
  await user.keyboard("{Control>}k{/Control}switch photos{Enter}");
  const params = { rule: "photos", enabled: true };
  await waitFor(() => expect(fake.asked).toContainEqual({ method: "set_rule_enabled", params }));
});

test("a command that has keys shows them, and a rule that was changed can be saved", async () => {
  const { fake, user } = await openWindow();
  await user.keyboard("{Control>}2{/Control}");
  await user.click((await screen.findAllByRole("button", { name: /^Edit .*File invoices/ }))[0] as HTMLElement);
  await screen.findByRole("region", { name: /Rules in/ });
  await user.keyboard("{Control>}k{/Control}");
  const keysOf = (title: string) =>
    screen
      .queryAllByRole("option")
      .find((one) => textOf(one).startsWith(title))
      ?.querySelector("kbd")?.textContent;
  await waitFor(() => expect(keysOf("Open Status")).toBe("Ctrl+3"));
  expect(listed().some((text) => text.startsWith("Save the rule"))).toBe(false);
  await user.keyboard("{Escape}");
  await user.click((await screen.findAllByRole("switch"))[0] as HTMLElement);
  await user.keyboard("{Control>}k{/Control}save");
  const found = () => within(screen.getByRole("listbox", { name: "Found" })).getByRole("option", { selected: true });
  await waitFor(() => expect(textOf(found())).toMatch(/^Save the rule\s?Ctrl\+S$/));
  await user.keyboard("{Enter}");
  await waitFor(() => expect(fake.asked.some((one) => one.method === "save_rules")).toBe(true));
});

test("Escape clears the field first and closes the window after", async () => {
  const { fake, user } = await openWindow();
  await user.keyboard("/zebra");
  await waitFor(() => expect(current()).toMatch(/Show only .*zebra/));
  await user.keyboard("{Escape}");
  expect(field().value).toBe("");
  expect(fake.hidden).toBe(0);
  await user.keyboard("{Escape}");
  expect(fake.hidden).toBe(1);
});

test("the last line narrows the activity, and that is said and undone", async () => {
  const { user } = await openWindow();
  await user.keyboard("/hotel{ArrowUp}");
  await waitFor(() => expect(current()).toMatch(/Show only .*hotel/));
  await user.keyboard("{Enter}");
  await screen.findByText(/Only runs with .*hotel/);
  await waitFor(() => expect(screen.queryByTitle(/EDF facture/)).toBeNull());
  await user.click(screen.getByRole("button", { name: "Show all" }));
  expect((await screen.findAllByTitle(/EDF facture/)).length).toBeGreaterThan(0);
});

test("of very many files only those in sight are in the page", async () => {
  const { fake, user } = await openWindow();
  const at = before(fake.now(), 0);
  const made = Array.from({ length: 150 }, (_, i) => step({ id: 9000 + i, run: 999, at, from: `/tmp/bulk ${i}.pdf` }));
  fake.journal.write(run({ id: 999, started: at, steps: made }));
  await user.keyboard("/bulk");
  await waitFor(() => expect(listed().length).toBeGreaterThan(5));
  expect(listed().length).toBeLessThan(40);
  await user.keyboard("{ArrowUp}");
  expect(screen.getByRole("listbox")).toBeTruthy();
});

test("hostile names are text in the palette too", async () => {
  const { user } = await openWindow((fake) => scenes["hostile"]?.(fake));
  await user.keyboard("/pdf");
  await waitFor(() => expect(listed().length).toBeGreaterThanOrEqual(hostileNames.length - 1));
  expect(document.querySelector("img")).toBeNull();
  expect(within(screen.getByRole("listbox")).getByTitle(/<img src=x/)).toBeTruthy();
  expect(document.body.innerHTML).not.toContain("\u202e");
});

test("what waits for the user is answered and tried again from the palette, and a rule begun", async () => {
  const { fake, user } = await openWindow();
  await user.keyboard("{Control>}k{/Control}answer yes{Enter}");
  await waitFor(() => expect(fake.asked).toContainEqual({ method: "answer", params: { question: 1, yes: true } }));
  await user.keyboard("{Control>}k{/Control}try again invoices{Enter}");
  await waitFor(() => expect(fake.asked.some((one) => one.method === "retry")).toBe(true));
  await user.keyboard("{Control>}k{/Control}event by event{Enter}");
  await screen.findByRole("region", { name: "Status" });
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-expanded")).toBe("true"));
  await user.keyboard("{Control>}k{/Control}new rule screenshots{Enter}");
  await screen.findByRole("region", { name: /Rules in .*screenshots.yaml/ });
});

test("a run that was found is taken back from the palette, after a look at what that does", async () => {
  const { fake, user } = await openWindow();
  await user.keyboard("/206");
  await waitFor(() => expect(textOf(screen.getByRole("listbox"))).toMatch(/Undo run .*206/));
  const isUndo = () => current().startsWith("Undo run");
  for (let i = 0; i < 5 && !isUndo(); i += 1) await user.keyboard("{ArrowDown}");
  await user.keyboard("{Enter}");
  await screen.findByText("4 steps would be taken back:");
  expect(fake.asked.some((one) => one.method === "undo")).toBe(false);
});

test("without the owner the commands are still there", async () => {
  const { fake, user } = await openWindow();
  fake.link(false);
  await user.keyboard("{Control>}k{/Control}open settings{Enter}");
  await screen.findByRole("region", { name: "Settings" });
});

test("a setting and a folder are led to, and stand under the focus", async () => {
  const { user } = await openWindow();
  await user.keyboard("/appear");
  await waitFor(() => expect(current()).toBe("Appearance"));
  await user.keyboard("{Enter}");
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("Appearance"));
  await user.keyboard("{Control>}1f{/Control}scanner");
  await waitFor(() => expect(textOf(screen.getByRole("listbox"))).toMatch(/Folders.*~\/Documents\/Scanner/));
  const isFolder = () => current().startsWith("~/Documents/Scanner");
  for (let i = 0; i < 5 && !isFolder(); i += 1) await user.keyboard("{ArrowDown}");
  await user.keyboard("{Enter}");
  await screen.findByRole("region", { name: "Status" });
  await waitFor(() => expect(document.activeElement?.closest("li")?.textContent).toContain("network folder"));
});
