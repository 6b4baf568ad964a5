import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { Fake } from "../platform/fake";
import { said } from "../platform/fake/said";
import { home } from "../platform/fake/seed";
import { openWindow, textOf } from "../testing/open_window";
import { foreign } from "../platform/refusal";
import { words } from "../words/words.svelte";

async function openRules(prepare?: Parameters<typeof openWindow>[0]) {
  const opened = await openWindow(prepare);
  await opened.user.keyboard("{Control>}2{/Control}");
  return opened;
}

test("rules show by file, in words", async () => {
  await openRules();
  const file = await screen.findByRole("region", { name: "documents.yaml" });
  const text = textOf(file);
  expect(text).toContain("File invoices");
  expect(text).toContain("~/Downloads");
  expect(text).toContain("extension pdf");
  expect(text).toContain("move to ~/Documents/Invoices/{created.year}/");
  expect(text).toMatch(/Last acted 3.min.* ago.*412 steps in all/);
});

test("a switch switches its rule", async () => {
  const { fake, user } = await openRules();
  const sw = await screen.findByRole("switch", { name: /Photos by month/ });
  expect(sw.getAttribute("aria-checked")).toBe("false");
  await user.click(sw);
  await waitFor(() => expect(sw.getAttribute("aria-checked")).toBe("true"));
  expect(fake.asked).toContainEqual({ method: "set_rule_enabled", params: { rule: "photos", enabled: true } });
});

test("a rule says what nobody here can tell", async () => {
  const asks = (fake: Fake) => {
    const nouns = fake.status.nouns.map((noun) =>
      noun.noun === "session" ? { ...noun, rules: ["File invoices"] } : noun,
    );
    fake.status = { ...fake.status, nouns };
  };
  await openRules(asks);
  const file = await screen.findByRole("region", { name: "documents.yaml" });
  const said = "Session: Not available here. systemd-logind does not run, so sleep and locks are not seen";
  expect(textOf(file).split(said)).toHaveLength(2);
});

test("a problem shows its place, its line with a caret, and what to do", async () => {
  await openRules();
  const file = await screen.findByRole("region", { name: "tidy.yaml" });
  const text = textOf(file);
  expect(text).toContain("An older version is running.");
  expect(text).toContain("There is no filter called `lastmodifed`.");
  expect(text).toContain("tidy.yaml:6:9");
  expect(text).toContain("Did you mean `lastmodified`?");
  const lines = (file.querySelector("pre")?.textContent ?? "").split("\n");
  expect(lines[0]).toContain("      - lastmodifed: { days: 30 }");
  expect(lines[1]).toBe("        ^^^^^^^^^^^");
  expect(file.querySelector("mark")?.textContent).toBe("lastmodifed");
});

test("a file opens in the user's own editor, and so does the folder", async () => {
  const { fake, user } = await openRules();
  const file = await screen.findByRole("region", { name: "tidy.yaml" });
  await user.click(within(file).getByRole("button", { name: "Open in your editor" }));
  await user.click(screen.getByRole("button", { name: "Open the rules folder" }));
  const opened = fake.asked.filter((one) => one.method === "open_rules").map((one) => one.params.file);
  expect(opened).toEqual([`${home}/.config/usher/rules/tidy.yaml`, null]);
});

test("a preview lists steps and touches nothing; a run says what was done", async () => {
  const { fake, user } = await openRules();
  await user.click(await screen.findByRole("button", { name: /Preview.*File invoices/ }));
  expect(await screen.findByText(/It would take 2 steps\./)).toBeTruthy();
  expect(fake.asked.at(-1)).toMatchObject({ method: "run", params: { rule: "invoices", simulate: true } });
  await user.click(screen.getByRole("button", { name: "Do it" }));
  expect(await screen.findByText("Done with 2 files.")).toBeTruthy();
});

test("a run shows first what it would do, and the next key has it done or puts it away", async () => {
  const { fake, user } = await openRules();
  const run = await screen.findByRole("button", { name: /Run now: .*File invoices/ });
  const runs = () => fake.asked.filter((one) => one.method === "run").map((one) => one.params.simulate);
  await user.click(run);
  await waitFor(() => expect(document.activeElement?.textContent).toContain("Do it"));
  expect(runs()).toEqual([true]);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("button", { name: "Do it" })).toBeNull());
  expect([runs(), fake.hidden]).toEqual([[true], 0]);
  await user.click(run);
  await waitFor(() => expect(document.activeElement?.textContent).toContain("Do it"));
  await user.keyboard("{Enter}");
  expect(await screen.findByText("Done with 2 files.")).toBeTruthy();
  expect(runs()).toEqual([true, true, false]);
});

