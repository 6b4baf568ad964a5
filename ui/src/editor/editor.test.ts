import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { foreign } from "../platform/refusal";
import { home } from "../platform/fake/seed";
import { openWindow, textOf } from "../testing/open_window";

const file = `${home}/.config/usher/rules/documents.yaml`;

async function openEditor(rule = "File invoices") {
  const opened = await openWindow();
  await opened.user.keyboard("{Control>}2{/Control}");
  await opened.user.click(await screen.findByRole("button", { name: new RegExp(`Edit .*${rule}`) }));
  await screen.findByRole("region", { name: /Rules in/ });
  return opened;
}

const preview = () => screen.getByRole("complementary", { name: "Preview" });

test("a rule opens as a form, and beside it stands what it would do now and why it leaves the rest", async () => {
  await openEditor();
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toBe("File invoices");
  await waitFor(() => expect(textOf(preview())).toContain("It would take 2 steps. One file stays where it is."));
  // One of the two finds its name taken.
  expect(textOf(preview()).match(/The name is taken there: it gets another one/g)).toHaveLength(1);
  expect(textOf(preview())).toMatch(/EDF facture novembre.pdf/);
  expect(textOf(preview())).toMatch(/holiday\.jpg.*turned away by extension/);
});

test("a field says what is in it where that does not show, or turns the rest around", async () => {
  const { fake, user } = await openEditor();
  const notes = () => screen.queryAllByText(/characters that do not show/).map((note) => textOf(note));
  expect(notes()).toEqual([]);
  const text = fake.texts.texts.get(file) ?? "";
  const turned = text
    .replace("name: File invoices", 'name: "fdp.\u202eexe"')
    .replace("~/Downloads", '"~/\u200bDownloads"')
    .replace("extension: pdf", 'extension: "p\u2066df"')
    .replace("contains: invoice", 'contains: "in\u00advoice"')
    .replace("~/Documents/Invoices/{", "~/Documents/\u202eInvoices/{");
  fake.write(file, turned);
  const hint = "Holds characters that do not show. As it really is: ";
  await waitFor(() =>
    expect(notes()).toEqual(
      ["fdp.‹U+202E›exe", "~/‹U+200B›Downloads", "p‹U+2066›df", "in‹U+00AD›voice"]
        .concat("~/Documents/‹U+202E›Invoices/{created.year}/")
        .map((told) => hint + told),
    ),
  );
  const name = screen.getByRole("textbox", { name: "Name" });
  await user.clear(name);
  await user.type(name, "Invoices{Tab}");
  await waitFor(() => expect(notes()).toHaveLength(4));
});

test("a switch flipped in the form is one line of the file, once it is saved", async () => {
  const { fake, user } = await openEditor();
  const before = fake.texts.texts.get(file)?.split("\n") ?? [];
  await user.click(screen.getByRole("switch", { name: "Switched on" }));
  expect(fake.texts.texts.get(file)?.split("\n")).toEqual(before);
  await user.keyboard("{Control>}s{/Control}");
  await screen.findByText("Saved. The rules are running.");
  const after = fake.texts.texts.get(file)?.split("\n") ?? [];
  expect(after.filter((line) => !before.includes(line))).toEqual(["    enabled: false"]);
  expect(before.every((line) => after.includes(line))).toBe(true);
});

test("conditions and actions are added, told, turned round, moved and removed", async () => {
  const { fake, user } = await openEditor();
  const conditions = () => within(screen.getByRole("group", { name: "If" }));
  await user.selectOptions(
    conditions()
      .getAllByRole("combobox", { name: /Add a condition/ })
      .at(-1) as Element,
    "empty",
  );
  const value = conditions().getByRole<HTMLInputElement>("textbox", { name: /What .*Extension.* is told/ });
  await user.clear(value);
  await user.type(value, "pdf, txt{Tab}");
  const [not] = conditions().getAllByRole("button", { name: "not" });
  await user.click(not as Element);
  await user.click(conditions().getAllByRole("button", { name: /Move down/ })[0] as Element);
  await user.keyboard("{Control>}s{/Control}");
  await screen.findByText("Saved. The rules are running.");
  const text = fake.texts.texts.get(file) ?? "";
  expect(text).toContain("      - not extension: pdf, txt\n");
  expect(text).toContain("      - empty\n");
  expect(text.indexOf("any:")).toBeLessThan(text.indexOf("not extension"));
  expect(text).toContain("# What comes by mail and from the scanner.");
});

