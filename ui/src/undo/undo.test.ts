import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { Request } from "../api/Request";
import { scenes } from "../platform/fake/scenes";
import { before, home, run, step } from "../platform/fake/seed";
import { lineOf, openWindow, textOf } from "../testing/open_window";
import { beginOf } from "./begin";

const undone = (fake: { asked: Request[] }) => fake.asked.filter((one) => one.method === "undo");

test("before an undo stands what it would do and what it would leave, and free names can be taken", async () => {
  const { fake, user } = await openWindow((fake) => scenes["taken"]?.(fake));
  await screen.findByText("Name and sort scans", { selector: "bdi" });
  await user.click(screen.getByRole("button", { name: "Undo all 4 steps" }));
  const plan = (await screen.findByText("2 steps would be taken back:")).closest("[role=row]") as HTMLElement;
  expect(textOf(plan)).toContain("2 steps would be left as they are:");
  expect(textOf(plan)).toContain("~/Desktop/2026-11-21 scan0007.pdf is taken by something else now");
  expect(undone(fake)).toEqual([]);
  await user.click(within(plan).getByRole("button", { name: "Use free names" }));
  expect(await screen.findByText("4 steps would be taken back:")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(screen.queryByText("4 steps would be taken back:")).toBeNull();
  expect(undone(fake)).toEqual([]);
});

test("an undo that runs a command shows it, and one that only takes something away says so", async () => {
  const at = before(Date.now(), 60_000);
  const files = { from: `${home}/a.pdf`, to: `${home}/copy/a.pdf` };
  const steps = [
    step({ id: 901, run: 900, step: 0, at, action: "copy", ...files }),
    step({ id: 902, run: 900, step: 1, at, action: "shell", from: `${home}/a.pdf` }),
  ];
  const { user } = await openWindow((fake) => {
    fake.journal.write(run({ id: 900, started: at, steps }));
    fake.journal.commands.set(902, ["rm '<b>a.bak</b>'"]);
    fake.journal.makers.add(901);
  });
  await user.click(await screen.findByRole("button", { name: "Undo all 2 steps" }));
  const plan = (await screen.findByText("2 steps would be taken back:")).closest("[role=row]");
  expect(textOf(plan)).toContain("a.pdf is taken away again");
  expect(textOf(plan)).toContain("Runs the command rm '<b>a.bak</b>'");
});

test("a preview follows what happens meanwhile", async () => {
  const { fake, user } = await openWindow();
  await user.click(within(await lineOf("EDF facture novembre.pdf")).getByRole("button", { name: "Undo" }));
  await screen.findByText("One step would be taken back:");
  fake.journal.taken.add(330);
  fake.arrive("another.pdf");
  expect(await screen.findByText("Nothing of this can be taken back now.")).toBeTruthy();
  await user.keyboard("{Escape}");
  expect(fake.hidden).toBe(0);
});

test("what one rule did since a moment is previewed, taken back and shown", async () => {
  const { fake, user } = await openWindow((fake) => scenes["taken"]?.(fake));
  await user.keyboard("{Control>}2{/Control}");
  await user.click(await screen.findByRole("button", { name: /Undo what .*Name and sort scans.* did/ }));
  const dialog = screen.getByRole("dialog", { name: /Undo what .*Name and sort scans.* did/ });
  await user.keyboard("{Control>}4k{/Control}");
  expect(screen.queryByRole("region", { name: "Settings" }), "what lies under the dialog hears no keys").toBeNull();
  expect(screen.queryByRole("listbox")).toBeNull();
  await user.selectOptions(within(dialog).getByRole("combobox", { name: "Since" }), "the beginning");
  await within(dialog).findByText("2 steps would be taken back:");
  expect(textOf(dialog)).toContain("2 steps would be left as they are:");
  expect(undone(fake)).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Undo" }));
  await within(dialog).findByText("2 steps undone.");
  const [asked] = undone(fake);
  expect(asked?.params).toMatchObject({ what: "since", rule: "scans", rename: false });
  await user.click(within(dialog).getByRole("button", { name: "Show" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await screen.findByRole("treegrid");
});

test("a span without anything in it says so, and a moment can be chosen", async () => {
  const { fake, user } = await openWindow((fake) => {
    fake.journal.runs = fake.journal.runs.filter((run) => run.id < 206);
  });
  await user.keyboard("{Control>}k{/Control}undo everything{Enter}");
  const dialog = await screen.findByRole("dialog", { name: "Undo what was done" });
  await user.selectOptions(within(dialog).getByRole("combobox", { name: "Since" }), "an hour ago");
  await within(dialog).findByText("Nothing was done since then that could be taken back.");
  expect(within(dialog).getByRole<HTMLButtonElement>("button", { name: "Undo" }).disabled).toBe(true);
  await user.selectOptions(within(dialog).getByRole("combobox", { name: "Since" }), "another moment");
  await within(dialog).findByText("Choose a moment.");
  const field = within(dialog).getByLabelText("another moment");
  await user.type(field, "2020-01-02T03:04");
  await user.tab();
  await within(dialog).findByText(/steps? would be taken back:/);
  const since = new Date("2020-01-02T03:04").toISOString();
  const params = { what: "since", since, rule: null, rename: false };
  expect(fake.asked).toContainEqual({ method: "preview_undo", params });
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("spans begin where their names say", () => {
  const now = new Date(2026, 10, 26, 15, 30).getTime();
  const local = (day: number, hour = 0, minute = 0) => new Date(2026, 10, day, hour, minute).toISOString();
  expect(beginOf("hour", now)).toBe(local(26, 14, 30));
  expect(beginOf("today", now)).toBe(local(26));
  expect(beginOf("yesterday", now)).toBe(local(25));
  expect(beginOf("week", now)).toBe(local(19));
  expect(beginOf("ever", now)).toBe("1970-01-01T00:00:00.000Z");
});

test("redo, too, says what it would do before it does", async () => {
  const { fake, user } = await openWindow();
  const from = within(await lineOf("EDF facture novembre.pdf")).getByRole("button", { name: "Undo" });
  await user.click(from);
  await screen.findByText("One step would be taken back:");
  await user.keyboard("{Enter}");
  await screen.findByText("Undone.");
  await user.keyboard("{Control>}k{/Control}redo");
  await user.keyboard("{Enter}");
  const plan = (await screen.findByText("One step would be done again:")).closest("[role=row]");
  expect(textOf(plan)).toContain("EDF facture novembre.pdf");
  expect(undone(fake)).toHaveLength(1);
  await user.keyboard("{Enter}");
  await waitFor(() => expect(undone(fake)).toHaveLength(2));
  expect(fake.journal.runs[0]?.kind).toBe("redo");
});