test("what a run would do is told with what it leaves out, asks and cannot take back, and is counted beyond a page", async () => {
  const line = {
    rule: "invoices",
    rule_name: "invoices",
    rule_nr: 0,
    action: "delete",
    path: `${home}/a.pdf`,
    root: home,
    text: foreign("delete ~/a.pdf"),
    note: null,
    error: null,
    irreversible: foreign("deleted for good"),
    conflict: null,
  };
  const { user } = await openRules((fake) => {
    fake.foreseen = {
      lines: Array.from({ length: 60 }, () => line),
      left_out: [foreign("~/Mail cannot be read")],
      questions: [{ id: 7, text: foreign("Really delete?"), words: null }],
    };
  });
  await user.click(await screen.findByRole("button", { name: /Preview.*File invoices/ }));
  const trial = (await screen.findByText(/It would take 60 steps/)).closest(".lines");
  expect(trial?.querySelectorAll("li")).toHaveLength(50);
  const text = textOf(trial);
  for (const part of ["and 10 more", "~/Mail cannot be read", "Really delete?", "deleted for good"]) {
    expect(text).toContain(part);
  }
});

test("what stands beside a step is said in the user's language", async () => {
  const note = said("note-exists-already", { path: `${home}/b.pdf` });
  const line = {
    rule: "invoices",
    rule_name: "invoices",
    rule_nr: 0,
    action: "copy",
    path: `${home}/a.pdf`,
    root: home,
    text: said("step-noted", { step: "copy ~/a.pdf", note }),
    note,
    error: null,
    irreversible: null,
    conflict: null,
  };
  const { user } = await openRules((fake) => {
    fake.settings = { ...fake.settings, language: "fr" };
    fake.foreseen = { lines: [line] };
  });
  await user.click(await screen.findByRole("button", { name: /Aperçu.*File invoices/ }));
  expect(textOf(await screen.findByText(/existe déjà/))).toBe("copy ~/a.pdf (~/b.pdf existe déjà)");
  words.speak("en", "en");
});

test("a run that is refused says why, beside its rule", async () => {
  const { user } = await openRules();
  await user.click(await screen.findByRole("button", { name: /Run now: .*Photos by month/ }));
  expect(await screen.findByText(/Make the folder, or change the rule/)).toBeTruthy();
});

test("a run that takes long says how far it is, and is ended by a button", async () => {
  const { fake, user } = await openRules();
  await user.click(await screen.findByRole("button", { name: /Run now: .*File invoices/ }));
  const go = await screen.findByRole("button", { name: "Do it" });
  fake.holds = "run";
  await user.click(go);
  await screen.findByText("Looking through the folders…");
  const told = { type: "progress", subjects: 1200, undo: false, path: `${home}/Downloads/a.pdf` } as const;
  fake.tell({ ...told, looked: 1250, of: null });
  const progress = (await screen.findByText(/1.?200 files so far/)).closest("[role=group]") as HTMLElement;
  expect(textOf(progress)).toContain("~/Downloads/a.pdf");
  expect(within(progress).queryByRole("progressbar")).toBeNull();
  fake.tell({ ...told, looked: 1250, of: 5000 });
  const bar = await within(progress).findByRole("progressbar", { name: /How far .*File invoices.* has come/ });
  expect([bar.getAttribute("value"), bar.getAttribute("max")]).toEqual(["1250", "5000"]);
  expect(textOf(progress)).toContain("about 25 % looked through");
  await user.keyboard("{Control>}1{/Control}");
  const there = (await screen.findByText(/1.?200 files so far/)).closest("[role=group]") as HTMLElement;
  expect(textOf(there)).toContain("File invoices");
  await user.click(within(there).getByRole("button", { name: "Stop" }));
  expect(fake.asked.at(-1)).toEqual({ method: "stop_run", params: { run: null, woken: false } });
  await user.keyboard("{Control>}2{/Control}");
  expect(await screen.findByText("It was stopped before the end.")).toBeTruthy();
  expect(screen.queryByText(/files so far/)).toBeNull();
});