test("a file that another program changes is never overwritten; the user chooses", async () => {
  const { fake, user } = await openEditor();
  const name = screen.getByRole("textbox", { name: "Name" });
  await user.clear(name);
  await user.type(name, "Bills{Tab}");
  fake.write(file, "rules:\n  - name: Theirs\n    actions: [trash]\n");
  await screen.findByText("Another program has changed this file.");
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(fake.asked.some((one) => one.method === "save_rules")).toBe(true));
  expect(fake.texts.texts.get(file)).toContain("Theirs");
  await user.click(await screen.findByRole("button", { name: "Keep my draft" }));
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(fake.texts.texts.get(file)).toContain("name: Bills"));
});

test("a file that another program takes away is told, and the draft is written again or thrown away", async () => {
  const { fake, user } = await openEditor();
  await user.click(screen.getByRole("switch", { name: "Switched on" }));
  fake.lose(file);
  await screen.findByText("This file is not there any more.");
  await user.click(screen.getByRole("button", { name: "Write it again" }));
  await screen.findByText("Saved. The rules are running.");
  expect(fake.texts.texts.get(file)).toContain("    enabled: false\n");
  expect(screen.queryByText("This file is not there any more.")).toBeNull();
  await user.click(screen.getByRole("switch", { name: "Switched on" }));
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(fake.texts.texts.get(file)).toContain("    enabled: true\n"));
  fake.lose(file);
  await screen.findByText("This file is not there any more.");
  await user.click(screen.getByRole("button", { name: "Throw the draft away" }));
  await screen.findByRole("region", { name: "tidy.yaml" });
  expect(fake.texts.texts.has(file)).toBe(false);
});

test("what is being typed counts, for saving and for leaving", async () => {
  const { fake, user } = await openEditor();
  const name = screen.getByRole("textbox", { name: "Name" });
  await user.clear(name);
  await user.type(name, "Bills{Control>}s{/Control}");
  await waitFor(() => expect(fake.texts.texts.get(file)).toContain("name: Bills"));
  expect(document.activeElement).toBe(name);
  await screen.findByText("Saved. The rules are running.");
  await user.keyboard("{Escape}");
  await user.type(name, "!{Escape}");
  expect(screen.queryByText("This draft is not saved.")).toBeNull();
  await user.keyboard("{Escape}");
  await screen.findByText("This draft is not saved.");
});

test("a draft that was not touched follows the file", async () => {
  const { fake } = await openEditor();
  fake.write(file, "rules:\n  - name: Theirs\n    actions: [trash]\n");
  await waitFor(() => expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toBe("Theirs"));
});

test("the preview is about a rule that is there: of rules that were taken out, none is shown", async () => {
  const { fake } = await openEditor("Name and sort scans");
  await waitFor(() => expect(textOf(preview())).toContain("It would take 4 steps."));
  const text = fake.texts.texts.get(file) ?? "";
  fake.write(file, text.slice(0, text.indexOf("  - name: Name and sort scans")));
  await waitFor(() => expect(textOf(preview())).toContain("It would take 2 steps."));
  const last = fake.asked.filter((one) => one.method === "preview").at(-1);
  expect(last?.params).toMatchObject({ rule: 0 });
  fake.write(file, "rules: []\n");
  await waitFor(() => expect(textOf(preview())).not.toContain("It would take"));
  expect(preview().getAttribute("aria-busy")).toBe("false");
});

test("a file that was begun and not touched is left without a question", async () => {
  const { user } = await openWindow();
  await user.keyboard("{Control>}2{/Control}");
  await user.click(await screen.findByRole("button", { name: "New rule" }));
  await screen.findByRole("switch", { name: "Switched on" });
  await user.keyboard("{Escape}");
  await screen.findByRole("region", { name: "tidy.yaml" });
  await user.click(await screen.findByRole("button", { name: "New rule" }));
  await user.click(await screen.findByRole("switch", { name: "Switched on" }));
  await user.keyboard("{Escape}");
  await screen.findByText("This draft is not saved.");
});

