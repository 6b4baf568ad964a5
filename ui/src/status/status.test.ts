import { screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { Notice } from "../api/Notice";
import type { RunLine } from "../api/RunLine";
import { scenes } from "../platform/fake/scenes";
import { openWindow, textOf } from "../testing/open_window";
import { foreign } from "../platform/refusal";
import type { Sentence } from "../api/Sentence";

const eventOf = (source: string, kind: string, path: string | null, detail: Sentence | null = null): Notice => ({
  type: "event",
  at: new Date().toISOString(),
  event: { source, kind, path, detail, facts: null },
});

async function openStatus(prepare?: Parameters<typeof openWindow>[0]) {
  const opened = await openWindow(prepare);
  await opened.user.keyboard("{Control>}3{/Control}");
  await screen.findByRole("region", { name: "Status" });
  return opened;
}

test("folders tell how well they are seen, and why not better", async () => {
  await openStatus();
  const folders = screen.getByRole("region", { name: "Folders" });
  const [downloads, desktop, scanner, camera] = within(folders).getAllByRole("listitem").map(textOf);
  expect(downloads).toMatch(/~\/Downloads.*Watching.*38 folders within.*File invoices, Throw old downloads away/);
  expect(downloads).not.toMatch(/dropped events/);
  expect(desktop).toMatch(/The system dropped events, and everything was looked at again: .*yesterday/i);
  expect(scanner).toMatch(/Looking regularly.*network folder/);
  expect(camera).toMatch(/Not there.*The drive is not connected.*No event yet/);
});

test("what rules wait for of the machine, the clock and the keys tells how it is", async () => {
  await openStatus();
  const machine = screen.getByRole("region", { name: "Machine" });
  const [drives, power, session, clock, chords, ...rest] = [...(machine.querySelector(".card")?.children ?? [])].map(
    textOf,
  );
  expect(drives).toMatch(/Drives.*BACKUP.* at .*Watching.*Import the camera/);
  expect(power).toMatch(/Power.*on mains power, 96 %/);
  expect(session).toMatch(/Session.*Not available here.*systemd-logind does not run/);
  expect(clock).toMatch(/Clock .*, .\d\d:\d\d. · in 2 days · Throw old downloads away/);
  expect(chords).toMatch(/Key chords.*Ctrl\+Alt\+I.*Import the camera/);
  expect(rest).toEqual([]);
});

test("pausing asks for the time chosen, and resuming ends it", async () => {
  const { fake, user } = await openStatus((fake) => scenes["calm"]?.(fake));
  await user.click(screen.getByRole("button", { name: "For 1 hour" }));
  expect(await screen.findByText(/^Until .* noted and handled then\.$/)).toBeTruthy();
  expect(fake.asked.at(-1)).toEqual({ method: "pause", params: { for: "seconds", seconds: 3600 } });
  await user.click(screen.getByRole("button", { name: "Resume" }));
  await user.click(await screen.findByRole("button", { name: "Until I resume" }));
  expect(await screen.findByText(/^Until you resume/)).toBeTruthy();
  expect(screen.getByText("Paused", { selector: ".pill" })).toBeTruthy();
});

test("a chord that does not open the window is told, here and in the settings, until it does", async () => {
  const { fake, user } = await openStatus((fake) => scenes["clash"]?.(fake));
  expect(await screen.findByText(/Ctrl\+Alt\+Space is held by another program/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Open Settings" }));
  await screen.findByRole("region", { name: "Settings" });
  expect(screen.getByText(/held by another program/)).toBeTruthy();
  fake.hotkey(null);
  await vi.waitFor(() => expect(screen.queryByText(/held by another program/)).toBeNull());
});

test("events are heard only while the view is in sight, newest first", async () => {
  const { fake, user } = await openStatus();
  await waitFor(() => expect(fake.following).toBe(true));
  await user.keyboard("{Control>}1{/Control}");
  await waitFor(() => expect(fake.following).toBe(false));
  fake.tell(eventOf("files", "closed", "/home/ada/Downloads/unheard.pdf"));
  await user.keyboard("{Control>}3{/Control}");
  await user.click(await screen.findByRole("button", { name: /Events/ }));
  await screen.findByText(/^Listening/);
  fake.tell(eventOf("files", "closed", "/home/ada/Downloads/a.pdf"));
  fake.tell(eventOf("volume", "mounted", null, foreign("EOS_DIGITAL at /media/ada/EOS")));
  const list = await screen.findByRole("list", { name: "Events" });
  await waitFor(() => expect(within(list).getAllByRole("listitem")).toHaveLength(2));
  const [drive, file] = within(list).getAllByRole("listitem").map(textOf);
  expect(drive).toMatch(/Drive.*: .*mounted.*EOS_DIGITAL/);
  expect(file).toMatch(/Files.*: .*was written and closed.*a\.pdf/);
  await user.keyboard("{Control>}1{/Control}");
  await waitFor(() => expect(fake.following).toBe(false));
});

test("an event is played: first what would come of it, then for real", async () => {
  const { fake, user } = await openStatus();
  await user.click(screen.getByRole("button", { name: /Play an event/ }));
  const sim = () => screen.getByRole<HTMLButtonElement>("button", { name: "See what would happen" });
  expect(sim().disabled).toBe(true);
  fake.picks = ["/media/ada/EOS_DIGITAL"];
  await user.click(screen.getByRole("button", { name: "Choose a folder…" }));
  await user.type(screen.getByRole("textbox", { name: /Name of the drive/ }), "EOS_DIGITAL");
  await user.click(sim());
  await screen.findByText(/It would take 2 steps\./);
  const details = { path: "/media/ada/EOS_DIGITAL", label: "EOS_DIGITAL" };
  const event = { kind: "machine", name: "volume.mounted", details };
  expect(fake.asked.at(-1)).toEqual({ method: "trigger", params: { event, simulate: true } });
  await user.click(screen.getByRole("button", { name: "Let it happen" }));
  await screen.findByText(/^Played/);
  expect(fake.asked.at(-1)).toEqual({ method: "trigger", params: { event, simulate: false } });
});

test("what an event would come to has the marks of every preview: taken names, and what no undo brings back", async () => {
  const { fake, user } = await openStatus();
  const line = {
    rule: "Import",
    rule_name: "Import",
    rule_nr: 0,
    path: "/media/ada/EOS_DIGITAL/a.jpg",
    root: "/media/ada/EOS_DIGITAL",
    note: null,
    error: null,
    irreversible: null,
    conflict: null,
  };
  const lines: RunLine[] = [
    { ...line, action: "copy", text: foreign("copy a.jpg -> ~/a 2.jpg"), conflict: "new_name" },
    { ...line, action: "delete", text: foreign("delete a.jpg"), irreversible: foreign("it is deleted for good") },
  ];
  fake.foreseen = { lines, left_out: [foreign("cannot look into DCIM: permission denied")], cut_short: true };
  await user.click(screen.getByRole("button", { name: /Play an event/ }));
  fake.picks = ["/media/ada/EOS_DIGITAL"];
  await user.click(screen.getByRole("button", { name: "Choose a folder…" }));
  await user.click(screen.getByRole("button", { name: "See what would happen" }));
  const [copied, deleted] = within(await screen.findByRole("list", { name: "Steps it would take" }))
    .getAllByRole("listitem")
    .map(textOf);
  expect(copied).toContain("The name is taken there: it gets another one");
  expect(deleted).toContain("Cannot be undone: it is deleted for good");
  expect(screen.getByText(/There is more than is shown/)).toBeTruthy();
  expect(screen.getByText(/cannot look into DCIM/)).toBeTruthy();
});

test("a rule that does not act on an event says why, beforehand and then", async () => {
  const { fake, user } = await openStatus();
  const held = { rule: "Camera", rule_name: "Camera", rule_nr: 0, text: foreign("") };
  fake.heldBack = [
    { ...held, reason: "guard", guard: "power: ac", seconds: null },
    { ...held, rule: "Backup", reason: "cooldown", guard: null, seconds: 540 },
  ];
  await user.click(screen.getByRole("button", { name: /Play an event/ }));
  fake.picks = ["/media/ada/EOS_DIGITAL"];
  await user.click(screen.getByRole("button", { name: "Choose a folder…" }));
  await user.click(screen.getByRole("button", { name: "See what would happen" }));
  const guarded = () =>
    screen.findByText((_, it) => it?.tagName === "P" && /Camera.* does not act: .*power: ac/.test(textOf(it)));
  expect(await guarded()).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Let it happen" }));
  await screen.findByText(/^Played/);
  expect(await guarded()).toBeTruthy();
  expect(
    screen.getByText((_, it) => it?.tagName === "P" && /Backup.* rests for .*540.* seconds/.test(textOf(it))),
  ).toBeTruthy();
});

test("a file's event can only be let happen", async () => {
  const { fake, user } = await openStatus();
  await user.click(screen.getByRole("button", { name: /Play an event/ }));
  await user.selectOptions(screen.getByRole("combobox", { name: "Event" }), "files.created");
  await user.type(screen.getByRole("textbox", { name: /Path/ }), "/home/ada/a.pdf");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "See what would happen" }).disabled).toBe(true);
  await user.click(screen.getByRole("button", { name: "Let it happen" }));
  const event = { kind: "file", path: "/home/ada/a.pdf" };
  await waitFor(() => expect(fake.asked.at(-1)).toEqual({ method: "trigger", params: { event, simulate: false } }));
});

test("events are asked for again when the owner is another one", async () => {
  const { fake, user } = await openStatus();
  await user.click(screen.getByRole("button", { name: /Events/ }));
  await waitFor(() => expect(fake.following).toBe(true));
  fake.link(false);
  fake.following = false;
  fake.link(true);
  await waitFor(() => expect(fake.following).toBe(true));
});

test("events that nobody told for want of an owner are heard once there is one", async () => {
  const { fake, user } = await openWindow();
  fake.up = false;
  await user.keyboard("{Control>}3{/Control}");
  await user.click(await screen.findByRole("button", { name: /Events/ }));
  await screen.findByText(/Usher does not answer/);
  fake.link(true);
  await screen.findByText(/^Listening/);
  fake.tell(eventOf("files", "closed", "/home/ada/Downloads/a.pdf"));
  const list = await screen.findByRole("list", { name: "Events" });
  await waitFor(() => expect(within(list).getAllByRole("listitem")).toHaveLength(1));
});
