import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { home } from "../platform/fake/seed";
import { openWindow, textOf } from "../testing/open_window";

const file = `${home}/.config/usher/rules/documents.yaml`;

async function openForm() {
  const opened = await openWindow();
  const { fake, user } = opened;
  await user.keyboard("{Control>}2{/Control}");
  await user.click(await screen.findByRole("button", { name: /Edit .*File invoices/ }));
  const when = await screen.findByRole("group", { name: "When" });
  const guard = screen.getByRole("group", { name: "Only while" });
  const before = fake.texts.texts.get(file) ?? "";
  const saved = async () => {
    await user.keyboard("{Control>}s{/Control}");
    await waitFor(() => expect(screen.queryByText("not saved")).toBeNull());
    return fake.texts.texts.get(file) ?? "";
  };
  return { ...opened, when, guard, before, saved };
}

test("a rule is told to wait for a drive, and to act only on mains power", async () => {
  const { user, when, guard, before, saved } = await openForm();
  expect(textOf(when)).toContain("Files in its folders, as they come or change.");
  await user.selectOptions(within(when).getByRole("combobox", { name: "Wait for something else…" }), "Drive");
  await user.selectOptions(await within(when).findByRole("combobox", { name: /What else is said of/ }), "label");
  const label = await within(when).findByRole("textbox", { name: "Name of the drive" });
  await user.clear(label);
  await user.type(label, "EOS_DIGITAL, SD*{Tab}");
  await user.click(within(when).getByRole("button", { name: "unmounted" }));
  await user.selectOptions(within(guard).getByRole("combobox", { name: "Only while…" }), "Power");
  const after = await saved();
  expect(after).toContain(`  - name: File invoices
    when:
      volume: [ mounted, unmounted ]
      label: [ EOS_DIGITAL, SD* ]
    while:
      power: ac
    locations: ~/Downloads
`);
  const lines = after.split("\n");
  expect(before.split("\n").every((line) => lines.includes(line))).toBe(true);
});

test("moments of the clock are told in three ways, and what becomes of missed ones", async () => {
  const { user, when, saved } = await openForm();
  await user.selectOptions(within(when).getByRole("combobox", { name: "Wait for something else…" }), "Schedule");
  const time = await within(when).findByRole("textbox", { name: "Schedule" });
  await user.clear(time);
  await user.type(time, "18:30, 2026-12-24 09:00{Tab}");
  await user.selectOptions(within(when).getByRole("combobox", { name: /What was missed/ }), "is left out");
  const after = await saved();
  expect(after).toMatch(/when:\n {6}schedule:\n {8}at:\n {10}- "18:30"\n {10}- 2026-12-24 09:00\n/);
  expect(after).toContain("      missed: skip\n");
  await user.selectOptions(within(when).getByRole("combobox", { name: "Kind of schedule" }), "By a cron line");
  await user.selectOptions(within(when).getByRole("combobox", { name: /What was missed/ }), "is made up for once");
  const cron = await saved();
  expect(cron).toContain("      schedule: 0 9 * * 1-5\n");
  expect(cron).not.toContain("missed");
});

test("a key chord is recorded by pressing it, and Escape keeps the old one", async () => {
  const { fake, user, when, saved } = await openForm();
  await user.selectOptions(within(when).getByRole("combobox", { name: "Wait for something else…" }), "Key chord");
  await user.click(await within(when).findByRole("button", { name: "Record" }));
  await user.keyboard("{Escape}");
  expect(within(when).getByRole<HTMLInputElement>("textbox", { name: "Key chord" }).value).toBe("Ctrl+Alt+I");
  await user.click(within(when).getByRole("button", { name: "Record" }));
  await user.keyboard("{Control>}{Shift>}[KeyY]{/Shift}{/Control}");
  expect(await saved()).toContain("      hotkey: Ctrl+Shift+Y\n");
  expect(fake.hidden).toBe(0);
});

test("idleness and the battery's charge have fields of their own", async () => {
  const { user, when, guard, saved } = await openForm();
  await user.selectOptions(within(when).getByRole("combobox", { name: "Wait for something else…" }), "Idleness");
  await user.selectOptions(await within(when).findByRole("combobox", { name: "Idleness" }), "somebody is back after");
  await user.type(within(when).getByRole("textbox", { name: "How long" }), "20m{Tab}");
  await user.selectOptions(within(guard).getByRole("combobox", { name: "Only while…" }), "Battery charge");
  const above = await within(guard).findByRole("textbox", { name: /above/ });
  await user.type(above, "30{Tab}");
  await user.clear(within(guard).getByRole("textbox", { name: /below/ }));
  await user.tab();
  const after = await saved();
  expect(after).toContain("    when:\n      idle: back\n      after: 20m\n");
  expect(after).toContain("    while:\n      battery:\n        above: 30\n");
});

test("several nouns are a list, and the last one that is taken away takes the key along", async () => {
  const { user, when, before, saved } = await openForm();
  const add = () => within(when).getByRole("combobox", { name: "Wait for something else…" });
  await user.selectOptions(add(), "Start");
  await user.selectOptions(add(), "Session");
  expect(await saved()).toContain("    when: [ started, { session: unlocked } ]\n");
  await user.click(within(when).getAllByRole("button", { name: "Remove" })[0] as Element);
  await user.click(within(when).getAllByRole("button", { name: "Remove" })[0] as Element);
  expect(await saved()).toBe(before);
});

test("the session can be asked about only for what lasts", async () => {
  const { user, guard } = await openForm();
  await user.selectOptions(within(guard).getByRole("combobox", { name: "Only while…" }), "Session");
  const words = await within(guard).findByRole("group", { name: "Session" });
  expect(within(words).getAllByRole("button").map(textOf)).toEqual(["locked", "unlocked"]);
});