test("leaving asks before a draft is thrown away", async () => {
  const { user } = await openEditor();
  await user.click(screen.getByRole("switch", { name: "Switched on" }));
  await user.keyboard("{Escape}");
  await screen.findByText("This draft is not saved.");
  await user.click(screen.getByRole("button", { name: "Throw the draft away" }));
  await screen.findByRole("region", { name: "tidy.yaml" });
});

test("a file with a mistake opens as source, with the mistake by line and no preview", async () => {
  const { user } = await openWindow();
  await user.keyboard("{Control>}2{/Control}");
  const card = await screen.findByRole("region", { name: "tidy.yaml" });
  await user.click(within(card).getByRole("button", { name: "Edit" }));
  const problems = await screen.findByRole("list", { name: "Mistakes and warnings" });
  expect(textOf(problems)).toMatch(/6:9.*no filter called `lastmodifed`.*Did you mean/);
  expect(textOf(preview())).toContain("As soon as the mistakes are mended");
});

test("a new rule is a file of its own, switched off, and code in it is not run unasked", async () => {
  const { fake, user } = await openWindow();
  await user.keyboard("{Control>}2{/Control}");
  await user.click(await screen.findByRole("button", { name: "New rule" }));
  const on = await screen.findByRole("switch", { name: "Switched on" });
  expect(on.getAttribute("aria-checked")).toBe("false");
  await user.keyboard("{Control>}s{/Control}");
  await waitFor(() => expect(fake.texts.texts.has(`${home}/.config/usher/rules/rules.yaml`)).toBe(true));
});

/** The parts of a rule's form from top to bottom, each by the mark of its place. */
const part = (place: string) => {
  const found = document.querySelector<HTMLElement>(`[data-part='${place}']`);
  if (!found) throw new Error(`nothing stands at ${place}`);
  return found;
};
const gripOf = (place: string) => part(place).querySelector<HTMLElement>("[data-grip]") as HTMLElement;

test("keys carry a condition past another, into a group and out again, and say where it is", async () => {
  const { fake, user } = await openEditor();
  const before = fake.texts.texts.get(file);
  const said = () => textOf(document.querySelector("[aria-live=polite].unseen"));
  gripOf('["rules",0,"filters",0]').focus();
  await user.keyboard("{Alt>}{ArrowRight}{/Alt}");
  await waitFor(() => expect(said()).toBe("Now at place 1 of 3 in a group"));
  expect(document.activeElement).toBe(gripOf('["rules",0,"filters",0,"any",0]'));
  await user.keyboard("{Alt>}{ArrowDown}{/Alt}");
  await waitFor(() => expect(said()).toBe("Now at place 2 of 3 in a group"));
  await user.keyboard("{Alt>}{ArrowLeft}{/Alt}");
  await waitFor(() => expect(said()).toBe("Now at place 2 of 2"));
  expect(document.activeElement).toBe(gripOf('["rules",0,"filters",1]'));
  await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
  await waitFor(() => expect(said()).toBe("Now at place 1 of 2"));
  expect(screen.queryByText("not saved")).toBeNull();
  expect(fake.texts.texts.get(file)).toBe(before);
});

test("the pointer drags a condition into a group; an action is never dropped among the conditions", async () => {
  const { fake, user } = await openEditor();
  const grip = gripOf('["rules",0,"filters",0]');
  grip.setPointerCapture = () => undefined;
  let below: Element | null = null;
  document.elementFromPoint = () => below;
  const drag = (from: HTMLElement, to: Element) => {
    from.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, pointerId: 1 }));
    below = to;
    from.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientY: 5 }));
    from.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
  };
  const action = gripOf('["rules",0,"actions",0]');
  action.setPointerCapture = () => undefined;
  drag(action, part('["rules",0,"filters",1,"any",1]'));
  expect(screen.queryByText("not saved")).toBeNull();
  drag(grip, part('["rules",0,"filters",1,"any",1]'));
  await screen.findByText("not saved");
  await user.keyboard("{Control>}s{/Control}");
  await screen.findByText("Saved. The rules are running.");
  expect(fake.texts.texts.get(file)).toContain(`      - any:
          - filecontent: (?i)invoice|facture
          - name: { contains: invoice }
          # Only what is finished
          - extension: pdf
`);
});