test("keys go from rule to rule, and preview, switch and open the one they stand on", async () => {
  const { fake, user } = await openRules();
  await screen.findByRole("region", { name: "documents.yaml" });
  (document.activeElement as HTMLElement).blur();
  const at = () => document.activeElement?.getAttribute("aria-label");
  await user.keyboard("j");
  expect(at()).toBe("File invoices");
  await user.keyboard("{ArrowDown}{ArrowDown}k");
  expect(at()).toBe("Name and sort scans");
  await user.keyboard(" ");
  await waitFor(() =>
    expect(fake.asked).toContainEqual({ method: "set_rule_enabled", params: { rule: "scans", enabled: false } }),
  );
  await user.keyboard("p");
  expect(await screen.findByText(/It would take 2 steps\./)).toBeTruthy();
  expect(at()).toBe("Name and sort scans");
  await user.keyboard("{Enter}");
  await screen.findByRole("region", { name: /Rules in/ });
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toBe("Name and sort scans");
});

test("a problem leads to its line in the source", async () => {
  const { user } = await openRules();
  const file = await screen.findByRole("region", { name: "tidy.yaml" });
  await user.click(within(file).getByRole("button", { name: /Go to line .*6/ }));
  await screen.findByRole("region", { name: /Rules in .*tidy.yaml/ });
  const line = () => {
    const root = document.querySelector(".host")?.shadowRoot;
    return root?.querySelector(".cm-activeLine")?.textContent;
  };
  await waitFor(() => expect(line()).toContain("lastmodifed"));
});

test("rules that change outside are shown as they are", async () => {
  const { fake } = await openRules();
  await screen.findByRole("region", { name: "tidy.yaml" });
  fake.tell({ type: "rules", rules: { files: fake.files.slice(0, 1) } });
  await waitFor(() => expect(screen.queryByRole("region", { name: "tidy.yaml" })).toBeNull());
});

test("what a rule has done last is fresh after each run", async () => {
  const { fake } = await openRules();
  const before = fake.asked.filter((one) => one.method === "rules").length;
  fake.arrive("one.pdf");
  fake.arrive("two.pdf");
  await waitFor(() => expect(fake.asked.filter((one) => one.method === "rules").length).toBe(before + 1));
});

test("a rule that notifies is muted and heard again", async () => {
  const { fake, user } = await openRules((fake) => {
    fake.files = fake.files.map((file) => ({
      ...file,
      rules: file.rules.map((rule) => (rule.id === "scans" ? { ...rule, actions: ["notify Filed"] } : rule)),
    }));
  });
  await user.click(await screen.findByRole("button", { name: /Show no notifications of .*Name and sort scans/ }));
  await waitFor(() => expect(fake.settings.muted_rules).toEqual(["scans"]));
  await user.click(
    await screen.findByRole("button", { name: /Show the notifications of .*Name and sort scans.* again/ }),
  );
  await waitFor(() => expect(fake.settings.muted_rules).toEqual([]));
  expect(screen.queryByRole("button", { name: /notifications of .*File invoices/ })).toBeNull();
});

test("rules are listed by folder, each where it looks, with what is wrong with their files above", async () => {
  const { fake, user } = await openRules();
  await user.click(await screen.findByRole("button", { name: "By folder" }));
  expect(screen.queryByRole("region", { name: "documents.yaml" })).toBeNull();
  const desktop = await screen.findByRole("region", { name: `${home}/Desktop` });
  const scanner = screen.getByRole("region", { name: `${home}/Documents/Scanner` });
  for (const folder of [desktop, scanner]) expect(textOf(folder)).toContain("Name and sort scans");
  expect(textOf(desktop)).not.toContain("File invoices");
  expect(screen.getByText(/no filter called `lastmodifed`/)).toBeTruthy();
  await user.click(within(scanner).getByRole("switch", { name: /Name and sort scans/ }));
  await waitFor(() =>
    expect(
      within(desktop)
        .getByRole("switch", { name: /Name and sort scans/ })
        .getAttribute("aria-checked"),
    ).toBe("false"),
  );
  await user.click(within(scanner).getByRole("button", { name: "Show in folder" }));
  expect(fake.asked.at(-1)).toEqual({ method: "reveal", params: { path: `${home}/Documents/Scanner` } });
  await user.click(screen.getByRole("button", { name: "By file" }));
  await screen.findByRole("region", { name: "documents.yaml" });
});