test("folders are chosen in the system's dialog, written as rules write them, and none chosen changes nothing", async () => {
  const { fake, user } = await openEditor();
  const places = within(screen.getByRole("group", { name: "Folders to look in" }));
  await user.click(places.getAllByRole("button", { name: "Choose a folder…" })[0] as Element);
  expect(fake.picking.at(-1)?.begin).toBe(`${home}/Downloads`);
  expect(screen.queryByText("not saved")).toBeNull();
  fake.picks = [`${home}/Mail`, "/media/ada/USB"];
  await user.click(places.getAllByRole("button", { name: "Choose a folder…" })[0] as Element);
  await screen.findByDisplayValue("~/Mail");
  await user.click(places.getAllByRole("button", { name: "Choose a folder…" }).at(-1) as Element);
  await screen.findByDisplayValue("/media/ada/USB");
  await user.keyboard("{Control>}s{/Control}");
  await screen.findByText("Saved. The rules are running.");
  expect(fake.texts.texts.get(file)).toContain("    locations: [ ~/Mail, /media/ada/USB ]\n");
});

test("a folder that no rule can name is refused with what to do, and the field keeps its folder", async () => {
  const { fake, user } = await openEditor();
  fake.picks = [{ code: "refused", message: foreign("the path is not text"), hint: foreign("rename it") }];
  await user.click(screen.getAllByRole("button", { name: "Choose a folder…" })[0] as Element);
  await screen.findByText("the path is not text");
  expect(screen.getByText("rename it")).toBeTruthy();
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Folder 1" }).value).toBe("~/Downloads");
});

test("a template is offered what this rule has, and takes it where the cursor is", async () => {
  const { fake, user } = await openEditor();
  const actions = within(screen.getByRole("group", { name: "Then" }));
  await user.selectOptions(actions.getByRole("combobox", { name: /Add an action/ }), "rename");
  const field = await screen.findByDisplayValue<HTMLInputElement>("{path.stem}{path.suffix}");
  const chips = within(within(part('["rules",0,"actions",1]')).getByRole("group", { name: "Put in" }));
  expect(chips.getByRole("button", { name: "{extension}" })).toBeTruthy();
  expect(chips.queryByRole("button", { name: "{size.decimal}" })).toBeNull();
  field.setSelectionRange(11, 11);
  await user.click(chips.getByRole("button", { name: "{now().year}" }));
  await screen.findByDisplayValue("{path.stem}{now().year}{path.suffix}");
  expect(document.activeElement).toBe(field);
  await waitFor(() => expect(field.selectionStart).toBe("{path.stem}{now().year}".length));
  await user.keyboard("{Control>}s{/Control}");
  await screen.findByText("Saved. The rules are running.");
  expect(fake.texts.texts.get(file)).toContain('rename: "{path.stem}{now().year}{path.suffix}"\n');
});

test("what a field is told by name is offered them when asked, and a folder what an event brings", async () => {
  const { fake, user } = await openEditor();
  const dest = "actions:\n      - move: { dest: ~/Pictures/, on_conflict: skip }\n";
  fake.write(file, `rules:\n  - name: Camera\n    when: { volume: mounted }\n    locations: [DCIM]\n    ${dest}`);
  await screen.findByDisplayValue("DCIM");
  await user.click(screen.getByRole("button", { name: /What can be put into .*Folder 1/ }));
  screen.getByDisplayValue<HTMLInputElement>("DCIM").setSelectionRange(0, 0);
  await user.click(screen.getByRole("button", { name: "{volume.path}" }));
  await screen.findByDisplayValue("{volume.path}DCIM");
  const moved = within(part('["rules",0,"actions",0]'));
  const [offer, ...others] = moved.getAllByRole("button", { name: /What can be put into/ });
  expect(others).toEqual([]);
  await user.click(offer as Element);
  expect(offer?.getAttribute("aria-expanded")).toBe("true");
  await user.click(moved.getByRole("button", { name: "{path.name}" }));
  await screen.findByDisplayValue("~/Pictures/{path.name}");
});

test("what was changed outside while the owner did not answer is seen once it does", async () => {
  const { fake } = await openEditor();
  fake.link(false);
  fake.write(file, "rules:\n  - name: Meanwhile\n    locations: [~/Mail]\n    actions: [delete]\n");
  fake.link(true);
  await screen.findByDisplayValue("Meanwhile");
});
